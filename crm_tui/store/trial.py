"""A copy of the store to work in: the store itself is only read, and nobody waits. What came of it may be carried
over, in a tenth of the time that it took, if nobody changed the cards meanwhile.

Letters, files and the journal stay behind: of all that a card is made of they are what a store is large by.
"""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from crm_tui.store import driver, faults, files
from crm_tui.store.engine import Store
from crm_tui.store.images import Image
from crm_tui.store.tables import JournalRow, table_of
from crm_tui.store.work import Work

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


CARDS = frozenset(
    {
        "contact",
        "contact_info",
        "customer",
        "customer_status_change",
        "interest",
        "lead",
        "list_item",
        "state_change",
    }
)
"""What is carried over; what else was written may need what was left behind."""
_BATCH = 500


def carried_over(copy: Store, work: Work, seen: int) -> bool:
    """Write into the store what one unit of work did in the copy, journalled as if it had been done here; False, with
    nothing written, when that cannot be: more than cards was written, or cards have changed in the store since the
    copy was made, after the change ``seen`` (`Store.last_change`)."""
    oldest, changes = work.store.changes_after(seen)
    touched = {name for _id, _origin, topics in changes for name in topics}
    _oldest, own = copy.changes_after(0)
    written = {name for _id, _origin, topics in own for name in topics}
    if oldest > seen + 1 or touched & CARDS or written - CARDS:
        return False
    work.store.defer_foreign_keys(work.connection)
    row = table_of(JournalRow)
    query = select(row.c.id, row.c.table_name, row.c.row_id, row.c.before, row.c.after).order_by(row.c.id)
    with copy.read() as connection:
        rows = connection.execute(query.limit(_BATCH)).all()
        while rows:
            made: dict[str, dict[int, Image]] = {}
            for _, name, row_id, before, after in rows:
                if before is None and after is not None:
                    made.setdefault(name, {})[row_id] = after
                else:
                    work.restore(name, row_id, after)
            for name, images in made.items():
                work.bring(name, images)
            work.settle()
            rows = connection.execute(query.where(row.c.id > rows[-1].id).limit(_BATCH)).all()
    return True


@contextlib.contextmanager
def copied(store: Store) -> Iterator[Store]:
    """The cards of the store as they are now, in a store of its own beside it that is deleted at the end.

    The index of words is empty in it. Raises StoreBusy for a full disk.
    """
    with tempfile.TemporaryDirectory(prefix="trial-", dir=store.path.parent) as folder:
        path = Path(folder) / store.path.name
        files.secure(path)
        with (
            faults.told(path),
            contextlib.closing(driver.dbapi.connect(str(path), isolation_level=None)) as connection,
        ):
            _copy(connection, store.path)
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
