"""Drafts: what is typed is kept each second, so that a lost line costs nothing (story B9)."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, or_, select

from crm_tui.domain.errors import NotFound
from crm_tui.store.tables import Draft, DraftFile, Placement, table_of
from crm_tui.store.work import Work

if TYPE_CHECKING:
    from crm_tui.services.writing.compose import Begun, Writing

_FIELDS = ("to", "cc", "bcc", "subject")
_COLUMNS = (
    "account_id", "body", "format", "reply_to_letter_id", "forward_letter_id", "interest_id", "send_at",
)  # fmt: skip
TABLE = table_of(Draft)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in a list."""

    id: int
    to: str
    subject: str
    changed_at: datetime


def save(work: Work, draft_id: int | None, writing: "Writing", *, owner_id: int | None = None) -> int:
    """Keep what is typed; answers the id of the draft. One that is gone meanwhile is made anew.

    Cheap, and meant for ``store.facts``: what is typed by the second is no act of its own.
    """
    values = _values(writing)
    known = None if draft_id is None else work.find(Draft, id=draft_id)
    if known is None:
        return work.add(Draft(created_at=work.now, changed_at=work.now, owner_id=owner_id, **values)).key
    if work.change(known, **values):
        work.change(known, changed_at=work.now)
    return known.key


def bring_back(work: Work, draft_id: int | None, writing: "Writing", *, owner_id: int) -> None:
    """Keep what was typed in an earlier session, once, however often it is brought: a program that is killed may have
    kept it without knowing."""
    if draft_id is None or work.find(Draft, id=draft_id) is None:
        values = _values(writing)
        for known in work.all(Draft, owner_id=owner_id, body=writing.body):
            if all(getattr(known, name) == value for name, value in values.items()):
                return
    save(work, draft_id, writing, owner_id=owner_id)


def begin(work: Work, begun: "Begun", *, owner_id: int | None = None) -> int:
    """A draft of a letter that begins with files, such as one that is sent on; answers its id."""
    from crm_tui.services.writing import draft_files

    draft_id = save(work, None, begun.writing, owner_id=owner_id)
    for file in begun.files:
        draft_files.add(work, draft_id, file)
    return draft_id


def discard(work: Work, draft_id: int) -> None:
    """Put a draft away, with its files and its copy on the server: it was sent, or is thrown away.

    An undo brings back the draft and its files; the copy is made anew when the draft is published again.
    """
    draft = work.find(Draft, id=draft_id)
    if draft is None:
        return
    drop_copy(work, draft.placement_id)
    # Written past the journal: what an undo brings back must not hold to a copy that is gone by then.
    work.connection.execute(
        TABLE.update().where(TABLE.c.id == draft_id).values(placement_id=None, copied_at=None)
    )
    file = table_of(DraftFile)
    work.remove_many(
        DraftFile, list(work.connection.scalars(select(file.c.id).where(file.c.draft_id == draft_id)))
    )
    work.remove(draft)


def drafts(connection: Connection, owner_id: int | None = None) -> list[DraftRow]:
    """The letters that this user has not finished, the newest first; None is everybody's."""
    query = select(TABLE.c.id, TABLE.c.fields, TABLE.c.changed_at)
    if owner_id is not None:
        query = query.where(or_(TABLE.c.owner_id == owner_id, TABLE.c.owner_id.is_(None)))
    rows = connection.execute(query.order_by(TABLE.c.changed_at.desc(), TABLE.c.id))
    return [
        DraftRow(row.id, row.fields.get("to", ""), row.fields.get("subject", ""), row.changed_at)
        for row in rows
    ]


def draft(connection: Connection, draft_id: int) -> "Writing":
    """A draft as it was typed. Raises NotFound."""
    from crm_tui.services.writing.compose import Writing

    row = connection.execute(select(TABLE).where(TABLE.c.id == draft_id)).one_or_none()
    if row is None:
        raise NotFound("no_such_record", kind="draft", id=draft_id)
    return Writing(
        **{name: row._mapping[name] for name in _COLUMNS},
        **{name: row.fields.get(name, "") for name in _FIELDS},
    )


def drop_copy(work: Work, placement_id: int | None) -> None:
    """The copy in the server's Drafts is to go; the next pass takes it away there."""
    if placement_id is None:
        return
    placement = table_of(Placement)
    work.connection.execute(
        placement.update()
        .where(placement.c.id == placement_id)
        .values(deleted=True, version=placement.c.version + 1)
    )
    work.touch(Placement, [placement_id])


def _values(writing: "Writing") -> dict[str, Any]:
    typed = asdict(writing)
    return {name: typed[name] for name in _COLUMNS} | {"fields": {name: typed[name] for name in _FIELDS}}
