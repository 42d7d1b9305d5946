"""A letter that is answered or sent on: what its rows and its header say of whom an answer goes to."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.domain.errors import NotFound
from crm_tui.services.writing.letter_parts import File
from crm_tui.store.tables import Letter, LetterLink, LetterRaw, LetterText, table_of

Box = tuple[str, str]
"""Display name and address."""

_HEADER_BYTES = 128 * 1024


@dataclass(frozen=True, slots=True)
class Origin:
    """What an answer or a forward needs of a letter; all of it foreign text."""

    subject: str
    sender: Box
    to: list[Box]
    cc: list[Box]
    reply_to: list[Box]
    date: datetime
    text: str
    interest_id: int | None
    """The Interest that the letter belongs to, which the answer inherits."""
    followup_to: list[Box] = field(default_factory=list)
    """Mail-Followup-To, by which somebody on a list says whom all answers go to."""
    list_post: str = ""
    """The address of the mailing list (RFC 2369 section 3.4)."""


def of(connection: Connection, letter_id: int) -> Origin:
    """The letter with this id. Raises NotFound."""
    letter, text, link, raw = (
        table_of(Letter),
        table_of(LetterText),
        table_of(LetterLink),
        table_of(LetterRaw),
    )
    found = connection.execute(
        select(letter, text.c.text)
        .outerjoin(text, text.c.letter_id == letter.c.id)
        .where(letter.c.id == letter_id)
    ).one_or_none()
    if found is None:
        raise NotFound("no_such_record", kind="letter", id=letter_id)
    interest_id = connection.scalar(
        select(link.c.record_id)
        .where(link.c.letter_id == letter_id, link.c.kind == "interest")
        .order_by(link.c.id)
        .limit(1)
    )
    body = connection.scalar(select(raw.c.raw).where(raw.c.letter_id == letter_id))
    followup_to, list_post = _of_list(body) if body else ([], "")
    recipients: dict[str, Any] = found.recipients or {}
    return Origin(
        subject=found.subject,
        sender=(found.sender_name, found.sender_address),
        to=_boxes(recipients, "to"),
        cc=_boxes(recipients, "cc"),
        reply_to=_boxes(recipients, "reply_to"),
        date=found.date,
        text=found.text or "",
        interest_id=interest_id,
        followup_to=followup_to,
        list_post=list_post,
    )


def raw(connection: Connection, letter_id: int) -> bytes:
    """The bytes of a letter. Raises NotFound (``body_not_here``) before they were fetched."""
    table = table_of(LetterRaw)
    found: bytes | None = connection.scalar(select(table.c.raw).where(table.c.letter_id == letter_id))
    if found is None:
        raise NotFound("body_not_here", letter=letter_id)
    return found


def files(letter: bytes) -> tuple[File, ...]:
    """The attachments of a letter, to be sent on; pictures of its text come as files of their own."""
    from crm_tui.parsing.letter import attachment_bytes, parse  # the whole parser: not at every start

    return tuple(
        File(
            one.name or one.file_name,
            one.type,
            attachment_bytes(letter, one.part),
            inline=one.inline and bool(one.content_id),
            content_id=one.content_id,
        )
        for one in parse(letter).attachments
    )


def _of_list(letter: bytes) -> tuple[list[Box], str]:
    from crm_tui.parsing import fields
    from crm_tui.parsing.limits import DEFAULT
    from crm_tui.parsing.parts import headers_of

    head = letter[:_HEADER_BYTES]
    headers, _end = headers_of(head, 0, len(head), DEFAULT, [])
    followup = fields.mailboxes(headers.get("mail-followup-to", []), DEFAULT.addresses)
    post = fields.line((headers.get("list-post") or [b""])[0])
    start = post.lower().find("<mailto:")
    address = post[start + 8 :].partition(">")[0].partition("?")[0].strip() if start >= 0 else ""
    return [(box.name, box.address) for box in followup if box.address], address


def _boxes(recipients: dict[str, Any], name: str) -> list[Box]:
    return [(str(one[0]), str(one[1])) for one in recipients.get(name) or () if one[1]]
