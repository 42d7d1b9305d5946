"""Reads of what waits for a server: letters to be sent, and what was done with letters and is not told yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, LargeBinary, Row, Select, func, or_, select, type_coerce

from crm_tui.domain.letter.flags import Flag
from crm_tui.store.tables import (
    Folder,
    JournalEntry,
    JournalRow,
    Letter,
    MailAccount,
    Outbox,
    Placement,
    table_of,
)
from crm_tui.store.tables.mail import PENDING

WAITING = ("queued", "sending", "deferred", "failed", "uncertain")
"""States of a letter that a person still has to do with; ``sent`` and ``cancelled`` ones are over."""
HEAD_BYTES = 16_384
"""The headers of a letter of our own are shorter."""
_BATCH = 500

outbox, account = table_of(Outbox), table_of(MailAccount)
placement, letter, folder = table_of(Placement), table_of(Letter), table_of(Folder)


@dataclass(frozen=True, slots=True)
class WaitingLetter:
    """A letter that waits to be sent, or for a person's word."""

    id: int
    account: str
    account_id: int
    status: str
    recipients: tuple[str, ...]
    """Those who do not have it yet."""
    results: dict[str, tuple[int, str]]
    """Address → the server's answer."""
    subject: str
    next_try_at: datetime
    not_before: datetime | None
    """The time that somebody chose for it."""
    automatic: bool
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PendingAct:
    """Something done with a letter here that its server does not know yet."""

    id: int
    """Of the placement; of an act on a folder, that of the folder."""
    kind: str
    """One of ``KINDS``."""
    subject: str
    """Of the letter; empty for an act on a folder."""
    folder: str
    """Where it lies by now; empty where that is of no account."""
    role: str
    at: datetime | None
    """When it was done, as far as the journal says."""
    error: str
    """What the server said to it."""


KINDS = (
    "delete",
    "move",
    "read",
    "unread",
    "important",
    "unimportant",
    "put",
    "folder_create",
    "folder_rename",
    "folder_delete",
    "folder_subscribe",
)
"""What can wait for a server; ``put``: a copy of a letter made here that is to be put there."""


def waiting_letters(connection: Connection) -> list[WaitingLetter]:
    """The letters in the outbox, the next to go first, the ones that nobody tries any more last."""
    head = type_coerce(func.substr(outbox.c.raw, 1, HEAD_BYTES), LargeBinary).label("head")
    columns = [column for column in outbox.c if column.name not in ("raw", "draft")]
    query: Select[Any] = (
        select(*columns, head, account.c.name.label("account_name"))
        .join(account, account.c.id == outbox.c.account_id)
        .where(outbox.c.status.in_(WAITING))
    )
    found = [_waiting(row) for row in connection.execute(query)]
    return sorted(found, key=lambda one: (one.status == "failed", one.next_try_at, one.id))


def counts(connection: Connection) -> tuple[int, int]:
    """How many letters wait to be sent, and how many for a person's word."""
    query = (
        select(outbox.c.status, func.count()).where(outbox.c.status.in_(WAITING)).group_by(outbox.c.status)
    )
    by_status: dict[str, int] = {row[0]: row[1] for row in connection.execute(query)}
    asking = by_status.get("failed", 0) + by_status.get("uncertain", 0)
    return sum(by_status.values()) - asking, asking


def raw(connection: Connection, outbox_id: int) -> bytes | None:
    """The bytes of a letter as they go out; None when it is not there."""
    return connection.scalar(select(outbox.c.raw).where(outbox.c.id == outbox_id))


def subjects(connection: Connection, outbox_ids: Sequence[int]) -> dict[int, str]:
    """What letters in the outbox are about: it keeps their bytes alone."""
    if not outbox_ids:
        return {}
    head = type_coerce(func.substr(outbox.c.raw, 1, HEAD_BYTES), LargeBinary)
    rows = connection.execute(select(outbox.c.id, head).where(outbox.c.id.in_(outbox_ids)))
    return {int(row[0]): _subject(row[1]) for row in rows}


def pending_acts(connection: Connection) -> list[PendingAct]:
    """What was done with folders and letters and waits for their servers: folders, which go first, then the
    letters in the order it was done."""
    rows = [*_changed(connection), *_fresh(connection)]
    done = _times(connection, [row.id for row in rows])
    names = {row.id: row for row in connection.execute(select(folder.c.id, folder.c.name, folder.c.role))}
    found: list[tuple[int, PendingAct]] = []
    for row in rows:
        number, at = done.get(row.id, (0, None))
        there = names.get(row.folder_id)
        for kind in _kinds(row):
            act = PendingAct(
                id=row.id,
                kind=kind,
                subject=row.subject,
                folder=there.name if there is not None else "",
                role=there.role if there is not None else "",
                at=at,
                error=row.error,
            )
            found.append((number, act))
    acts = [act for _number, act in sorted(found, key=lambda pair: (pair[0], pair[1].id))]
    return [*_folder_acts(connection), *acts]


def _waiting(row: Row[Any]) -> WaitingLetter:
    results = {address: (int(answer[0]), str(answer[1])) for address, answer in row.results.items()}
    return WaitingLetter(
        id=row.id,
        account=row.account_name,
        account_id=row.account_id,
        status=row.status,
        recipients=tuple(
            dict.fromkeys([*row.recipients, *(one for one in results if results[one][0] >= 400)])
        ),
        results=results,
        subject=_subject(row.head),
        next_try_at=row.next_try_at,
        not_before=row.not_before,
        automatic=row.automatic,
        attempts=row.attempts,
        created_at=row.created_at,
    )


def _subject(head: bytes) -> str:
    from crm_tui.parsing.letter import parse_headers  # slow to import, and seldom needed

    return parse_headers(head.partition(b"\r\n\r\n")[0]).subject


def _folder_acts(connection: Connection) -> Iterator[PendingAct]:
    query = select(folder.c.id, folder.c.name, folder.c.role, folder.c.intent, folder.c.error).where(
        or_(folder.c.intent.is_not(None), folder.c.subscribe_intent.is_not(None))
    )
    for row in connection.execute(query.order_by(folder.c.id)):
        kind = f"folder_{row.intent or 'subscribe'}"
        yield PendingAct(row.id, kind, "", row.name, row.role, None, row.error)


_COLUMNS = (
    placement.c.id,
    placement.c.folder_id,
    placement.c.srv_folder_id,
    placement.c.srv_uid,
    placement.c.flags,
    placement.c.srv_flags,
    placement.c.deleted,
    placement.c.error,
    letter.c.subject,
)


def _changed(connection: Connection) -> list[Any]:
    """Letters that the server has in another place or with other flags; by the index ``ix_placement_pending``."""
    query = select(*_COLUMNS).join(letter, letter.c.id == placement.c.letter_id).where(PENDING)
    return [row for row in connection.execute(query) if row.srv_uid is not None]


def _fresh(connection: Connection) -> list[Any]:
    """Copies made here that the server is to get."""
    query: Select[Any] = (
        select(*_COLUMNS)
        .join(letter, letter.c.id == placement.c.letter_id)
        .where(placement.c.srv_uid.is_(None), placement.c.srv_folder_id.is_(None), ~placement.c.deleted)
    )
    return list(connection.execute(query))


def _kinds(row: Row[Any]) -> Iterator[str]:
    if row.srv_uid is None:
        yield "put"
    elif row.deleted:
        yield "delete"
    else:
        changed = row.flags ^ row.srv_flags
        if changed & Flag.SEEN:
            yield "read" if row.flags & Flag.SEEN else "unread"
        if changed & Flag.FLAGGED:
            yield "important" if row.flags & Flag.FLAGGED else "unimportant"
        if row.folder_id != row.srv_folder_id:
            yield "move"


def _times(connection: Connection, placement_ids: Sequence[int]) -> dict[int, tuple[int, datetime]]:
    """The number and time of the last journalled act on each of the places."""
    rows, entries = table_of(JournalRow), table_of(JournalEntry)
    found: dict[int, tuple[int, datetime]] = {}
    for start in range(0, len(placement_ids), _BATCH):
        last = (
            select(rows.c.row_id, func.max(rows.c.entry_id).label("entry_id"))
            .where(
                rows.c.table_name == placement.name, rows.c.row_id.in_(placement_ids[start : start + _BATCH])
            )
            .group_by(rows.c.row_id)
            .subquery()
        )
        query = select(last.c.row_id, entries.c.id, entries.c.at).join(
            entries, entries.c.id == last.c.entry_id
        )
        found.update((row[0], (row[1], row[2])) for row in connection.execute(query))
    return found
