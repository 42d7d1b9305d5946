"""Letters shown as what they are: invitations, delivery reports, automatic answers; leaving a mailing list."""

from datetime import timedelta

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.letter import unsubscribe
from crm_tui.domain.letter.unsubscribe import ByLetter, ByPage
from crm_tui.parsing import invitation
from crm_tui.parsing.letter import attachment_bytes, parse
from crm_tui.screens.forms.prompt import Choice, Confirm
from crm_tui.services.account import accounts
from crm_tui.services.ports import Ports
from crm_tui.store.tables import Event, LetterLink, Outbox
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox
from tests.waiting import settled

SIZE = (80, 24)


@pytest.fixture
def mailbox(ports: Ports) -> Mailbox:
    return Mailbox(ports)


def meeting(
    method: str = "REQUEST",
    start: str = "20261123T100000",
    rule: str = "",
    uid: str = "m-1",
    sequence: int = 0,
) -> bytes:
    """A calendar file as other programs send it; its clock is that of Kyiv, three hours before Almaty."""
    lines = [
        "BEGIN:VCALENDAR", f"METHOD:{method}", "VERSION:2.0", "BEGIN:VEVENT", f"UID:{uid}",
        f"SEQUENCE:{sequence}",
        f"DTSTART;TZID=Europe/Kyiv:{start}", "DURATION:PT90M", "SUMMARY:Talk about pumps", "LOCATION:Room 7",
        "ORGANIZER;CN=Olga Kim:mailto:olga@newco.example", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:aliya@office.example",
        *([f"RRULE:{rule}"] if rule else []), "BEGIN:VALARM", "ACTION:EMAIL", "END:VALARM", "END:VEVENT",
        "END:VCALENDAR",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def events_of(mailbox: Mailbox) -> list[Event]:
    with mailbox.store.facts("look") as work:
        return work.all(Event)


async def test_mail_39_an_invitation_is_shown_taken_moved_and_cancelled(
    app: CrmApp, mailbox: Mailbox
) -> None:
    for sequence, (method, start) in enumerate(
        (
            ("REQUEST", "20261123T100000"),
            ("REQUEST", "20261124T100000"),
            ("CANCEL", "20261124T100000"),
        )
    ):
        file = ("invite.ics", "text/calendar", meeting(method, start, sequence=sequence))
        mailbox.letter(f"{method} {start}", files=(file,))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("enter")
        await settled(pilot, lambda: "Invitation: Talk about pumps" in screen_text(app), "the invitation")
        text = screen_text(app)
        assert "When: 23.11.2026 13:00 – 14:30 (23.11.2026 10:00 – 11:30 in Europe/Kyiv)" in text
        assert "Where: Room 7" in text
        assert "Organiser: Olga Kim <olga@newco.example>" in text
        await pilot.press("C")
        await settled(pilot, lambda: "In the calendar: Talk about pumps" in screen_text(app), "it is added")
        (event,) = events_of(mailbox)
        assert (event.dtstart.isoformat(), event.zone) == ("2026-11-23T10:00:00", "Europe/Kyiv")
        with mailbox.store.facts("look") as work:
            assert [(one.kind, one.record_id) for one in work.all(LetterLink)] == [("event", event.key)]
        await pilot.press("N")
        await settle(pilot)
        await pilot.press("C")
        await settled(pilot, lambda: "Changed in the calendar" in screen_text(app), "it is moved")
        (event,) = events_of(mailbox)
        assert event.dtstart.isoformat() == "2026-11-24T10:00:00"
        await pilot.press("N")
        await settled(pilot, lambda: "Cancelled meeting" in screen_text(app), "the cancellation")
        await pilot.press("C")
        await settled(pilot, lambda: "Taken out of the calendar" in screen_text(app), "it is gone")
        assert events_of(mailbox) == []


async def test_mail_39_an_invitation_is_answered_after_a_question(app: CrmApp, mailbox: Mailbox) -> None:
    with mailbox.store.work(mailbox.ports.actor, "test") as work:
        accounts.update(work, mailbox.account_id, smtp_host="localhost")
    mailbox.letter("Come!", files=(("invite.ics", "text/calendar", meeting()),))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("Y")
        await settled(pilot, lambda: "Accepted: Talk about pumps" in screen_text(app), "the choice")
        await pilot.press("1")
        await settle(pilot)
        assert "A letter goes to Olga Kim <olga@newco.example>" in screen_text(app)
        with mailbox.store.facts("look") as work:
            assert work.all(Outbox) == [], "nothing without a yes"
        await type_text(pilot, "yes\n")
        await settled(pilot, lambda: "The answer waits" in screen_text(app), "it is queued")
    with mailbox.store.facts("look") as work:
        (row,) = work.all(Outbox)
    assert row.recipients == ["olga@newco.example"]
    assert b"Content-Type: text/calendar; method=REPLY; charset=utf-8" in row.raw
    letter = parse(row.raw)
    reply = invitation.read(attachment_bytes(row.raw, letter.attachments[0].part))
    assert reply is None, "an answer has no time of its own"
    content = attachment_bytes(row.raw, letter.attachments[0].part).replace(b"\r\n ", b"").decode()
    assert "METHOD:REPLY" in content
    assert "UID:m-1" in content
    assert "PARTSTAT=ACCEPTED:mailto:office@office.example" in content
    assert [event.summary for event in events_of(mailbox)] == ["Talk about pumps"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", None),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", None),
        (b"BEGIN:VEVENT\r\nDTSTART:rubbish\r\nEND:VEVENT", None),
        (b"\xff\xfe\0", None),
        (meeting() * 40, None),
        (b"x" * 300_000, None),
    ],
)
def test_mail_39_a_broken_or_huge_invitation_is_none(content: bytes, expected: None) -> None:
    assert invitation.read(content) is expected


def test_mail_39_an_endless_rule_is_left_out() -> None:
    for rule in ("FREQ=SECONDLY", "FREQ=DAILY;INTERVAL=0", "FREQ=MINUTELY"):
        found = invitation.read(meeting(rule=rule))
        assert found is None or found.rrule == ""
    found = invitation.read(meeting(rule="FREQ=WEEKLY;COUNT=3"))
    assert found is not None
    assert found.rrule == "FREQ=WEEKLY;COUNT=3"
    assert found.dtend - found.dtstart == timedelta(minutes=90)


REPORT = b"""From: MAILER-DAEMON@mx.example
Subject: Undelivered mail
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

It did not work.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; gone@newco.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such user
--b--
"""


async def test_mail_39_a_delivery_report_and_an_automatic_answer_say_what_they_are(
    app: CrmApp, mailbox: Mailbox
) -> None:
    mailbox.letter(whole=REPORT)
    mailbox.letter("On holiday", headers={"Auto-Submitted": "auto-replied"})
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("enter")
        await settled(pilot, lambda: "Not delivered to gone@newco.example" in screen_text(app), "the report")
        assert "5.1.1" in screen_text(app)
        assert "Kind: delivery report" in screen_text(app)
        await pilot.press("N")
        await settle(pilot)
        assert "Kind: automatic answer" in screen_text(app)


async def test_mail_39_a_list_is_left_by_a_letter_after_a_question(app: CrmApp, mailbox: Mailbox) -> None:
    with mailbox.store.work(mailbox.ports.actor, "test") as work:
        accounts.update(work, mailbox.account_id, smtp_host="localhost")
    header = "<mailto:leave@list.example?subject=out%20{n}&bcc=x@y.example>, <https://пример.example/u?1>"
    mailbox.letter("News", headers={"List-Unsubscribe": header.replace("пример", "xn--e1afmkfd")})
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("g", "u")
        await settle(pilot)
        assert isinstance(app.screen, Choice)
        assert "visit a page of xn--e1afmkfd.example" in screen_text(app)
        await pilot.press("1")
        await settle(pilot)
        assert isinstance(app.screen, Confirm)
        assert "leave@list.example: “out {n}”" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        with mailbox.store.facts("look") as work:
            assert work.all(Outbox) == [], "nothing without a yes"
        await pilot.press("g", "u")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        await type_text(pilot, "yes\n")
        await settle(pilot)
        with mailbox.store.facts("look") as work:
            (row,) = work.all(Outbox)
        assert row.recipients == ["leave@list.example"]
        assert b"Subject: out {n}" in row.raw
        await pilot.press("g", "u")
        await settle(pilot)
        await pilot.press("2")
        await settle(pilot)
        assert "It leads to xn--e1afmkfd.example" in screen_text(app)
        assert app.clipboard == ""
        await pilot.press("1")
        await settle(pilot)
        assert app.clipboard == "https://xn--e1afmkfd.example/u?1"


async def test_mail_39_a_letter_of_no_list_says_so(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.letter()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("g", "u")
        await settle(pilot)
        assert "does not say how to leave" in screen_text(app)
        await pilot.press("C")
        await settle(pilot)
        assert "brings no invitation" in screen_text(app)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("<mailto:a@b.example>", [ByLetter("a@b.example", "unsubscribe", "")]),
        ("<https://b.example/x>,\r\n <mailto:a@b.example?subject=S&body=T>", [
            ByPage("https://b.example/x"), ByLetter("a@b.example", "S", "T")
        ]),
        ("<mailto:a@b.example?subject=x%0d%0aBcc:%20c@d.e>", [ByLetter("a@b.example", "x��Bcc: c@d.e", "")]),
        ("<mailto:a@b.example,c@d.example> <javascript:alert(1)> <file:///etc/passwd> <data:text/html,x>", []),
        ("https://no.brackets.example", []),
        ("<", []),
        ("<mailto:>" * 20_000, []),
    ],
)  # fmt: skip
def test_mail_39_ways_to_leave_a_list(header: str, expected: list[object]) -> None:
    assert unsubscribe.ways(header) == expected
