"""Row 31: a frozen session that holds the gate is named, reads go on, and its end sets the others free."""

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crm_tui.domain.errors import StoreBusy
from crm_tui.store import gate
from crm_tui.store.tables import User
from crm_tui.store.work import Actor
from tests.stores import TestClock, new_store

FROZEN = """
import os, signal, sys
from pathlib import Path
from crm_tui.store.engine import Store
from crm_tui.store.tables import User
from crm_tui.store.work import Actor
store = Store(Path(sys.argv[1]))
with store.work(Actor("other"), "sync INBOX") as work:
    work.add(User(login="other", name="Other"))
    os.kill(os.getpid(), signal.SIGSTOP)
"""


def _write(store, login: str) -> None:  # type: ignore[no-untyped-def]
    with store.work(Actor("me", 1), "user.add") as work:
        work.add(User(login=login, name=login))


@pytest.mark.parametrize(
    ("end", "left"), [(signal.SIGKILL, ["late", "me"]), (signal.SIGCONT, ["late", "me", "other"])]
)
def test_assurance_31_the_holder_is_named_and_its_end_sets_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: signal.Signals, left: list[str]
) -> None:
    store = new_store(tmp_path / "store", TestClock())
    _write(store, "me")
    with subprocess.Popen([sys.executable, "-c", FROZEN, str(store.path)]) as other:
        assert os.WIFSTOPPED(os.waitpid(other.pid, os.WUNTRACED)[1])
        with monkeypatch.context() as patch:
            patch.setattr(gate, "WAIT_SECONDS", 0.2)
            with pytest.raises(StoreBusy) as caught:
                _write(store, "refused")
        assert caught.value.facts == {"pid": other.pid, "operation": "sync INBOX"}
        with store.read() as connection:
            assert connection.exec_driver_sql("SELECT login FROM user").scalars().all() == ["me"]
        other.send_signal(end)
        other.wait(60)
    _write(store, "late")
    with store.read() as connection:
        assert connection.exec_driver_sql("SELECT login FROM user ORDER BY login").scalars().all() == left


def test_assurance_31_a_session_frozen_while_it_waits_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may hold the turn for ever: the others go without it."""
    store = new_store(tmp_path / "store", TestClock())
    monkeypatch.setattr(gate, "TURN_SECONDS", 0.05)
    turn = os.open(f"{store.path}.lock.turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        _write(store, "me")
    finally:
        os.close(turn)
    with store.read() as connection:
        assert connection.exec_driver_sql("SELECT login FROM user").scalars().all() == ["me"]
