"""Reads of letters: lists of a folder, one letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, or_, select

from crm_tui.domain.letter.flags import Flag
from crm_tui.store.queries.unread import UNREAD
from crm_tui.store.tables import (
    Attachment,
    Folder,
    Inquiry,
    Interest,
    Letter,
    LetterLink,
    LetterRaw,
    LetterText,
    Placement,
    User,
    table_of,
)

placement, letter, folder = table_of(Placement), table_of(Letter), table_of(Folder)
inquiry = table_of(Inquiry)

_BATCH = 500


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter in a list: one place of it."""

    id: int
    """Id of the placement."""
    letter_id: int
    sender: str
    subject: str
    date: datetime
    flags: int
    has_attachments: bool
    size: int
    kind: str
    inquiry: str
    """``accepted``, ``declined`` or empty."""
    pending: bool
    """Changed here and not yet on the server."""
    recipients: Any
    pending_beyond_read: bool = False
    """More than the read mark of it is not yet on the server."""


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A file in a letter."""

    id: int
    part: str
    name: str
    content_type: str
    size: int
    inline: bool


@dataclass(frozen=True, slots=True)
class LetterCard:
    """A letter as the reader shows it."""

    row: LetterRow
    folder_id: int
    folder: str
    account_id: int
    sender_address: str
    message_id: str
    text: str | None
    """None while the body is not here."""
    attachments: tuple[AttachmentRow, ...]
    interests: tuple[int, ...]
    reason: str
    """Why it was declined."""
    role: str
    """Role of the folder."""
    body_state: str
    """``none``, ``full`` or ``unfetchable``."""


def unread_ids(connection: Connection, folder_id: int | None) -> set[int]:
    """Ids of the unread places of a folder; of all folders without one."""
    query = select(placement.c.id).where(UNREAD)
    if folder_id is not None:
        query = query.where(placement.c.folder_id == folder_id)
    return set(connection.execute(query).scalars())


def folders_of(connection: Connection, placement_ids: Sequence[int]) -> dict[int, int]:
    """The folder of each of these places; those that are gone are left out."""
    query = select(placement.c.id, placement.c.folder_id).where(
        placement.c.id.in_(placement_ids), ~placement.c.deleted
    )
    return {row.id: row.folder_id for row in connection.execute(query)}


def places_of(
    connection: Connection, letter_ids: Sequence[int], inquiry_ids: Sequence[int] = ()
) -> list[int]:
    """Ids of every place of these letters, and of the letters that these inquiries are about."""
    of_inquiries = select(inquiry.c.letter_id).where(inquiry.c.id.in_(inquiry_ids))
    query = select(placement.c.id).where(
        or_(placement.c.letter_id.in_(letter_ids), placement.c.letter_id.in_(of_inquiries))
    )
    return list(connection.execute(query).scalars())


def rows(connection: Connection, placement_ids: Sequence[int]) -> dict[int, LetterRow]:
    """The rows of these places; those that are gone are left out."""
    found = connection.execute(_row_query(), {"ids": placement_ids})
    return {row.id: LetterRow(*row) for row in found}


def card(connection: Connection, placement_id: int) -> LetterCard | None:
    """One letter for the reader, or None when it is gone."""
    found = rows(connection, [placement_id]).get(placement_id)
    if found is None:
        return None
    more_query, file_query, link_query = _card_queries()
    more = connection.execute(more_query, {"place": placement_id}).one()
    files = connection.execute(file_query, {"letter": found.letter_id})
    linked = connection.execute(link_query, {"letter": found.letter_id})
    return LetterCard(
        row=found,
        folder_id=more.folder_id,
        folder=more.name,
        account_id=more.account_id,
        sender_address=more.sender_address,
        message_id=more.message_id,
        text=more.text,
        attachments=tuple(AttachmentRow(*row) for row in files),
        interests=tuple(linked.scalars()),
        reason=more.reason or "",
        role=more.role,
        body_state=more.body_state,
    )


def raw(connection: Connection, letter_id: int) -> bytes | None:
    """The letter's bytes as the server gave them, or None when they are not here."""
    table = table_of(LetterRaw)
    found: bytes | None = connection.execute(
        select(table.c.raw).where(table.c.letter_id == letter_id)
    ).scalar_one_or_none()
    return found


def places(connection: Connection, letter_ids: Sequence[int]) -> dict[int, int]:
    """For each letter one place where it lies (the newest): what opens it from a timeline or a search."""
    query = (
        select(placement.c.letter_id, func.max(placement.c.id))
        .where(placement.c.letter_id.in_(letter_ids), ~placement.c.deleted)
        .group_by(placement.c.letter_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def interests_of(connection: Connection, letter_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Of each letter that belongs to an Interest: the name of that one (the first of several), and of its owner."""
    link, interest, user = table_of(LetterLink), table_of(Interest), table_of(User)
    query = (
        select(link.c.letter_id, interest.c.name, func.coalesce(user.c.name, ""))
        .join(interest, interest.c.id == link.c.record_id)
        .outerjoin(user, user.c.id == interest.c.owner_id)
        .where(link.c.letter_id.in_(letter_ids), link.c.kind == "interest")
        .order_by(interest.c.name_fold.desc())
    )
    return {row[0]: (row[1], row[2]) for row in connection.execute(query)}


def interest_names(connection: Connection, interest_ids: Sequence[int]) -> tuple[str, ...]:
    """The names of these Interests, in this order; those that are gone are left out."""
    if not interest_ids:
        return ()
    interest = table_of(Interest)
    found = connection.execute(select(interest.c.id, interest.c.name).where(interest.c.id.in_(interest_ids)))
    names = {row.id: row.name for row in found}
    return tuple(names[key] for key in interest_ids if key in names)


def list_unsubscribe(connection: Connection, letter_id: int) -> tuple[str, bool]:
    """The letter's List-Unsubscribe header, and whether the list takes one click (RFC 8058)."""
    query = select(letter.c.list_unsubscribe, letter.c.one_click).where(letter.c.id == letter_id)
    found = connection.execute(query).one_or_none()
    return (found[0], found[1]) if found is not None else ("", False)


@cache
def _row_query() -> Select[Any]:
    """Made once: to make it takes longer than to run it."""
    return (
        select(
            placement.c.id,
            placement.c.letter_id,
            func.coalesce(func.nullif(letter.c.sender_name, ""), letter.c.sender_address),
            letter.c.subject,
            letter.c.date,
            placement.c.flags,
            letter.c.has_attachments,
            letter.c.size,
            letter.c.kind,
            func.coalesce(inquiry.c.status, ""),
            _is_pending().label("pending"),
            letter.c.recipients,
            _is_pending(int(Flag.SEEN)).label("pending_beyond_read"),
        )
        .join(letter, letter.c.id == placement.c.letter_id)
        .outerjoin(inquiry, inquiry.c.letter_id == letter.c.id)
        .where(placement.c.id.in_(bindparam("ids", expanding=True)), ~placement.c.deleted)
    )


@cache
def _card_queries() -> tuple[Select[Any], Select[Any], Select[Any]]:
    """What a card shows beside the row of its ``place``; the files and the Interests of its ``letter``."""
    text, attachment, link = table_of(LetterText), table_of(Attachment), table_of(LetterLink)
    more = (
        select(
            placement.c.folder_id,
            folder.c.name,
            folder.c.account_id,
            letter.c.sender_address,
            letter.c.message_id,
            text.c.text,
            inquiry.c.reason,
            folder.c.role,
            letter.c.body_state,
        )
        .join(folder, folder.c.id == placement.c.folder_id)
        .join(letter, letter.c.id == placement.c.letter_id)
        .outerjoin(text, text.c.letter_id == letter.c.id)
        .outerjoin(inquiry, inquiry.c.letter_id == letter.c.id)
        .where(placement.c.id == bindparam("place"))
    )
    files = (
        select(*(attachment.c[name] for name in AttachmentRow.__dataclass_fields__))
        .where(attachment.c.letter_id == bindparam("letter"))
        .order_by(attachment.c.id)
    )
    linked = select(link.c.record_id).where(
        link.c.letter_id == bindparam("letter"), link.c.kind == "interest"
    )
    return more, files, linked


def _is_pending(but: int = 0) -> ColumnElement[bool]:
    """``but``: flags that do not count."""
    return or_(
        placement.c.srv_folder_id.is_(None),
        placement.c.folder_id != placement.c.srv_folder_id,
        placement.c.flags.op("|")(but) != placement.c.srv_flags.op("|")(but),
    )
