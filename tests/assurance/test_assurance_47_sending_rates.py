"""Row 47: what servers answer, and when a letter is tried again: no hammering, nobody told too early or too late."""

from collections.abc import Iterator

import pytest

from tests.conftest import FixedClock
from tests.servers.breaking_sink import BreakingSink
from tests.servers.dovecot import Dovecot
from tests.sync.sending import Office, office_at

DEFERRED = ("deferred", 1)
FAILED = ("failed", 1)
WAITS = ("queued", 1)
MATRIX = [
    ("MAIL", "451 4.7.1 greylisted", DEFERRED),
    ("MAIL", "550 5.7.1 no", FAILED),
    ("RCPT", "450 4.2.0 greylisted", DEFERRED),
    ("RCPT", "421 4.7.0 too many", DEFERRED),
    ("RCPT", "452 4.2.2 full", DEFERRED),
    ("RCPT", "550 5.1.1 unknown", FAILED),
    ("RCPT", "552 5.2.2 full", FAILED),
    ("DATA", "451 4.3.0 later", DEFERRED),
    ("DATA", "554 5.7.1 no", FAILED),
    (".", "451 4.7.0 rate limit", DEFERRED),
    (".", "552 5.3.4 too large", FAILED),
    (".", "554 5.7.1 spam", FAILED),
]


@pytest.fixture(scope="module")
def sink() -> Iterator[BreakingSink]:
    with BreakingSink() as made:
        yield made


@pytest.fixture(scope="module")
def office(
    dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory, sink: BreakingSink
) -> Iterator[Office]:
    with office_at(dovecot, tmp_path_factory.mktemp("rates"), FixedClock(), sink.port) as made:
        yield made


@pytest.mark.parametrize(("command", "answer", "outcome"), MATRIX)
def test_each_refusal_has_its_consequence(
    office: Office, sink: BreakingSink, command: str, answer: str, outcome: tuple[str, int]
) -> None:
    sink.answers = {command: [answer]}
    before = len(office.told())
    waiting = office.queue(f"{command}{answer[:9]}@x.example".replace(" ", "."), ["a@x.example"])
    office.send()
    row = office.row(waiting)
    assert (row.status, row.attempts) == outcome
    assert row.results["a@x.example"] == [int(answer[:3]), answer[4:]]
    told = [code for code, _ in office.told()[before:]]
    assert told == (["letter_not_sent"] if row.status == "failed" else [])
    sink.answers = {}
    office.clock.advance(minutes=1)
    office.send()
    assert office.row(waiting).status == ("sent" if outcome is DEFERRED else "failed")


def test_only_those_put_off_are_tried_again_and_only_the_refused_are_told_of(
    office: Office, sink: BreakingSink
) -> None:
    before = len(office.told())
    sink.answers = {"RCPT": ["250 ok", "450 later", "550 5.1.1 no"]}
    waiting = office.queue("three@x.example", ["a@x.example", "b@x.example", "c@x.example"])
    office.send()
    row = office.row(waiting)
    assert (row.status, row.recipients) == ("deferred", ["b@x.example"])
    assert [facts["address"] for _, facts in office.told()[before:]] == ["c@x.example"]
    sink.commands.clear()
    office.clock.advance(minutes=1)
    office.send()
    assert sink.commands == ["MAIL", "RCPT", "DATA", "."]
    assert office.row(waiting).status == "sent"
    assert len(office.told()) == before + 1


def test_tries_are_1_5_15_60_minutes_apart_and_end_after_two_days(office: Office, sink: BreakingSink) -> None:
    waiting = office.queue("late@x.example", ["a@x.example"])
    sink.answers = {"RCPT": ["450 4.2.0 later"] * 100}
    before, tries = len(office.told()), []
    began = office.clock()
    for _ in range(52 * 60):
        met = sink.connections
        office.send()
        if sink.connections > met:
            tries.append(round((office.clock() - began).total_seconds() / 60))
        row = office.row(waiting)
        if row.status == "failed":
            break
        office.clock.now = row.next_try_at
    assert tries[:7] == [0, 1, 6, 21, 81, 141, 201]
    assert len(tries) < 60
    assert 48 * 60 <= tries[-1] < 50 * 60
    assert [code for code, _ in office.told()[before:]] == ["letter_not_sent"]
    sink.answers = {}


def test_a_server_in_trouble_sees_one_connection_for_all_letters(office: Office, sink: BreakingSink) -> None:
    keys = [office.queue(f"many{number}@x.example") for number in range(5)]
    office.account(smtp_port=1)
    assert len(office.send()) == 1
    assert office.send() == {}
    office.account(smtp_port=sink.port)
    office.clock.advance(minutes=1)
    assert len(office.send()) == 5
    assert {office.row(key).status for key in keys} == {"sent"}
