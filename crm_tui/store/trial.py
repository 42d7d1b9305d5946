"""A copy of the store to try something in: the store itself is only read, and nobody waits for what is tried.

Letters, files and the journal stay behind: of all that a card is made of they are what a store is large by.
"""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crm_tui.store import driver, faults, files
from crm_tui.store.engine import Store

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
