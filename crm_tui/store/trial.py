"""A copy of the store to work in: the store itself is only read, and nobody waits. What came of it may be carried
over, in a small part of the time that it took, if nobody changed the same meanwhile.

Letters, files and the journal stay behind: of all that a card is made of they are what a store is large by.
"""

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from crm_tui.store import driver, faults, files
from crm_tui.store.engine import Store
from crm_tui.store.tables import found
from crm_tui.store.work import MANY_IDS, Work

LEFT_BEHIND = frozenset(
    {
        "attachment",
        "change",
        "file_content",
        "journal_entry",
        "journal_row",
        "letter",
        "letter_raw",
        "letter_text",
        "placement",
        "process_event",
    }
)
"""Tables that are there, but empty."""


CARDS = (
    "list_item",
    "customer",
    "contact",
    "lead",
    "interest",
    "contact_info",
    "customer_status_change",
    "interest_line",
    "state_change",
)
"""What is carried over, a table after those that it refers to: else SQLite looks for what waits for each row. What
else was written may need what was left behind."""


_TRASHED = ("customer", "contact", "lead", "interest")
_KNOWN_BY = {
    "customer": ("name_fold", "tax_number"),
    "contact": ("name_fold",),
    "lead": ("name_fold",),
    "interest": ("name_fold",),
    "contact_info": ("normal",),
}
"""Columns by which a row of a file is found to be somebody who is here."""


def carried_over(copy: Store, work: Work, seen: int) -> bool:
    """Write into the store what one unit of work did in the copy, journalled as if it had been done here; False, with
    nothing written, when that cannot be: more than cards was written, or what has changed in the store since the copy
    was made, after the change ``seen`` (`Store.last_change`), meets what was done in it.

    ``work`` was begun ``beside`` the copy: rows go from file to file within the database, images and documents of the
    search too, for whoever else wants to write waits meanwhile.
    """
    oldest, changes = work.store.changes_after(seen)
    _oldest, own = copy.changes_after(0)
    written = {name for _id, _origin, topics in own for name in topics}
    if oldest > seen + 1 or not written.issubset(CARDS):
        return False
    for _id, _origin, topics in changes:
        if any(_meets(work.connection, name, topics[name]) for name in topics if name in CARDS):
            return False
    if written:
        work.store.defer_foreign_keys(work.connection)
        for name in filter(written.__contains__, CARDS):
            _carry(work.connection, name)
        _carry_images(work.connection, work.entry())
        _carry_documents(work.connection)
        work.carried({name: _ids(work.connection, name) for name in written})
    return True


def _meets(connection: Connection, name: str, ids: Sequence[int]) -> bool:
    """Whether rows that were written in the store are also written in the copy, or would have been found there by a
    name, number or address of a row; or went into the trash, where something of the copy may hang on them."""
    if not ids or name == "list_item":
        return True
    here = ",".join(str(int(one)) for one in ids)
    there = "(SELECT row_id FROM beside.journal_row WHERE table_name = ?)"
    asked = [f"SELECT 1 FROM beside.journal_row WHERE table_name = ? AND row_id IN ({here})"]
    asked += [
        f'SELECT 1 FROM main."{name}" AS one JOIN beside."{name}" AS other ON other.{column} = one.{column} '
        f"WHERE one.id IN ({here}) AND one.{column} != '' AND other.id IN {there}"
        for column in _KNOWN_BY.get(name, ())
    ]
    if any(connection.exec_driver_sql(f"{query} LIMIT 1", (name,)).first() is not None for query in asked):
        return True
    if name not in _TRASHED:
        return False
    alive = f'SELECT count(*) FROM main."{name}" WHERE id IN ({here}) AND trashed_at IS NULL'
    return bool(connection.exec_driver_sql(alive).scalar_one() < len(set(ids)))


def _carry(connection: Connection, name: str) -> None:
    """The rows of a table that the copy's journal names become what they are in the copy."""
    named = "(SELECT row_id FROM beside.journal_row WHERE table_name = ?)"
    columns = ", ".join(f'"{column.name}"' for column in found(name).columns)
    connection.exec_driver_sql(
        f'DELETE FROM main."{name}" WHERE id IN {named} AND id NOT IN (SELECT id FROM beside."{name}")',
        (name,),
    )
    connection.exec_driver_sql(
        f'UPDATE main."{name}" AS old SET ({columns}) = '
        f'(SELECT {columns} FROM beside."{name}" AS new WHERE new.id = old.id) WHERE id IN {named}',
        (name,),
    )
    connection.exec_driver_sql(
        f'INSERT INTO main."{name}" ({columns}) SELECT {columns} FROM beside."{name}" '
        f'WHERE id IN {named} AND id NOT IN (SELECT id FROM main."{name}") ORDER BY id',
        (name,),
    )


def _carry_images(connection: Connection, entry_id: int) -> None:
    """The rows of the copy's journal become those of this entry."""
    connection.exec_driver_sql(
        "INSERT INTO main.journal_row (entry_id, table_name, row_id, before, after) "
        "SELECT ?, table_name, row_id, before, after FROM beside.journal_row ORDER BY id",
        (entry_id,),
    )


def _carry_documents(connection: Connection) -> None:
    """What the search knows of records: the copy's index has only those that were written."""
    connection.exec_driver_sql(
        "DELETE FROM main.record_fts WHERE rowid IN (SELECT rowid FROM beside.record_fts)"
    )
    connection.exec_driver_sql(
        "INSERT INTO main.record_fts(rowid, title, body, stems) "
        "SELECT rowid, title, body, stems FROM beside.record_fts ORDER BY rowid"
    )


def _ids(connection: Connection, name: str) -> set[int]:
    """The rows that were written, or more of them than are told one by one."""
    query = "SELECT DISTINCT row_id FROM beside.journal_row WHERE table_name = ? LIMIT ?"
    return set(connection.exec_driver_sql(query, (name, MANY_IDS + 1)).scalars())


@contextlib.contextmanager
def copied(store: Store, spare_ids: int = 0) -> Iterator[Store]:
    """The cards of the store as they are now, in a store of its own beside it that is deleted at the end.

    The index of words is empty in it. New cards leave ``spare_ids`` free, for those that are made in the store
    meanwhile. Raises StoreBusy for a full disk.
    """
    with tempfile.TemporaryDirectory(prefix="trial-", dir=store.path.parent) as folder:
        path = Path(folder) / store.path.name
        files.secure(path)
        with (
            faults.told(path),
            contextlib.closing(driver.dbapi.connect(str(path), isolation_level=None)) as connection,
        ):
            _copy(connection, store.path)
            _spare(connection, spare_ids)
        made = Store(path, store.clock)
        try:
            yield made
        finally:
            made.close()


def _copy(connection: Any, source: Path) -> None:
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("ATTACH ? AS source", (str(source),))
    version = connection.execute("PRAGMA source.user_version").fetchone()[0]
    connection.execute("BEGIN")
    made = connection.execute(
        "SELECT type, name, sql FROM source.sqlite_master "
        "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
    ).fetchall()
    tables = {name: sql for kind, name, sql in made if kind == "table"}
    virtual = {name for name, sql in tables.items() if sql.upper().startswith("CREATE VIRTUAL")}
    for name, sql in tables.items():
        if any(name.startswith(f"{of}_") for of in virtual):
            continue  # made with the table that it belongs to
        connection.execute(sql)
        if name not in virtual | LEFT_BEHIND:
            connection.execute(f'INSERT INTO main."{name}" SELECT * FROM source."{name}"')
    connection.execute("DELETE FROM main.sqlite_sequence")
    connection.execute("INSERT INTO main.sqlite_sequence SELECT * FROM source.sqlite_sequence")
    for kind, _name, sql in made:
        if kind in ("index", "trigger"):
            connection.execute(sql)
    connection.execute(f"PRAGMA main.user_version={version}")
    connection.execute("COMMIT")
    connection.execute("DETACH source")


def _spare(connection: Any, count: int) -> None:
    if count:
        for name in CARDS:
            last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (name,)).fetchone()
            connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
            values = name, (last[0] if last else 0) + count
            connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", values)
