"""Row 30: a pass that is frozen in the midst of sending keeps its account to itself, for as long as it lasts; its
late end does nothing twice, and its death sets the account free at once.

A pass holds no lease that could run out under it: it holds a lock that the kernel gives back (``only_pass``).
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crm_tui.domain.errors import Conflict
from crm_tui.sync import accounts
from crm_tui.sync.accounts import AccountResult, Connections, sync_one
from tests.servers.chaos_proxy import ChaosProxy
from tests.servers.dovecot import Dovecot
from tests.sync.world import OtherSide, OurSide, letter

KEY = "sent@x.example"
ROOT = Path(__file__).parents[2]


@contextmanager
def frozen(us: OurSide, port: int) -> Iterator[subprocess.Popen[str]]:
    """A pass of another process that stands still after its upload was sent."""
    told = {"store": str(us.path), "account": us.account.key, "port": port, "password": us.server.password}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.sync.frozen", json.dumps({**told, "marker": KEY})],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
            yield process
        finally:
            process.kill()


def try_to_sync(us: OurSide) -> AccountResult:
    return sync_one(us.store, us.account, us.credentials, Connections())


@pytest.mark.parametrize("end", ["goes on", "line lost meanwhile", "killed"])
def test_assurance_30_a_frozen_pass_sends_nothing_twice(
    dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(accounts, "OTHER_PASS_SECONDS", 0.05)
    us = OurSide(tmp_path / "crm.db", dovecot, dovecot.account("frozen"))
    us.sync()
    us.put("Sent", letter(f"<{KEY}>"))
    with ChaosProxy(("127.0.0.1", dovecot.imap_port)) as line, frozen(us, line.port) as process:
        refused = try_to_sync(us).error
        assert isinstance(refused, Conflict)
        assert refused.code == "sync_running"
        if end == "line lost meanwhile":
            line.reset_connections()
        process.send_signal(signal.SIGKILL if end == "killed" else signal.SIGCONT)
        told = process.communicate()[0].strip()
    # The answer may have reached the frozen process before its line was lost.
    assert told in ("", "connection_failed" if end == "line lost meanwhile" else "")
    assert process.returncode == (-signal.SIGKILL if end == "killed" else 0)
    for _ in range(2):
        assert try_to_sync(us).error is None
    other = OtherSide(dovecot, us.account.imap_user)
    assert [place[0] for place in other.state("Sent")[KEY]] == ["Sent"]
    assert us.state() == {KEY: [("Sent", 0)]}
    other.close()
    us.close()
