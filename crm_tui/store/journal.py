"""The journal: who changed what, with every row as it was and as it became.

Undo, field history and "as of" views are reads of it; no verb writes a line for them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, TableClause, bindparam, column, delete, func, insert, select, table, update
from sqlalchemy.types import NullType

from crm_tui.store.images import Image, images_of, inserted_id, unpacked
from crm_tui.store.tables import JournalEntry, JournalRow, table_of

if TYPE_CHECKING:
    from crm_tui.store.work import Work

_BATCH = 500
UNJOURNALLED = frozenset({"journal_entry", "journal_row", "change", "session_state"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a record as it was and as it became."""

    at: datetime
    actor: str
    command: str
    field: str
    before: Any
    after: Any


def write(
    work: "Work",
    before: Mapping[tuple[str, int], Image | None],
    *,
    undoable: bool,
    entry_id: int | None = None,
) -> int | None:
    """Write the entry of a unit of work, or more rows of the one with this id, and return its id.

    Only rows that really differ; no entry for none.
    """
    rows = table_of(JournalRow)
    for differing in _differences(work.connection, before):
        if entry_id is None:
            entry_id = begin(work, undoable=undoable)
        work.connection.execute(
            insert(rows),
            [
                {"entry_id": entry_id, "table_name": name, "row_id": row_id, "before": old, "after": new}
                for (name, row_id), old, new in differing
            ],
        )
    return entry_id


def begin(work: "Work", *, undoable: bool) -> int:
    """Write the entry of a unit of work, without rows yet, and return its id."""
    result = work.connection.execute(
        insert(table_of(JournalEntry)),
        {
            "at": work.now,
            "actor": work.actor.name,
            "user_id": work.actor.user_id,
            "command": work.command,
            "undoable": undoable,
            "undoes": work.undoes,
        },
    )
    return inserted_id(result)


def write_images(
    connection: Connection, name: str, images: Mapping[int, Image | None], now: Mapping[int, Image]
) -> None:
    """Make the rows equal to the images, byte for byte; None deletes one. ``now``: those that are there.

    First what goes, then what changes in the order that is given, then what comes: so no two rows have meanwhile
    what only one may have.
    """
    gone = [{"_id": row_id} for row_id, image in images.items() if image is None and row_id in now]
    one = bindparam("_id", type_=NullType())
    if gone:
        connection.execute(delete(raw := _raw(name, ("id",))).where(raw.c.id == one), gone)
    there = {row_id: image for row_id, image in images.items() if image is not None}
    for columns, rows in _by_columns(image for row_id, image in there.items() if row_id in now):
        raw = _raw(name, columns)
        values = {column: bindparam(f"_{column}", type_=NullType()) for column in columns}
        connection.execute(
            update(raw).where(raw.c.id == one).values(values),
            [{f"_{column}": value for column, value in row.items()} for row in rows],
        )
    for columns, rows in _by_columns(image for row_id, image in there.items() if row_id not in now):
        connection.execute(insert(_raw(name, columns)), rows)


def _raw(name: str, columns: Iterable[str]) -> TableClause:
    """The table by its name alone: what an image holds goes in as it came out, past the types of the columns."""
    return table(name, *(column(each) for each in columns))


def _by_columns(images: Iterable[Image]) -> Iterator[tuple[tuple[str, ...], list[Image]]]:
    """The values of images that follow each other and have the same columns: an old one lacks later ones."""
    for columns, alike in groupby(images, key=tuple):
        yield columns, [unpacked(image) for image in alike]


def rows_of(connection: Connection, entry_id: int, most: int) -> tuple[list[dict[str, Any]], int]:
    """The first rows of an entry: ``table``, ``id``, ``before`` and ``after`` as images; how many there are more."""
    row = table_of(JournalRow)
    query = (
        select(row.c.table_name.label("table"), row.c.row_id.label("id"), row.c.before, row.c.after)
        .where(row.c.entry_id == entry_id)
        .order_by(row.c.id)
        .limit(most)
    )
    found = [dict(one._mapping) for one in connection.execute(query)]
    count = connection.scalar(select(func.count()).where(row.c.entry_id == entry_id)) or 0
    return found, count - len(found)


def field_history(connection: Connection, name: str, row_id: int) -> list[FieldChange]:
    """Every change of every field of a record, newest first."""
    entry, row = table_of(JournalEntry), table_of(JournalRow)
    query = (
        select(entry.c.at, entry.c.actor, entry.c.command, row.c.before, row.c.after)
        .join(row, row.c.entry_id == entry.c.id)
        .where(row.c.table_name == name, row.c.row_id == row_id)
        .order_by(entry.c.id.desc())
    )
    return [
        FieldChange(at, actor, command, field, (before or {}).get(field), (after or {}).get(field))
        for at, actor, command, before, after in connection.execute(query)
        for field in sorted((before or {}).keys() | (after or {}).keys())
        if field not in ("id", "version") and (before or {}).get(field) != (after or {}).get(field)
    ]


def _differences(
    connection: Connection, before: Mapping[tuple[str, int], Image | None]
) -> Iterator[list[tuple[tuple[str, int], Image | None, Image | None]]]:
    """The rows that differ in the order in which they were touched, so many at a time as the memory bears."""
    keys = [key for key in before if key[0] not in UNJOURNALLED]
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        by_table: dict[str, list[int]] = {}
        for name, row_id in batch:
            by_table.setdefault(name, []).append(row_id)
        after = {
            (name, row_id): image
            for name, ids in by_table.items()
            for row_id, image in images_of(connection, name, ids).items()
        }
        differing = [(key, before[key], after.get(key)) for key in batch if before[key] != after.get(key)]
        if differing:
            yield differing
