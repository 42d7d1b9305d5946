"""A sync in a process of its own that is killed (SIGKILL) at the n-th point: ``python -m tests.sync.killed``."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.sync.model import CrashPoints


class KillPoints(CrashPoints):
    """The kernel ends the process: no handler, no rollback, no farewell."""

    def point(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def run_killed(store: Path, account_id: int, password: str, point: int) -> int:
    """Sync in a child and kill it at the point; its exit status, negative when it was killed."""
    told = json.dumps({"store": str(store), "account": account_id, "password": password, "point": point})
    done = subprocess.run(
        [sys.executable, "-m", "tests.sync.killed", told], cwd=Path(__file__).parents[2],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if done.returncode not in (0, -signal.SIGKILL):
        raise AssertionError(done.stderr)
    return done.returncode


def main(told: str) -> None:
    from crm_tui.store.engine import Store
    from crm_tui.sync.accounts import accounts
    from crm_tui.sync.credentials import Credentials
    from crm_tui.sync.engine import sync_account
    from crm_tui.sync.vault import Vault

    what = json.loads(told)
    store = Store(Path(what["store"]))
    (account,) = accounts(store, [what["account"]])
    secrets = Credentials(Vault(store.path.with_name("vault")), None, lambda name: what["password"])
    with KillPoints(what["point"]).armed():
        sync_account(store, account, secrets)
    store.close()


if __name__ == "__main__":
    main(sys.argv[1])
