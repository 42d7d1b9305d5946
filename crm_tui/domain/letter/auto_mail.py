"""Letters that a program sends by itself, and why some are never sent: two programs may answer each other for ever.

RFC 3834 says whom not to answer; where the other side does not mark its letters, only counting helps (assurance 1.8).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm_tui.domain.identity import address

DAY = timedelta(hours=24)
HOUR = timedelta(hours=1)
LOOP_FIELD = "X-CRM-Loop"
_ANSWERED_BY_PROGRAMS = ("x-autoreply", "x-autorespond", "x-autoresponder", LOOP_FIELD.lower())
_BULK = ("bulk", "list", "junk", "auto_reply")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many automatic letters an account sends: to one address in 24 hours (None: any number), and in an hour."""

    to_address: int | None
    an_hour: int


ANSWERS = Limits(to_address=2, an_hour=20)
FORWARDS = Limits(to_address=None, an_hour=200)
"""Of a rule that a person made, to an address that the person chose."""
NOTICES = Limits(to_address=20, an_hour=200)
"""Of processes and triggers: each at most once a step entry and address, yet a map in a circle must not flood."""


def marks(account_address: str) -> list[tuple[str, str]]:
    """The fields by which other programs know an automatic letter of ours, and we know it when it comes back."""
    return [
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        (LOOP_FIELD, address.normal(account_address)),
    ]


def refusal(head: Mapping[str, Sequence[str]], sender: str, own: Collection[str]) -> str:
    """Why nothing automatic may be sent because of a letter; empty when it may.

    ``head`` holds its fields by lower-case name, ``own`` our addresses in their normal form.
    """
    first = {name: values[0].strip().lower() for name, values in head.items() if values}
    if first.get("auto-submitted", "no").partition(";")[0].strip() != "no":
        return "automatic"
    if first.get("return-path") == "<>" or first.get("content-type", "").startswith("multipart/report"):
        return "bounce"
    if any(name in first for name in _ANSWERED_BY_PROGRAMS):
        return "automatic"
    if first.get("precedence") in _BULK or any(name.startswith("list-") for name in first):
        return "list"
    return to_refusal(sender, own)


def to_refusal(recipient: str, own: Collection[str]) -> str:
    """Why nothing automatic may go to an address: nobody reads it, or it is ours; empty when it may."""
    if address.is_no_reply(recipient):
        return "no_reply"
    return "own_address" if address.normal(recipient) in own else ""


def is_too_much(sent: Sequence[tuple[datetime, str]], recipient: str, now: datetime, limits: Limits) -> bool:
    """Whether the address has had its share; ``sent`` are the account's automatic letters: when, and to whom."""
    if limits.to_address is None:
        return False
    wanted = address.normal(recipient)
    return sum(address.normal(to) == wanted for at, to in sent if at > now - DAY) >= limits.to_address


def next_free(sent: Sequence[tuple[datetime, str]], now: datetime, limits: Limits) -> datetime:
    """When the account may send the next one; ``now`` where it may at once."""
    within = sorted(at for at, _to in sent if at > now - HOUR)
    return now if len(within) < limits.an_hour else within[-limits.an_hour] + HOUR
