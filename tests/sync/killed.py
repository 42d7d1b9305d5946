"""A sync in a process of its own that is killed (SIGKILL): at the n-th point, or after so many seconds.

A server process has all modules in memory and forks a child for each sync: ``python -m tests.sync.killed``.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.sync.faults import CrashPoints


class KillPoints(CrashPoints):
    """The kernel ends the process: no handler, no rollback, no farewell."""

    def point(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class Killer:
    """Starts syncs of one account and kills them."""

    def __init__(self, store: Path, account_id: int, password: str) -> None:
        self._told = {"store": str(store), "account": account_id, "password": password}
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.sync.killed"], cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait()
        self._server.stdout.close()

    def run(self, *, point: int = 0, seconds: float = 0.0) -> bool:
        """One sync, killed at the point or after the seconds, whichever is given; False when it ended before."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps({**self._told, "point": point, "seconds": seconds}) + "\n")
        self._server.stdin.flush()
        ended = int(self._server.stdout.readline() or 1)
        if ended not in (0, -signal.SIGKILL):
            raise AssertionError(f"the sync ended with {ended}")
        return ended != 0


def main() -> None:
    """Fork a child for every line told; answer with its exit status, negative when it was killed."""
    # Imported here, once: the children have them.
    from crm_tui.parsing import html, pool
    from crm_tui.sync import accounts, engine, vault

    assert all((html, pool, accounts, engine, vault))
    for line in sys.stdin:
        told = json.loads(line)
        child = os.fork()
        if child == 0:
            _sync(told)
        if told["seconds"]:
            time.sleep(told["seconds"])
            os.kill(child, signal.SIGKILL)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _sync(told: dict[str, Any]) -> None:
    """The life of a child; it never returns."""
    from crm_tui.store.engine import Store
    from crm_tui.sync.accounts import accounts
    from crm_tui.sync.credentials import Credentials
    from crm_tui.sync.engine import sync_account
    from crm_tui.sync.vault import Vault

    ended = 1
    try:
        store = Store(Path(told["store"]))
        (account,) = accounts(store, [told["account"]])
        secrets = Credentials(Vault(store.path.with_name("vault")), None, lambda name: told["password"])
        with KillPoints(told["point"]).armed():
            sync_account(store, account, secrets)
        store.close()
        ended = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(ended)


if __name__ == "__main__":
    main()
