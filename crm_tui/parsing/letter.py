"""A letter as plain data: `parse` for the whole of it, `parse_headers` for the fields alone.

Every string of a result is fit to show (`domain.text.clean`). Nothing raises but `ParseRefused`, for a letter
longer than the limit; whatever else is wrong is a code in ``problems``:

``headers_cut`` ``header_cut`` ``junk_in_headers`` ``too_deep`` ``too_many_parts`` ``no_boundary``
``unclosed_parts`` ``charset_guessed`` ``text_cut`` ``html_cut`` ``html_too_deep`` ``html_unreadable``
``date_unreadable``.
"""

import hashlib
import re
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from datetime import datetime
from typing import Any

from crm_tui.domain.errors import NotFound
from crm_tui.domain.text import clean
from crm_tui.domain.text import file_name as safe_file_name
from crm_tui.parsing import bodies, fields
from crm_tui.parsing.bounce import Bounce, bounces_in
from crm_tui.parsing.bounce_returned import envelope_id, returned_ids
from crm_tui.parsing.fields import Mailbox
from crm_tui.parsing.html_writer import Link, link
from crm_tui.parsing.kinds import kind_of
from crm_tui.parsing.limits import DEFAULT, Limits, ParseRefused
from crm_tui.parsing.parameters import disposition
from crm_tui.parsing.parts import Part, headers_of, split
from crm_tui.parsing.reading import Reading, read

_URL = re.compile(r"https?://[^\s<>\"'()\[\]{}«»]{1,2000}", re.IGNORECASE)
_MOST_LINKS = 500
_IDENTITY_FIELDS = ("message-id", "date", "from", "to", "cc", "subject")
_NOBODY = Mailbox("", "")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part kept aside. ``size`` is in bytes, decoded; ``part`` is what `attachment_bytes` takes.

    ``name`` is as the sender wrote it, fit to show and perhaps empty; a file is named ``file_name``.
    """

    name: str
    type: str
    size: int
    part: str
    inline: bool
    content_id: str

    @property
    def file_name(self) -> str:
        """A name safe to save under (assurance row 29)."""
        return safe_file_name(self.name)


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields of a letter that lists and threads need; ``date`` is in UTC, identifiers have no brackets."""

    subject: str
    sender: Mailbox
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    bcc: tuple[Mailbox, ...]
    reply_to: tuple[Mailbox, ...]
    date: datetime | None
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    list_unsubscribe: str
    one_click: bool
    """The list takes an unsubscription by one POST (RFC 8058)."""
    list_id: str
    """Identifier of the mailing list (RFC 2919), folded to lower case."""
    auto_submitted: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter(Headers):
    """A whole letter. ``text`` is the plain text to read, out of the HTML where there is no other.

    ``kind``: letter, bounce, receipt, auto_reply, automatic, invitation or list.
    """

    text: str = ""
    html: str | None = None
    links: tuple[Link, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    kind: str = "letter"
    remote_images: int = 0
    bounces: tuple[Bounce, ...] = ()
    returned_ids: tuple[str, ...] = ()
    """Of a bounce: Message-IDs that the letter it is about may have."""
    envelope_id: str = ""
    """Of a bounce: the ENVID under which that letter was sent (RFC 3461)."""


_HEAD_FIELDS = [each.name for each in dataclass_fields(Headers) if each.name != "problems"]


def parse(raw: bytes, limits: Limits = DEFAULT, *, body_only: bool = False) -> Letter:
    """The letter in ``raw`` (RFC 5322 bytes, an mbox ``From`` line allowed).

    ``body_only`` leaves the fields of `Headers` empty, for who knows them already, and the links of a plain text:
    a third of the time.
    Raises `ParseRefused` (``letter_too_big``) beyond ``limits.letter``. Input of unsure origin goes through
    `parsing.pool`, which also bounds time and memory.
    """
    if len(raw) > limits.letter:
        raise ParseRefused("letter_too_big", size=len(raw), limit=limits.letter)
    raw = _with_line_feeds(raw)
    root, problems = split(raw, limits)
    reading = read(raw, root, limits, problems)
    head = _NO_FIELDS if body_only else _as_values(_headers(root.headers, limits, problems))
    bounces = bounces_in(raw, root)
    return Letter(
        **head,
        problems=tuple(dict.fromkeys(problems)),
        text=reading.text,
        html=reading.html,
        links=reading.links if reading.laid_out or body_only else _links(reading),
        attachments=tuple(_attachment(raw, part) for part in reading.kept_aside),
        kind=kind_of(root, bool(bounces)),
        remote_images=reading.remote_images,
        bounces=bounces,
        returned_ids=returned_ids(raw, root) if bounces else (),
        envelope_id=clean(envelope_id(raw, root)) if bounces else "",
    )


def parse_headers(raw_headers: bytes, limits: Limits = DEFAULT) -> Headers:
    """The fields of a header block, with or without a body behind it. Never raises."""
    return headers_and_identity(raw_headers, limits)[0]


def headers_and_identity(raw_headers: bytes, limits: Limits = DEFAULT) -> tuple[Headers, str]:
    """`parse_headers` and `identity` in one reading. Never raises."""
    problems: list[str] = []
    raw = _with_line_feeds(raw_headers)
    headers, _ = headers_of(raw, 0, len(raw), limits, problems)
    return _headers(headers, limits, problems), _identity(headers)


def attachment_bytes(raw: bytes, part: str) -> bytes:
    """The decoded bytes of the part an `Attachment` names. Raises `NotFound` (``part``) for another name."""
    raw = _with_line_feeds(raw)
    root, _ = split(raw)
    for each in root.walk():
        if each.path == part:
            return bodies.content(raw, each)
    raise NotFound("part", part=part)


def identity(raw_headers: bytes) -> str:
    """What makes two copies of a letter the same one: SHA-256 in hex over six fields as they were sent.

    Folding and white space, which servers change, make no difference.
    """
    raw = _with_line_feeds(raw_headers)
    headers, _ = headers_of(raw, 0, len(raw), DEFAULT, [])
    return _identity(headers)


def _identity(headers: dict[str, list[bytes]]) -> str:
    digest = hashlib.sha256()
    for name in _IDENTITY_FIELDS:
        for value in headers.get(name, ()):
            digest.update(name.encode() + b":" + b" ".join(value.split()) + b"\n")
    return digest.hexdigest()


def _headers(headers: dict[str, list[bytes]], limits: Limits, problems: list[str]) -> Headers:
    def line(name: str) -> str:
        values = headers.get(name)
        return fields.line(values[0]) if values else ""

    def boxes(name: str) -> tuple[Mailbox, ...]:
        return fields.mailboxes(headers.get(name, []), limits.addresses)

    date = fields.instant(headers["date"][0]) if headers.get("date") else None
    if date is None and headers.get("date"):
        problems.append("date_unreadable")
    answered = fields.message_ids(b" ".join(headers.get("in-reply-to", [])))
    return Headers(
        subject=line("subject"),
        sender=(boxes("from") or boxes("sender") or (_NOBODY,))[0],
        to=boxes("to"),
        cc=boxes("cc"),
        bcc=boxes("bcc"),
        reply_to=boxes("reply-to"),
        date=date,
        message_id=fields.message_id(headers["message-id"][0]) if headers.get("message-id") else "",
        in_reply_to=answered[0] if answered else "",
        references=fields.message_ids(b" ".join(headers.get("references", []))),
        list_unsubscribe=line("list-unsubscribe"),
        one_click="list-unsubscribe=one-click" in line("list-unsubscribe-post").lower(),
        list_id=_list_id(line("list-id")),
        auto_submitted=line("auto-submitted").partition(";")[0].strip().lower(),
        problems=tuple(dict.fromkeys(problems)),
    )


def _list_id(line: str) -> str:
    """``News of pumps <News.there.example>`` names ``news.there.example`` (RFC 2919 section 3)."""
    before, bracket, after = line.rpartition("<")
    return (after.partition(">")[0] if bracket else before or after).strip().lower()


def _as_values(head: Headers) -> dict[str, Any]:
    return {name: getattr(head, name) for name in _HEAD_FIELDS}


_NO_FIELDS = _as_values(_headers({}, DEFAULT, []))


def _attachment(raw: bytes, part: Part) -> Attachment:
    return Attachment(
        name=clean(" ".join(bodies.file_name(part).split())),
        type=clean(part.type),
        size=bodies.size(raw, part),
        part=part.path,
        inline=disposition(part.first("content-disposition"))[0] == "inline",
        content_id=fields.message_id(part.first("content-id")),
    )


def _links(reading: Reading) -> tuple[Link, ...]:
    """The addresses that stand in a plain text, each once."""
    if "://" not in reading.text:
        return ()
    urls: dict[str, None] = {}
    for found in _URL.finditer(reading.text):
        urls[found[0].rstrip(".,;:!?*_")] = None
        if len(urls) >= _MOST_LINKS:
            break
    return tuple(link(number, url) for number, url in enumerate(urls, 1))


def _with_line_feeds(raw: bytes) -> bytes:
    """A letter of bare carriage returns (old Macintosh programs) in lines that are seen; a BOM dropped."""
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if b"\n" not in raw[:100_000] and b"\r" in raw[:100_000] and b"\n" not in raw:
        return raw.replace(b"\r", b"\n")
    return raw
