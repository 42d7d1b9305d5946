"""What waits in the outbox is sent once, and filed to Sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_tui.domain.errors import LoginRefused, NetworkTrouble
from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount, Notification, Outbox, User
from crm_tui.sync import outbox
from crm_tui.sync.outbox import send_due
from tests.conftest import FixedClock
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import Break, SmtpSink
from tests.sync.world import OtherSide, OurSide, letter

TO = ["a@x.example", "b@x.example"]


class Office:
    """An account that can send."""

    def __init__(self, us: OurSide, sink: SmtpSink, clock: FixedClock) -> None:
        self.us, self.sink, self.clock = us, sink, clock
        us.store.close()
        us.store = Store(us.path, clock)
        with us.work() as work:
            owner = work.add(User(login="me", name="me"))
            work.change(
                work.get(MailAccount, us.account.key), owner_id=owner.key, smtp_host="localhost", smtp_port=sink.port,
                smtp_security="none", smtp_user="",
            )  # fmt: skip

    def queue(self, key: str = "out@x.example", to: list[str] | None = None) -> int:
        with self.us.work() as work:
            row = work.add(
                Outbox(account_id=self.us.account.key, message_id=key, raw=letter(f"<{key}>", body=".dot\r\nend"),
                       envelope_from="me@x.example", recipients=to or TO, next_try_at=work.now,
                       created_at=work.now)
            )  # fmt: skip
        return row.key

    def row(self, outbox_id: int) -> Outbox:
        with self.us.work() as work:
            return work.get(Outbox, outbox_id)

    def told(self) -> list[tuple[str, dict[str, str]]]:
        """What the owner was told."""
        with self.us.work() as work:
            return [(each.code, each.facts) for each in work.all(Notification)]

    def send(self) -> dict[int, object]:
        return dict(send_due(self.us.store, self.us.credentials))


@pytest.fixture
def office(dovecot: Dovecot, tmp_path: Path, clock: FixedClock, smtp_sink: SmtpSink) -> Iterator[Office]:
    us = OurSide(tmp_path / "crm.db", dovecot, dovecot.account("office"))
    us.sync()
    made = Office(us, smtp_sink, clock)
    yield made
    made.us.close()


def test_mail_01_a_letter_is_sent_and_filed_to_sent(office: Office, dovecot: Dovecot) -> None:
    waiting = office.queue()
    assert office.send() == {waiting: None}
    (arrived,) = office.sink.wait()
    assert (arrived.sender, list(arrived.recipients)) == ("me@x.example", TO)
    assert arrived.raw.rstrip() == letter("<out@x.example>", body=".dot\r\nend").rstrip()
    row = office.row(waiting)
    assert (row.status, row.recipients, row.sent_at) == ("sent", [], office.clock())
    assert row.results["a@x.example"][0] == 250
    office.us.sync()
    other = OtherSide(dovecot, office.us.account.imap_user)
    assert other.state("Sent").keys() == {"out@x.example"}
    other.close()
    assert office.send() == {}
    assert not office.us.sync().any()
    assert len(office.us.rows()) == 1


def test_one_refused_recipient_does_not_keep_the_others(office: Office) -> None:
    office.sink.refusals = {"a@x.example": "550 5.1.1 Unknown"}
    waiting = office.queue()
    office.send()
    row = office.row(waiting)
    assert row.status == "sent"
    assert (row.results["a@x.example"][0], row.results["b@x.example"][0]) == (550, 250)
    assert office.told() == [("letter_not_sent", {"address": "a@x.example", "reason": "5.1.1 Unknown"})]


def test_all_refused_is_failed(office: Office) -> None:
    office.sink.refusals = dict.fromkeys(TO, "550 no")
    waiting = office.queue()
    office.send()
    assert office.row(waiting).status == "failed"
    assert office.sink.deliveries == []


def test_a_busy_mailbox_is_tried_again_alone(office: Office) -> None:
    office.sink.refusals = {"a@x.example": "451 busy"}
    waiting = office.queue()
    office.send()
    row = office.row(waiting)
    assert (row.status, row.recipients) == ("deferred", ["a@x.example"])
    assert office.send() == {}
    office.sink.refusals = {}
    office.clock.advance(minutes=1)
    office.send()
    assert [list(each.recipients) for each in office.sink.wait(2)] == [["b@x.example"], ["a@x.example"]]
    assert office.row(waiting).status == "sent"
    assert len(office.us.rows()) == 1


def test_a_letter_refused_as_a_whole_is_failed(office: Office) -> None:
    office.sink.data_reply = "554 spam"
    waiting = office.queue()
    office.send()
    row = office.row(waiting)
    assert (row.status, row.results["a@x.example"]) == ("failed", [554, "spam"])


def test_a_server_that_is_away_keeps_the_letter(office: Office) -> None:
    office.sink.stop()
    waiting = office.queue()
    assert isinstance(office.send()[waiting], NetworkTrouble)
    assert office.row(waiting).status == "deferred"
    office.sink.start()
    office.clock.advance(minutes=1)
    office.send()
    assert office.row(waiting).status == "sent"


@pytest.mark.parametrize("moment", list(Break))
def test_a_line_lost_after_the_body_is_uncertain_and_not_sent_again(office: Office, moment: Break) -> None:
    office.sink.break_off = moment
    waiting = office.queue()
    office.send()
    assert office.row(waiting).status == "uncertain"
    office.sink.break_off = None
    office.clock.advance(hours=5)
    office.send()
    assert office.row(waiting).status == "uncertain"
    assert [code for code, _ in office.told()] == ["letter_uncertain"]
    assert len(office.sink.deliveries) == (1 if moment is Break.AFTER_KEEPING else 0)


def test_an_uncertain_letter_found_in_sent_is_sent(office: Office, dovecot: Dovecot) -> None:
    office.sink.break_off = Break.AFTER_KEEPING
    waiting = office.queue()
    office.send()
    other = OtherSide(dovecot, office.us.account.imap_user)
    other.append("Sent", letter("<out@x.example>", body="as the server filed it"))
    other.close()
    office.us.sync()
    office.send()
    assert office.row(waiting).status == "sent"


@pytest.mark.parametrize(
    ("phase", "status"), [("connect", "sent"), ("envelope", "sent"), ("data", "uncertain")]
)
def test_what_a_killed_sender_left_is_told_by_its_phase(office: Office, phase: str, status: str) -> None:
    waiting = office.queue()
    assert outbox._claim(office.us.store, waiting)
    outbox._phases(office.us.store, waiting)(phase)
    assert not outbox._claim(office.us.store, waiting)
    assert office.send() == {}
    office.clock.advance(hours=1)
    office.send()
    assert office.row(waiting).status == status


def test_a_letter_called_back_is_not_sent(office: Office) -> None:
    waiting = office.queue()
    with office.us.work() as work:
        work.change(work.get(Outbox, waiting), status="cancelled")
    assert office.send() == {}
    assert office.sink.deliveries == []


def test_a_refused_login_keeps_the_accounts_letters(office: Office) -> None:
    with SmtpSink(logins={"me": "secret"}) as sink:
        with office.us.work() as work:
            work.change(work.get(MailAccount, office.us.account.key), smtp_port=sink.port, smtp_user="me")
        first, second = office.queue("one@x.example"), office.queue("two@x.example")
        done = office.send()
    assert isinstance(done[first], LoginRefused)
    assert second not in done
    assert office.row(first).status == "deferred"
    assert office.row(second).status == "queued"


def test_sending_gives_up_after_two_days(office: Office) -> None:
    office.sink.refusals = dict.fromkeys(TO, "451 busy")
    waiting = office.queue()
    for _ in range(60):
        office.send()
        office.clock.advance(hours=1)
    row = office.row(waiting)
    assert row.status == "failed"
    assert row.attempts < 60
    with office.us.store.read() as connection:
        assert connection.scalar(select(outbox.OUTBOX.c.phase)) == ""
