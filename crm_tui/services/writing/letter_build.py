"""A letter of ours as bytes, built once: what was typed is what is read, whatever was typed (assurance 1.4).

The header is written here line by line: the library's own folding wraps long Message-IDs into encoded words and can
lose the quotes round a name with a comma, which makes another recipient of it (CVE-2025-1795).
"""

import re
from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from typing import NamedTuple

from crm_tui.domain.errors import Invalid
from crm_tui.domain.identity import address
from crm_tui.domain.text import clean
from crm_tui.services.writing import letter_parts
from crm_tui.services.writing.compose import Writing
from crm_tui.services.writing.letter_parts import File
from crm_tui.store.tables import Letter

MOST_SUBJECT = 900
"""RFC 5322 section 2.1.1: no line beyond 998 characters."""
MOST_NAME = 200
MOST_REFERENCES = 20
MOST_IDENTIFIER = 900
_ENDS_A_LINE = re.compile("[\r\v\f\0\x85\u2028\u2029]")

Mailbox = tuple[str, str]
"""Display name and address."""


class Recipients(NamedTuple):
    """Whom a letter goes to, the addresses as they go over the wire."""

    to: list[Mailbox]
    cc: list[Mailbox]
    bcc: list[Mailbox]

    @property
    def addresses(self) -> list[str]:
        """Each address once."""
        return list(dict.fromkeys(where for boxes in self for _name, where in boxes))


def recipients_of(writing: Writing) -> Recipients:
    """Whom the letter goes to. Raises Invalid when there is nobody, or one that cannot be sent to, and for signs in a
    field that would end a line of the header (``line_break_in_header``)."""
    for field, text in (
        ("To", writing.to),
        ("Cc", writing.cc),
        ("Bcc", writing.bcc),
        ("Subject", writing.subject),
    ):
        if _ENDS_A_LINE.search(text) or (field == "Subject" and "\n" in text):
            raise Invalid("line_break_in_header", field=field)
    found = Recipients(mailboxes(writing.to), mailboxes(writing.cc), mailboxes(writing.bcc))
    if not found.addresses:
        raise Invalid("recipient_missing")
    return found


def mailboxes(text: str) -> list[Mailbox]:
    """The recipients typed into a field, their addresses as they go over the wire. Raises Invalid."""
    return [(name, wire_address(where or name)) for name, where in address.split_list(text)]


def wire_address(typed: str) -> str:
    """The address with its domain in ASCII (IDNA). Raises Invalid for what cannot be sent to."""
    if not address.is_valid(typed):
        raise Invalid("not_an_address", value=clean(typed))
    wire = f"{typed.rpartition('@')[0]}@{address.domain_of(typed)}"
    if not wire.isascii():
        raise Invalid("address_not_ascii", value=clean(typed))
    return wire


def build(
    sender: Mailbox,
    to: Sequence[Mailbox],
    cc: Sequence[Mailbox],
    *,
    subject: str,
    body: str,
    message_id: str,
    answered: Letter | None,
    at: datetime,
    form: str = "plain",
    files: Sequence[File] = (),
    bcc: Sequence[Mailbox] = (),
    content: bytes | None = None,
) -> bytes:
    """The letter as RFC 5322 bytes: no line longer than 998, all ASCII, CR LF; ``at`` is its date with its zone.

    ``answered`` is the letter that this one replies to: In-Reply-To and References come of it. ``form`` is ``plain``
    or ``markdown``. ``bcc`` is written only into the copy of a draft: never give it for a letter that is sent.
    ``content`` is what ``letter_parts.content`` made of body, form and files, where that was done before.
    """
    head = [
        f"From: {_boxes([(sender[0], wire_address(sender[1]))])}",
        *([f"To: {_boxes(to)}"] if to else []),
        *([f"Cc: {_boxes(cc)}"] if cc else []),
        *([f"Bcc: {_boxes(bcc)}"] if bcc else []),
        f"Subject: {_words(' '.join(clean(subject).split())[:MOST_SUBJECT], 'Subject')}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{message_id}>",
    ]
    earlier = _usable_ids([answered.message_id]) if answered is not None else []
    if answered is not None and earlier:
        chain = _usable_ids([*(answered.references or answered.in_reply_to).split(), *earlier])
        if len(chain) > MOST_REFERENCES:  # the first names the thread, the last the letters at hand
            chain = [chain[0], *chain[1 - MOST_REFERENCES :]]
        head += [f"In-Reply-To: <{earlier[0]}>", "References: " + "\r\n ".join(f"<{one}>" for one in chain)]
    rest = letter_parts.content(body, form, files) if content is None else content
    return "".join(f"{line}\r\n" for line in head).encode("ascii") + rest


def _boxes(boxes: Sequence[Mailbox]) -> str:
    return ",\r\n ".join(f"{_phrase(name)}<{where}>" if _named(name) else where for name, where in boxes)


def _named(name: str) -> str:
    return " ".join(clean(name).split())[:MOST_NAME]


def _phrase(name: str) -> str:
    """A display name that can be nothing else (RFC 5322 section 3.2.4, RFC 2047 section 5)."""
    name = _named(name)
    if name.isascii() and "=?" not in name:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" '
    return Header(name, "utf-8", maxlinelen=70).encode(linesep="\r\n") + " "


def _words(text: str, field: str) -> str:
    """Unstructured text; encoded words of at most 75 characters where it is not plain (RFC 2047 section 2)."""
    if text.isascii() and "=?" not in text:
        return text
    return Header(text, "utf-8", maxlinelen=70, header_name=field).encode(linesep="\r\n")


def _usable_ids(ids: Sequence[str]) -> list[str]:
    """Message-IDs that can stand in a header; a hostile letter's may not."""
    return [
        one
        for one in dict.fromkeys(ids)
        if one.isascii()
        and one.isprintable()
        and 0 < len(one) <= MOST_IDENTIFIER
        and not set(one) & set(" <>")
    ]
