"""Row 23: a line that comes and goes, and one that swallows all, leak nothing; sync catches up after it."""

import os
import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm_tui.domain.errors import NetworkTrouble
from crm_tui.store.tables import Notification, table_of
from crm_tui.sync import plan, scheduler
from crm_tui.sync.imap import connect
from crm_tui.sync.scheduler import AccountStatus, Scheduler
from tests.servers.chaos_proxy import ChaosProxy
from tests.servers.dovecot import Dovecot
from tests.sync.world import OtherSide, OurSide, letter
from tests.waiting import eventually

FLAPS = 12


class Running:
    """A scheduler at work on one account, behind a line that can be broken."""

    def __init__(self, server: Dovecot, path: Path, line: ChaosProxy) -> None:
        self.line = line
        self.user = server.account("flapping")
        self.us = OurSide(path, server, self.user, port=line.port)
        self.heard: list[AccountStatus] = []
        self.scheduler = Scheduler(self.us.store, self.us.credentials, listener=self.heard.append)

    def listens(self) -> bool:
        return self.scheduler.status()[0].state == "listening"

    def troubles(self) -> int:
        return sum(status.state == "trouble" for status in self.heard)

    def flap(self, number: int) -> None:
        """Break the line in one of three ways until it is noticed, and mend it."""
        before, way = self.troubles(), number % 3
        self.line.refuse, self.line.black_hole = way == 1, way == 2
        if way != 2:
            self.line.reset_connections()
        else:
            self.scheduler.sync_now()
        if way:
            eventually(lambda: self.troubles() > before, "the trouble")
        self.line.refuse = self.line.black_hole = False
        self.line.reset_connections()


@pytest.fixture
def running(dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setattr(plan, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(connect, "READ_SECONDS", 1.0)  # a server on a busy machine is no broken line
    monkeypatch.setattr(connect, "CONNECT_SECONDS", 1.0)
    monkeypatch.setattr(scheduler, "QUIET_SECONDS", 0.05)
    with ChaosProxy(("127.0.0.1", dovecot.imap_port)) as line:
        made = Running(dovecot, tmp_path / "crm.db", line)
        made.scheduler.start()
        yield made
        made.scheduler.stop()
        made.us.close()


def test_assurance_23_a_flapping_line_leaks_nothing_and_sync_catches_up(
    running: Running, dovecot: Dovecot, figure: Callable[[str], None]
) -> None:
    eventually(running.listens, "IDLE")
    other = OtherSide(dovecot, running.user)
    held = (0, 0)
    for number in range(FLAPS):
        other.append("INBOX", letter(f"<{number}@x.example>"))
        running.flap(number)
        if number == 2:  # each way to break was met once: what is opened for good is open
            eventually(running.listens, "IDLE")
            held = resources()
    eventually(lambda: len(running.us.rows()) == FLAPS, "all letters")
    other.close()
    eventually(running.listens, "IDLE")
    eventually(lambda: all(now - then <= 2 for now, then in zip(resources(), held, strict=True)), "no leak")
    assert len({row.message_id for row in running.us.rows()}) == FLAPS
    with running.us.store.read() as connection:  # a person is not called for every flap
        assert connection.scalar(select(func.count()).select_from(table_of(Notification))) == 0
    figure(f"{FLAPS} breaks, {running.line.traffic.connections} connections, no thread or file left over")


def resources() -> tuple[int, int]:
    """Threads and open files of this process."""
    return threading.active_count(), len(os.listdir("/proc/self/fd"))


def test_assurance_23_the_longest_pause_without_a_line_is_a_minute() -> None:
    lost = NetworkTrouble("connection_failed", reason="test")
    for failures in (1, 2, 5, 10, 1000):
        assert plan.pause_after(failures, random.Random(failures), plan.longest_pause(lost)) <= 60
    assert plan.longest_pause(NetworkTrouble("server_refused", answer="NO")) == plan.LONGEST_PAUSE


def test_assurance_23_a_line_that_breaks_whenever_we_listen_makes_no_storm_of_passes(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crm_tui.sync.imap.session import Session

    def broken(*_arguments: object) -> bool:
        raise NetworkTrouble("connection_failed", reason="test")

    pauses: list[int] = []

    def counted(failures: int, chance: random.Random, longest: float = plan.LONGEST_PAUSE) -> float:
        pauses.append(failures)
        return 0.01 if len(pauses) < 5 else 3600.0

    eventually(running.listens, "IDLE")
    monkeypatch.setattr(Session, "idle", broken)
    monkeypatch.setattr(plan, "pause_after", counted)
    running.line.reset_connections()
    eventually(lambda: len(pauses) == 5, "longer and longer pauses")
    assert pauses == [1, 2, 3, 4, 5]
