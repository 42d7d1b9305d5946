"""What stands beside the tables and no migration sees: the search index and the guard of the journal.

Both are made from the tables alone, so an upgrade drops them and makes them anew.
"""

from sqlalchemy import Connection

INDEX_LAYOUT = 3
"""Raise it when what ``store.search`` indexes changes: the store then builds the index anew."""
VERSION = INDEX_LAYOUT * 100 + 1
"""Kept in the file (``PRAGMA user_version``); another number there makes the store build all this anew."""

GUARDED = ("journal_entry", "journal_row")


def create(connection: Connection) -> None:
    """Make the search index of all that is there, and the triggers that keep the journal append-only."""
    from crm_tui.store import search

    search.create(connection)
    search.rebuild(connection)
    create_guards(connection)
    connection.exec_driver_sql(f"PRAGMA user_version={VERSION}")


def drop(connection: Connection) -> None:
    """Take it all away."""
    from crm_tui.store import search

    drop_guards(connection)
    search.drop(connection)


def create_guards(connection: Connection) -> None:
    """Make the triggers that keep the journal append-only."""
    for table in GUARDED:
        for act in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER guard_{table}_{act.lower()} BEFORE {act} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
            )


def drop_guards(connection: Connection) -> None:
    """Take the triggers away: for an upgrade of the tables, and for `store.erasing`."""
    for table in GUARDED:
        for act in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS guard_{table}_{act}")
