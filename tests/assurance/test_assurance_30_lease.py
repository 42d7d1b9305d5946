"""Row 30, the outbox: work longer than its lease is not done twice, and a frozen sender's late act does no harm."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.store.engine import Store
from crm_tui.store.tables import Outbox
from crm_tui.sync import outbox_claim
from crm_tui.sync.outbox import send_due
from tests.conftest import FixedClock
from tests.servers.breaking_sink import BreakingSink
from tests.servers.dovecot import Dovecot
from tests.sync.send_proof import Clock, senders
from tests.sync.sending import Office, office_at
from tests.waiting import eventually


@pytest.fixture
def sink() -> Iterator[BreakingSink]:
    with BreakingSink() as made:
        made.hold.clear()
        yield made


@pytest.fixture
def office(dovecot: Dovecot, tmp_path: Path, clock: FixedClock, sink: BreakingSink) -> Iterator[Office]:
    with office_at(dovecot, tmp_path, clock, sink.port) as made:
        yield made


def test_a_letter_that_takes_three_leases_is_sent_once(
    office: Office, sink: BreakingSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_claim, "RENEW_SECONDS", 0.01)
    waiting = office.queue()
    slow = threading.Thread(target=office.send)
    slow.start()
    sink.waits.wait(60)
    for _ in range(6):
        now = office.clock.advance(seconds=outbox_claim.LEASE.total_seconds() / 2)
        eventually(lambda now=now: office.row(waiting).claim_until > now, "the lease is renewed")
        assert office.send() == {}
    sink.hold.set()
    slow.join()
    assert (office.row(waiting).status, len(sink.kept), sink.connections) == ("sent", 1, 1)


@pytest.mark.parametrize(("held", "status"), [("DATA", "sent"), (".", "uncertain")])
def test_a_sender_that_was_frozen_finds_its_letter_gone(
    office: Office, sink: BreakingSink, held: str, status: str
) -> None:
    """Stopped (SIGSTOP) before the final dot: another sends the letter, and the late one may not. Stopped after it:
    nobody sends it again, and the late answer is the truth."""
    sink.held = held
    began = Clock(time.time())
    store = Store(office.us.path, began)
    waiting = office.queue()
    with store.facts("test") as work:
        work.change(work.get(Outbox, waiting), next_try_at=work.now, created_at=work.now)
    told = {"store": str(office.us.path), "began": began.began, "password": office.us.server.password}
    with senders() as start:
        frozen = start(told)
        assert sink.waits.wait(60)
        os.kill(frozen, signal.SIGSTOP)
        until = office.row(waiting).claim_until
        eventually(lambda: until is not None and began() > until, "the lease runs out")
        send_due(store, office.us.credentials)
        assert office.row(waiting).status == status
        sink.hold.set()
        os.kill(frozen, signal.SIGCONT)
        eventually(lambda: office.row(waiting).status == "sent", "the late answer")
        eventually(lambda: sink.connections == 2 - (held == ".") and sink.lines == 0, "the frozen line ends")
        os.kill(frozen, signal.SIGKILL)
    assert len(sink.kept) == 1
    store.close()
