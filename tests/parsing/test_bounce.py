"""Which addresses a letter was not delivered to, from the reports of some seventy mail servers."""

import json

import pytest

from crm_tui.parsing.bounce import Bounce
from crm_tui.parsing.letter import parse
from tests.corpora import folder


def report(recipient: str) -> bytes:
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example>\nSubject: Undelivered\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.example\n\n{recipient}\n"
        "--b\nContent-Type: message/rfc822\n\nFrom: me@example.com\nTo: other@example.com\n\nhi\n--b--\n"
    ).encode()


@pytest.mark.parametrize(
    ("recipient", "expected"),
    [
        (
            "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1",
            [("a@x.example", True, "5.1.1")],
        ),
        (
            "Final-Recipient: rfc822; a@x.example\nAction: delayed\nStatus: 4.4.1",
            [("a@x.example", False, "4.4.1")],
        ),
        ("Final-Recipient: rfc822; a@x.example\nAction: delivered\nStatus: 2.0.0", []),
        (
            "Original-Recipient: rfc822;b@x.example\nFinal-Recipient: rfc822; a@x.example\nAction: failed\n"
            "Status: 5.0.0\nDiagnostic-Code: smtp; 550\n 5.7.1 no",
            [("b@x.example", True, "5.7.1")],
        ),
        (
            "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.2.2\n\n"
            "Final-Recipient: rfc822; <b@x.example>\nAction: failed\nStatus: 4.2.2 (later)",
            [("a@x.example", True, "5.2.2"), ("b@x.example", False, "4.2.2")],
        ),
    ],
)
def test_a_report_of_rfc_3464(recipient: str, expected: list[tuple[str, bool, str]]) -> None:
    letter = parse(report(recipient))
    assert letter.bounces == tuple(Bounce(*each) for each in expected)
    assert letter.kind == "bounce"


def test_a_notice_in_prose() -> None:
    raw = (
        b"From: mailer-daemon@mx.example\nSubject: Mail delivery failed\n\nA message could not be delivered:\n\n"
        b"  a@x.example\n    550 5.1.1 no such user\n\n"
        b"------ This is a copy of the message ------\n\nTo: b@x.example\n"
    )
    assert parse(raw).bounces == (Bounce("a@x.example", True, "5.1.1"),)


@pytest.mark.parametrize(
    "head",
    [
        b"From: anna@example.com\nSubject: Undelivered goods",
        b"From: postmaster@x.example\nSubject: Re: returned mail",
    ],
)
def test_an_ordinary_letter_is_no_bounce(head: bytes) -> None:
    assert parse(head + b"\n\nThe parcel to b@example.com failed: 550.\n").bounces == ()


def test_a_letter_of_a_list_that_quotes_a_bounce_is_a_letter_of_the_list() -> None:
    raw = (
        b"Return-Path: <users-bounces@lists.example>\nFrom: Anna via Users <users@lists.example>\n"
        b"Sender: Users <users-bounces@lists.example>\nList-Post: <mailto:users@lists.example>\n"
        b"Subject: [Users] Delivery status of the parcels\n\n"
        b"It says: delivery to b@example.com failed, 550 user unknown. Or is it me?\n"
    )
    letter = parse(raw)
    assert (letter.kind, letter.bounces) == ("list", ())


def test_a_report_without_recipients_is_read_from_its_notice() -> None:
    raw = report("").replace(
        b"Sorry.", b"The following recipients did not receive this letter:\n\n<a@x.example>\n"
    )
    assert parse(raw).bounces == (Bounce("a@x.example", True, ""),)


def test_a_notice_that_blames_nobody_is_about_the_one_recipient_of_what_came_back() -> None:
    raw = report("").replace(b"Sorry.", b"421 4.4.2 connection timed out while talking to mx.example.com")
    assert parse(raw).bounces == (Bounce("other@example.com", False, "4.4.2"),)


def test_who_gave_the_letter_up_knows_better_than_who_reports_it() -> None:
    group = (
        "Final-Recipient: rfc822; a@x.example\nAction: {}\nStatus: 4.5.0\nDiagnostic-Code: smtp; 550 5.5.0 No"
    )
    assert parse(report(group.format("failed"))).bounces == (Bounce("a@x.example", True, "5.5.0"),)
    assert parse(report(group.format("delayed"))).bounces == (Bounce("a@x.example", False, "4.5.0"),)


def test_a_notification_in_json() -> None:
    told = {
        "notificationType": "Bounce",
        "bounce": {
            "bounceType": "Transient",
            "bouncedRecipients": [
                {"emailAddress": "a@x.example"},
                {"emailAddress": "b@x.example", "status": "5.1.1"},
            ],
        },
    }
    expected = (Bounce("a@x.example", False, ""), Bounce("b@x.example", True, "5.1.1"))
    for text in (json.dumps(told), json.dumps({"Message": json.dumps(told)}) + "\n-- \nunsubscribe"):
        raw = b"From: no-reply@queue.example\nSubject: Notification\n\n" + text.encode()
        assert parse(raw).bounces == expected
    complaint = {"notificationType": "Complaint", "complaint": {"bouncedRecipients": "none"}}
    assert parse(b"Subject: x\n\n" + json.dumps(complaint).encode()).bounces == ()


def test_a_bounce_says_which_letter_it_is_about() -> None:
    reported = report("Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1")
    reported = reported.replace(b"From: me@", b"Message-ID: <sent@example.com>\nFrom: me@")
    letter = parse(reported.replace(b"Reporting-MTA", b"Original-Envelope-Id: 4f2a\nReporting-MTA"))
    assert (letter.returned_ids, letter.envelope_id) == (("sent@example.com",), "4f2a")
    prose = (
        b"From: mailer-daemon@mx.example\nSubject: failure\nIn-Reply-To: <thread@example.com>\n\n"
        b"<a@x.example>: 550 no\n\n--- Original message follows ---\n\nMessage-ID: <sent@example.com>\n"
    )
    assert parse(prose).returned_ids == ("sent@example.com", "thread@example.com")


def test_the_addresses_that_mailman_finds() -> None:
    mail = folder("mail")
    cases = [
        json.loads(line) for line in (mail / "_oracles" / "flufl_bounce.dev.jsonl").read_text().splitlines()
    ]
    right = 0
    for case in cases:
        bounces = parse((mail.parent / case["eml"]).read_bytes()).bounces
        found = (
            {each.address.lower() for each in bounces if each.permanent},
            {each.address.lower() for each in bounces if not each.permanent},
        )
        right += found == (set(map(str.lower, case["permanent"])), set(map(str.lower, case["temporary"])))
    assert right >= 39, f"{right} of {len(cases)}"


def test_the_reports_of_seventy_servers() -> None:
    mail = folder("mail")
    cases = [
        json.loads(line)
        for line in (mail / "_oracles" / "sisimai_bounces.dev.jsonl").read_text().splitlines()
    ]
    # An abuse report, a receipt and a holiday notice are no bounces: nothing was returned.
    cases = [case for case in cases if all(each["dsn"][:1] in ("4", "5") for each in case["expected"])]
    right = 0
    for case in cases:
        bounces = parse((mail.parent / case["eml"]).read_bytes()).bounces
        permanent = sorted(each.permanent for each in bounces)
        right += permanent == sorted(each["dsn"].startswith("5") for each in case["expected"])
    assert right >= len(cases) * 0.96, f"{right} of {len(cases)}"
