"""What waits in the outbox is sent once, and filed to Sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_tui.domain.errors import LoginRefused, NetworkTrouble
from crm_tui.services import messages
from crm_tui.services.writing import outbox as verbs
from crm_tui.store.tables import Letter, MailAccount, Outbox, table_of
from crm_tui.sync import outbox, outbox_uncertain
from crm_tui.sync.outbox_claim import Claim
from tests.conftest import FixedClock
from tests.servers.breaking_sink import SAFE, BreakingSink, HangUp
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import Break, SmtpSink
from tests.sync.sending import TO, Office, office_at
from tests.sync.world import OtherSide, letter


class WithSink(Office):
    """The office and the server that it sends by."""

    sink: SmtpSink


@pytest.fixture
def office(dovecot: Dovecot, tmp_path: Path, clock: FixedClock, smtp_sink: SmtpSink) -> Iterator[WithSink]:
    with office_at(dovecot, tmp_path, clock, smtp_sink.port) as made:
        made.__class__ = WithSink
        assert isinstance(made, WithSink)
        made.sink = smtp_sink
        yield made


def test_mail_01_a_letter_is_sent_and_filed_to_sent(office: WithSink, dovecot: Dovecot) -> None:
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


def test_one_refused_recipient_does_not_keep_the_others(office: WithSink) -> None:
    office.sink.refusals = {"a@x.example": "550 5.1.1 Unknown"}
    waiting = office.queue()
    office.send()
    row = office.row(waiting)
    assert row.status == "sent"
    assert (row.results["a@x.example"][0], row.results["b@x.example"][0]) == (550, 250)
    assert office.told() == [("letter_not_sent", {"address": "a@x.example", "reason": "5.1.1 Unknown"})]


def test_all_refused_is_failed(office: WithSink) -> None:
    office.sink.refusals = dict.fromkeys(TO, "550 no")
    waiting = office.queue()
    office.send()
    assert office.row(waiting).status == "failed"
    assert office.sink.deliveries == []


def test_a_busy_mailbox_is_tried_again_alone(office: WithSink) -> None:
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


def test_a_letter_refused_as_a_whole_is_failed(office: WithSink) -> None:
    office.sink.data_reply = "554 spam"
    waiting = office.queue()
    office.send()
    row = office.row(waiting)
    assert (row.status, row.results["a@x.example"]) == ("failed", [554, "spam"])


def test_a_server_that_is_away_keeps_the_letter(office: WithSink) -> None:
    office.sink.stop()
    waiting = office.queue()
    assert isinstance(office.send()[waiting], NetworkTrouble)
    row = office.row(waiting)
    assert (row.status, row.attempts) == ("queued", 0)
    office.sink.start()
    office.clock.advance(minutes=1)
    office.send()
    assert office.row(waiting).status == "sent"


@pytest.mark.parametrize("moment", list(Break))
def test_a_line_lost_after_the_body_is_uncertain_and_not_sent_again(office: WithSink, moment: Break) -> None:
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


def test_an_uncertain_letter_found_in_sent_is_sent(office: WithSink, dovecot: Dovecot) -> None:
    office.sink.break_off = Break.AFTER_KEEPING
    waiting = office.queue()
    office.send()
    other = OtherSide(dovecot, office.us.account.imap_user)
    other.append("Sent", letter("<out@x.example>", body="as the server filed it"))
    other.close()
    office.us.sync()
    office.send()
    assert office.row(waiting).status == "sent"


@pytest.mark.parametrize(("phase", "status"), [("connect", "sent"), ("data", "uncertain")])
def test_what_a_killed_sender_left_is_told_by_its_phase(office: WithSink, phase: str, status: str) -> None:
    waiting = office.queue()
    claim = Claim.take(office.us.store, waiting)
    assert claim is not None
    if phase == "data":
        claim.begin_end({}, TO)
    assert Claim.take(office.us.store, waiting) is None
    assert office.send() == {}
    office.clock.advance(hours=1)
    office.send()
    assert office.row(waiting).status == status


def test_a_letter_called_back_is_not_sent(office: WithSink) -> None:
    waiting = office.queue()
    with office.us.work() as work:
        work.change(work.get(Outbox, waiting), status="cancelled")
    assert office.send() == {}
    assert office.sink.deliveries == []


def test_a_refused_login_keeps_the_accounts_letters(office: WithSink) -> None:
    with SmtpSink(logins={"me": "secret"}) as sink:
        with office.us.work() as work:
            work.change(work.get(MailAccount, office.us.account.key), smtp_port=sink.port, smtp_user="me")
        first, second = office.queue("one@x.example"), office.queue("two@x.example")
        done = office.send()
        assert isinstance(done[first], LoginRefused)
        assert second not in done
        for minutes in (1, 5, 15):
            office.clock.advance(minutes=minutes)
            assert office.send() == {}
        assert sink.connections == 1
        outbox.release(office.us.store, by_hand=True)
        office.send()
        assert sink.connections == 2
    rows = [office.row(each) for each in (first, second)]
    assert [(row.status, row.attempts) for row in rows] == [("queued", 0)] * 2
    ((code, facts),) = office.told()
    name = office.us.account.name
    said = f"Letters of {name} wait: localhost refused the name me or its password: 5.7.8 Refused"
    assert messages.of_notification(code, facts) == said


def test_sending_gives_up_after_two_days(office: WithSink) -> None:
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


@pytest.fixture
def breaking(dovecot: Dovecot, tmp_path: Path, clock: FixedClock) -> Iterator[tuple[Office, BreakingSink]]:
    with BreakingSink() as sink, office_at(dovecot, tmp_path, clock, sink.port) as made:
        yield made, sink


@pytest.mark.parametrize("end", SAFE)
def test_before_the_final_dot_a_letter_is_sent_again(
    breaking: tuple[Office, BreakingSink], end: HangUp
) -> None:
    office, sink = breaking
    sink.plan = lambda: end
    waiting = office.queue()
    office.send()
    assert (office.row(waiting).status, sink.kept) == ("queued", [])
    sink.plan = lambda: HangUp.NEVER
    office.clock.advance(minutes=1)
    office.send()
    assert (office.row(waiting).status, sink.message_ids()) == ("sent", ["out@x.example"])


def test_an_uncertain_letter_is_found_on_the_server_before_any_retry(
    breaking: tuple[Office, BreakingSink], dovecot: Dovecot
) -> None:
    office, sink = breaking
    sink.answers = {"RCPT": ["250 ok", "451 later"]}
    sink.plan = lambda: HangUp.DOT_KEPT
    sink.on_keep = lambda raw: dovecot.seed(office.us.account.imap_user, "Sent", [raw]) and None
    office.account(sent_copy="server")
    waiting = office.queue()
    office.send()
    row = office.row(waiting)
    assert (row.status, row.recipients, row.results["a@x.example"]) == (
        "deferred",
        ["b@x.example"],
        [250, "found in Sent"],
    )
    assert office.told() == []
    sink.plan = lambda: HangUp.NEVER
    office.send()
    assert office.row(waiting).status == "sent"
    assert len(sink.kept) == 2


def test_what_is_not_found_a_person_is_asked_about_and_an_automatic_letter_goes_out_once_more(
    breaking: tuple[Office, BreakingSink],
) -> None:
    office, sink = breaking
    sink.plan = lambda: HangUp.DOT_LOST
    mine, automatic = office.queue("mine@x.example"), office.queue("auto@x.example", automatic=True)
    for _ in range(2 * outbox_uncertain.LOOKS_BEFORE_RESENDING):
        office.send()
        office.clock.advance(minutes=5)
    assert sink.connections == 3
    rows = [office.row(key) for key in (mine, automatic)]
    assert [(row.status, row.resent) for row in rows] == [("uncertain", False), ("uncertain", True)]
    assert [facts["address"] for code, facts in office.told() if code == "letter_uncertain"] == [
        ", ".join(TO)
    ] * 2
    sink.plan = lambda: HangUp.NEVER
    with office.us.work() as work:
        verbs.resolve_uncertain(work, mine, sent=True)
        verbs.resolve_uncertain(work, automatic, sent=False)
    office.send()
    assert [office.row(key).status for key in (mine, automatic)] == ["sent", "sent"]
    assert sink.message_ids() == ["auto@x.example"]
    office.us.sync()
    assert sorted(row.message_id for row in office.us.rows()) == ["auto@x.example", "mine@x.example"]


def test_looking_for_a_letter_waits_for_a_server_that_is_away(
    breaking: tuple[Office, BreakingSink], dovecot: Dovecot
) -> None:
    office, sink = breaking
    sink.plan = lambda: HangUp.DOT_LOST
    waiting = office.queue(automatic=True)
    office.account(imap_port=1)
    for _ in range(6):
        office.send()
        office.clock.advance(minutes=10)
    row = office.row(waiting)
    assert (row.status, row.attempts, sink.connections) == ("uncertain", 0, 1)


@pytest.mark.parametrize("sent_copy", ["append", "server", "none"])
def test_the_copy_in_sent_is_there_once(
    breaking: tuple[Office, BreakingSink], dovecot: Dovecot, sent_copy: str
) -> None:
    office, sink = breaking
    # A server that files by itself, whatever we were told, and adds a header to its copy.
    sink.on_keep = lambda raw: (
        dovecot.seed(office.us.account.imap_user, "Sent", [b"Received: x\r\n" + raw]) and None
    )
    office.account(sent_copy=sent_copy)
    waiting = office.queue()
    office.send()
    for _ in range(2):
        office.us.sync()
    assert len(office.us.rows()) == 1
    other = OtherSide(dovecot, office.us.account.imap_user)
    assert [len(places) for places in other.state("Sent").values()] == [1]
    other.close()
    with office.us.store.read() as connection:
        assert list(connection.scalars(select(table_of(Letter).c.id))) == [office.row(waiting).letter_id]


def test_mail_18_a_letter_of_the_job_waits_for_it(office: WithSink) -> None:
    job, later = office.queue("job@x.example"), office.queue("later@x.example")
    with office.us.work() as work:
        for key, hours in ((job, 0), (later, 3)):
            row = work.get(Outbox, key)
            chosen = work.now.replace(hour=work.now.hour + hours)
            work.change(row, next_try_at=verbs.WITH_THE_JOB, not_before=chosen)
    office.clock.advance(hours=1)
    assert (office.send(), outbox.next_due(office.us.store)) == ({}, None)
    outbox.release(office.us.store, [office.us.account.key])
    assert office.send() == {job: None}
    assert office.row(later).status == "queued"
