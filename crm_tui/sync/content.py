"""Letters as rows: what the header pass knows, and what the body adds."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from crm_tui.domain.letter import threading
from crm_tui.domain.stems import Searchable
from crm_tui.domain.text import fold
from crm_tui.parsing.fields import Mailbox
from crm_tui.parsing.gist import Gist, gist_of
from crm_tui.parsing.heads import Head
from crm_tui.parsing.letter import Headers, Letter, headers_and_identity
from crm_tui.services.letter.bounces import Report

HEADER_FIELDS = (
    b"FROM SENDER TO CC BCC REPLY-TO SUBJECT DATE MESSAGE-ID IN-REPLY-TO REFERENCES "
    b"LIST-ID LIST-POST LIST-UNSUBSCRIBE LIST-UNSUBSCRIBE-POST AUTO-SUBMITTED PRECEDENCE"
)
_KEY = 200

_INTERNAL_DATE = re.compile(rb"(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)([0-5]\d)")
_MONTHS = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

Parse = Callable[[bytes], Letter]
"""Parses a letter within limits of time and memory; raises what it likes."""


@dataclass(frozen=True, slots=True)
class Body:
    """What the body of a letter adds to its rows."""

    raw: bytes
    text: bytes
    """In UTF-8."""
    snippet: str
    kind: str
    attachments: tuple[dict[str, Any], ...]
    report: Report | None = None
    """What it reports as not delivered."""
    words: Searchable | None = None
    """Its text, made ready for the search."""

    @property
    def has_attachments(self) -> bool:
        """Whether the letter brings a file that is not part of its picture."""
        return any(not row["inline"] for row in self.attachments)


def letter_row(block: bytes, size: int, arrived: datetime, head_of: Head | None = None) -> dict[str, Any]:
    """The columns of ``letter`` from a header block, or from the whole letter; ``arrived`` (INTERNALDATE) stands in
    for a bad date, ``head_of`` is what was read of the block already."""
    head, key = head_of or headers_and_identity(block)
    if not head.message_id and head.date is None:
        key = _told_apart(key, block if len(block) >= size else arrived.isoformat().encode())
    return {
        "identity": key,
        "size": size,
        "message_id": head.message_id,
        "in_reply_to": head.in_reply_to,
        "references": " ".join(head.references),
        "thread_key": (*head.references, head.in_reply_to, head.message_id, key)[0] or head.message_id or key,
        "subject": head.subject,
        "sender_name": head.sender.name,
        "sender_address": head.sender.address.casefold(),
        "recipients": {
            "to": _boxes(head.to),
            "cc": _boxes(head.cc),
            "bcc": _boxes(head.bcc),
            "reply_to": _boxes(head.reply_to),
        },
        "date": _usable(head, arrived),
        "kind": "letter",
        "snippet": "",
        "has_attachments": False,
        "list_unsubscribe": head.list_unsubscribe,
        "one_click": head.one_click,
        "list_id": head.list_id,
        "body_state": "none",
    }


def sort_keys(letter: dict[str, Any]) -> dict[str, Any]:
    """The columns of ``placement`` that lists are sorted by."""
    return {
        "date_key": int(letter["date"].timestamp()),
        "sender_key": fold(letter["sender_name"] or letter["sender_address"])[:_KEY],
        "subject_key": threading.unmarked(fold(letter["subject"]))[:_KEY],
    }


def body_of(raw: bytes, parse: Parse, gist: Gist | None = None) -> Body:
    """The letter's text and attachments; one that no parser survives is kept raw, as ``unreadable``.

    ``gist`` is what was parsed already.
    """
    try:
        gist = gist or gist_of(parse(raw))
    except Exception:  # a poison letter must never stop the others
        return Body(raw, b"", "", "unreadable", ())
    attachments = tuple(
        {
            "part": item.part,
            "name": item.name,
            "content_type": item.type,
            "size": item.size,
            "inline": item.inline,
        }
        for item in gist.attachments
    )
    report = Report(gist.bounces, gist.returned_ids, gist.envelope_id) if gist.bounces else None
    return Body(raw, gist.text, gist.snippet, gist.kind, attachments, report, gist.words)


def internal_date(value: object) -> datetime | None:
    """INTERNALDATE (RFC 3501 §9 date-time) as an instant in UTC."""
    found = _INTERNAL_DATE.fullmatch(value.strip()) if isinstance(value, bytes) else None
    if found is None:
        return None
    day, month, year, hour, minute, second, east, off_hours, off_minutes = found.groups()
    apart = timedelta(hours=int(off_hours), minutes=int(off_minutes)) * (-1 if east == b"-" else 1)
    try:
        clock = int(hour), int(minute), int(second)
        there = datetime(int(year), _MONTHS.index(month.title()) + 1, int(day), *clock, tzinfo=UTC)
        return there - apart
    except (ValueError, OverflowError):
        return None


def _told_apart(key: str, what_else: bytes) -> str:
    """The identity of a letter without Message-ID and Date: two that differ may say the same in the fields there
    are. The whole letter tells it apart where it is at hand, else when it came, which a server keeps when it copies
    and moves (RFC 3501 §6.4.7)."""
    return hashlib.sha256(key.encode() + what_else).hexdigest()


def _usable(head: Headers, arrived: datetime) -> datetime:
    if head.date is None or not 1970 <= head.date.year < 2100:
        return arrived
    return head.date


def _boxes(boxes: tuple[Mailbox, ...]) -> list[list[str]]:
    return [[box.name, box.address] for box in boxes]
