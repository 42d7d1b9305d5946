"""A delivery report that comes back is joined to the letter it is about, and its author is told."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from crm_tui.parsing.bounce import Bounce as Failure
from crm_tui.screens.letter.reader_text import Known, _not_reached
from crm_tui.services import messages
from crm_tui.services.letter import bounces
from crm_tui.services.letter.bounces import Report
from crm_tui.store.queries.bounces import Undelivered, undelivered
from crm_tui.store.tables import Bounce, Notification
from tests.conftest import FixedClock
from tests.servers.breaking_sink import BreakingSink
from tests.servers.dovecot import Dovecot
from tests.sync.sending import Office, office_at
from tests.sync.world import LETTER, OtherSide

SENT = "4f2a@x.example"


def report(about: str = "", envelope: str = "", action: str = "failed") -> bytes:
    return (
        "Message-ID: <report@mx.example>\r\nFrom: mailer-daemon@mx.example\r\nSubject: Undelivered\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n{envelope}\r\n"
        f"Final-Recipient: rfc822; a@x.example\r\nAction: {action}\r\nStatus: {'45'[action == 'failed']}.2.2\r\n"
        "Diagnostic-Code: smtp; 552 5.2.2 mailbox full\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\n{about}From: me@x.example\r\n\r\nhi\r\n--b--\r\n"
    ).encode()


@pytest.fixture(scope="module")
def office(dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with (
        BreakingSink() as sink,
        office_at(dovecot, tmp_path_factory.mktemp("b"), FixedClock(), sink.port) as made,
    ):
        made.queue(SENT, ["A@x.example"])
        made.send()
        other = OtherSide(dovecot, made.us.account.imap_user)
        for folder in ("INBOX", "Archive"):
            other.append(folder, report(f"Message-ID: <{SENT}>\r\n"))
        other.close()
        made.us.sync()
        yield made


def test_a_report_is_joined_to_its_letter_and_told_once(office: Office) -> None:
    with office.us.work() as work:
        (row,) = work.all(Bounce, address="a@x.example")
        told = [(one.code, one.facts, one.subject_kind, one.subject_id) for one in work.all(Notification)]
    assert (row.address, row.permanent, row.status, row.outbox_id) == ("a@x.example", True, "5.2.2", 1)
    ((code, facts, kind, subject_id),) = [one for one in told if one[0] == "letter_bounced"]
    assert (kind, subject_id) == ("outbox", 1)
    said = messages.of_notification(code, facts)
    assert said == "Not delivered to a@x.example: smtp; 552 5.2.2 mailbox full"
    with office.us.store.read() as connection:
        sent = connection.scalar(select(LETTER.c.id).where(LETTER.c.message_id == SENT))
        found = undelivered(connection, sent)[0]
    assert Known(undelivered=(found,)).undelivered
    assert _not_reached(found) == "could not be delivered to a@x.example: smtp; 552 5.2.2 mailbox full"


LATE = Failure("A@X.example", False, "4.4.1")


@pytest.mark.parametrize(
    ("said", "joined"),
    [
        (Report((LATE,), ("other@y.example", SENT)), True),
        (Report((LATE,), (), "4f2a"), True),
        (Report((LATE,)), True),
        (Report((Failure("b@x.example", True, ""),)), False),
        (Report((LATE,), ("other@y.example",)), False),
        (Report((LATE,), (), "4f%"), True),
    ],
)
def test_a_report_is_known_by_what_it_returns_by_its_envelope_or_by_address_and_time(
    office: Office, said: Report, joined: bool
) -> None:
    with office.us.work() as work:
        sent = bounces._letter_of(work, said)
    assert (sent is not None) == joined


def test_a_report_without_any_id_is_about_a_letter_of_this_week_only(office: Office) -> None:
    began = office.clock.now
    office.clock.advance(days=7)
    with office.us.work() as work:
        assert bounces._letter_of(work, Report((LATE,))) is None
    office.clock.now = began


def test_a_delay_is_told_as_one(office: Office) -> None:
    with office.us.work() as work:
        letter_id = work.connection.scalar(
            select(LETTER.c.id).where(LETTER.c.message_id == "report@mx.example")
        )
        bounces.arrived(work, letter_id, Report((Failure("late@x.example", False, "4.4.1"),), (SENT,)))
        told = [messages.of_notification(one.code, one.facts) for one in work.all(Notification)]
    assert told[-1] == "Not yet delivered to late@x.example: 4.4.1"
    assert _not_reached(Undelivered("late@x.example", False, "")) == "not yet delivered to late@x.example"


def test_a_report_that_names_an_address_twice_in_two_forms_is_kept_once(office: Office) -> None:
    twice = (Failure("b@пример.kz", True, "5.1.1"), Failure("B@xn--e1afmkfd.kz", True, "5.0.0"))
    with office.us.work() as work:
        letter_id = work.connection.scalar(
            select(LETTER.c.id).where(LETTER.c.message_id == "report@mx.example")
        )
        bounces.arrived(work, letter_id, Report(twice))
        assert [row.status for row in work.all(Bounce, address="b@xn--e1afmkfd.kz")] == ["5.1.1"]
