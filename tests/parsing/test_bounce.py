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
    assert right >= 34, f"{right} of {len(cases)}"


def test_the_reports_of_seventy_servers() -> None:
    mail = folder("mail")
    cases = [
        json.loads(line)
        for line in (mail / "_oracles" / "sisimai_bounces.dev.jsonl").read_text().splitlines()
    ]
    counted = severe = 0
    for case in cases:
        bounces = parse((mail.parent / case["eml"]).read_bytes()).bounces
        counted += len(bounces) == len(case["expected"])
        classes = sorted(each.status[:1] or "45"[each.permanent] for each in bounces)
        severe += classes == sorted(each["dsn"][:1] for each in case["expected"])
    assert (counted, severe) >= (199, 192), f"{counted} and {severe} of {len(cases)}"
