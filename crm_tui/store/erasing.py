"""Taking a person's words out of the file itself: the journal, the search index, freed pages, the write-ahead log.

The journal is append-only; erasing what a person has a right to have erased is the one exception. Its entries keep
who did what to which record and when, the images lose the words (product/field.md C-13).
"""

import contextlib
import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    Table,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from crm_tui.store import beside, driver, faults
from crm_tui.store.engine import Store
from crm_tui.store.images import BYTES, Image, inserted_id
from crm_tui.store.tables import JournalEntry, JournalRow, table_of
from crm_tui.store.tables.base import Json
from crm_tui.store.work import Actor, Work

Column = Callable[[str], ColumnElement[Any]]
"""A column of a table by its name, or what a journalled image of a row says in its place."""
Scrub = Callable[[Image, int], Image]
"""An image without the words, from the image and the id of its row."""
_BATCH = 200
_WAIT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Rinsed:
    """What came of writing the file anew."""

    whole: bool
    """False while another process read the store: its write-ahead log still has what was there before."""


def note(work: Work, actor: Actor, command: str, rows: Collection[tuple[str, int]]) -> None:
    """Write the entry of an erasure: which rows it was about, nothing of what they said. No undo takes it back."""
    values = {
        "at": work.now,
        "actor": actor.name,
        "user_id": actor.user_id,
        "command": command,
        "undoable": False,
    }
    entry_id = inserted_id(work.connection.execute(insert(table_of(JournalEntry)).values(values)))
    told = [{"entry_id": entry_id, "table_name": name, "row_id": row_id} for name, row_id in rows]
    if told:
        work.connection.execute(insert(table_of(JournalRow)), told)


@contextlib.contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """The journal can be written over within this block; the transaction it is in holds all other writers off."""
    beside.drop_guards(connection)
    yield
    beside.create_guards(connection)


def scrub_journal(
    connection: Connection,
    name: str,
    ids: Collection[int],
    clause: Callable[[Column], ColumnElement[bool]],
    scrub: Scrub,
) -> int:
    """Take the words out of every journalled image of these rows, and of rows that are gone to which the clause
    applies; their entries are not undone any more. Answers how many images there were. Only when `unguarded`."""
    row, entry = table_of(JournalRow), table_of(JournalEntry)
    were = or_(*(clause(_told_in(image)) for image in (row.c.before, row.c.after)))
    query = select(row.c.id, row.c.entry_id, row.c.row_id, row.c.before, row.c.after).where(
        row.c.table_name == name, or_(among(row.c.row_id, ids), were)
    )
    found = connection.execute(query).all()
    if not found:
        return 0
    statement = (
        update(row).where(row.c.id == bindparam("of")).values(before=bindparam("was"), after=bindparam("is"))
    )
    for start in range(0, len(found), _BATCH):
        batch = [
            {
                "of": each.id,
                "was": each.before and scrub(each.before, each.row_id),
                "is": each.after and scrub(each.after, each.row_id),
            }
            for each in found[start : start + _BATCH]
        ]
        connection.execute(statement, batch)
    entries = {each.entry_id for each in found}
    connection.execute(update(entry).where(among(entry.c.id, entries)).values(undoable=False))
    return len(found)


def among(column: ColumnElement[Any], ids: Collection[int]) -> ColumnElement[bool]:
    """The clause that the column is one of these numbers, however many they are."""
    return column.in_(bindparam(None, sorted(ids), expanding=True, literal_execute=True))


def stored_value(table: Table, column: str, value: Any) -> Any:
    """A value as an image of the row holds it."""
    kind = table.c[column].type
    if isinstance(kind, LargeBinary) and value is not None:
        return BYTES
    if isinstance(kind, Json) and value is not None:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return value


def rinse(store: Store) -> Rinsed:
    """Write the whole file anew, so that no freed page and no log keeps what was erased.

    Needs free room of the size of the store, and is slow for a large one: call it in a thread. Raises StoreBusy.
    """
    with (
        faults.told(store.path),
        store.gate.hold("vacuum", wait=_WAIT_SECONDS),
        contextlib.closing(
            driver.dbapi.connect(str(store.path), timeout=10, isolation_level=None)
        ) as connection,
    ):
        connection.execute("VACUUM")
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return Rinsed(not busy)


def _told_in(image: ColumnElement[Any]) -> Column:
    return lambda name: func.json_extract(image, f"$.{name}")
