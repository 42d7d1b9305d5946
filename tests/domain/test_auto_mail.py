"""What a program may not answer, and how much it may send."""

from datetime import timedelta

import pytest

from crm_tui.domain.letter import auto_mail
from crm_tui.domain.letter.auto_mail import ANSWERS, FORWARDS
from tests.conftest import NOON

OWN = frozenset({"me@x.example"})


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("subject", "hello", ""),
        ("auto-submitted", "no", ""),
        ("precedence", "special-delivery", ""),
        ("auto-submitted", "auto-replied (vacation)", "automatic"),
        ("auto-submitted", "Auto-Generated; owner=x", "automatic"),
        ("x-autoreply", "yes", "automatic"),
        ("x-autorespond", "", "automatic"),
        ("x-crm-loop", "other@y.example", "automatic"),
        ("return-path", "<>", "bounce"),
        ("content-type", "multipart/report; report-type=delivery-status", "bounce"),
        ("list-id", "<a.b>", "list"),
        ("list-unsubscribe", "<mailto:x>", "list"),
        ("precedence", "Bulk", "list"),
        ("precedence", "junk", "list"),
        ("precedence", "auto_reply", "list"),
    ],
)
def test_programs_and_lists_are_not_answered(field: str, value: str, reason: str) -> None:
    assert auto_mail.refusal({field: [value]}, "you@y.example", OWN) == reason


@pytest.mark.parametrize(
    ("sender", "reason"),
    [("you@y.example", ""), ("no-reply@y.example", "no_reply"), ("Postmaster@y.example", "no_reply"),
     ("ME@x.example", "own_address")],
)  # fmt: skip
def test_nobody_and_ourselves_are_not_answered(sender: str, reason: str) -> None:
    assert auto_mail.refusal({}, sender, OWN) == reason


def test_our_own_marks_are_known_when_they_come_back() -> None:
    head = {name.lower(): [value] for name, value in auto_mail.marks("me@x.example")}
    assert auto_mail.refusal(head, "you@y.example", OWN) == "automatic"
    del head["auto-submitted"]
    assert auto_mail.refusal(head, "you@y.example", OWN) == "automatic"


def test_an_address_has_two_in_a_day_and_the_account_twenty_in_an_hour() -> None:
    ago = [NOON - timedelta(hours=hours) for hours in (25, 23, 1)]
    sent = [(at, "You@y.example") for at in ago]
    assert auto_mail.is_too_much(sent, "you@Y.example", NOON, ANSWERS)
    assert not auto_mail.is_too_much(sent[:2], "you@y.example", NOON, ANSWERS)
    assert not auto_mail.is_too_much(sent, "other@y.example", NOON, ANSWERS)
    assert not auto_mail.is_too_much(sent * 50, "you@y.example", NOON, FORWARDS)
    burst = [(NOON - timedelta(minutes=minute), "x") for minute in range(20)]
    assert auto_mail.next_free(burst[:19], NOON, ANSWERS) == NOON
    assert auto_mail.next_free(burst, NOON, ANSWERS) == NOON + timedelta(minutes=41)
    assert auto_mail.next_free(burst, NOON, FORWARDS) == NOON
