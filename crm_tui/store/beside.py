"""What stands beside the tables and no migration sees: the search index and the guard of the journal.

Both are made from the tables alone, so an upgrade may drop them and make them anew. The index stays where it is
of the present layout: making it takes minutes where there are a million letters.
"""

from sqlalchemy import Connection

INDEX_LAYOUT = 3
"""Raise it when what ``store.search`` indexes changes, or a revision changes rows that are indexed: the store then
builds the index anew."""
VERSION = INDEX_LAYOUT * 100 + 1
"""Kept in the file (``PRAGMA user_version``); another number there makes the store build all this anew."""

GUARDED = ("journal_entry", "journal_row")


def take_away(connection: Connection) -> None:
    """Take away what would be in the way of an upgrade, and the index where it is of another layout."""
    from crm_tui.store import search

    drop_guards(connection)
    if not _is_present(connection):
        search.drop(connection)


def make(connection: Connection) -> None:
    """Make what ``take_away`` took: the search index of all that is there, and the triggers that keep the journal
    append-only."""
    from crm_tui.store import search

    if not _is_present(connection):
        search.create(connection)
        search.rebuild(connection)
    create_guards(connection)
    connection.exec_driver_sql(f"PRAGMA user_version={VERSION}")


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


def _is_present(connection: Connection) -> bool:
    """Whether what stands in the file is what this program would make."""
    return bool(connection.exec_driver_sql("PRAGMA user_version").scalar_one() == VERSION)
