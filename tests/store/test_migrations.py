"""The migrations: an old store with rows comes up to the tables of today, and nothing in it changes."""

import contextlib
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from crm_tui.store import beside, schema
from crm_tui.store.tables import every_table

OLD = """
INSERT INTO user (id, version, login, name, email, language, zone) VALUES (1, 1, 'me', 'Me', '', 'en', 'UTC');
INSERT INTO mail_account (id, version, name, address, sender_name, enabled, kind, imap_host, imap_port,
    imap_security, imap_user, smtp_host, smtp_port, smtp_security, smtp_user, ca_file, password_source,
    move_accepted, decline_needs_reason, capabilities, pass_no, last_complete_pass, last_error)
    VALUES (1, 1, 'work', 'me@x.kz', '', 1, 'imap', 'h', 993, 'tls', 'me', '', 465, 'tls', '', '', 'ask', 0, 0, '[]',
    0, 0, '');
INSERT INTO draft (id, version, account_id, fields, body, created_at, changed_at)
    VALUES (1, 1, 1, '{}', 'kept', '2026-01-01 00:00:00', '2026-01-01 00:00:00');
"""


def test_a_store_of_the_first_run_comes_up_with_what_it_held(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    schema.upgrade(path, "0001")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLD)
    schema.upgrade(path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT body, format, message_id FROM draft").fetchall() == [
            ("kept", "plain", "")
        ]
        account = connection.execute(
            "SELECT auth, sync_folders, sent_copy, shared FROM mail_account"
        ).fetchone()
        assert account == ("password", 1, "append", 0)
    assert schema.revision(path) == schema.HEAD


@pytest.mark.parametrize(("layout", "stays"), [(beside.VERSION, True), (beside.VERSION - 100, False)])
def test_an_upgrade_makes_the_search_index_anew_only_where_its_layout_is_old(
    tmp_path: Path, layout: int, stays: bool
) -> None:
    path = tmp_path / "old.db"
    schema.upgrade(path, "0005")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"""
            INSERT INTO record_fts (rowid, title, body, stems) VALUES (1, 'pump', '', '');
            PRAGMA user_version = {layout};
        """)
    schema.upgrade(path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT title FROM record_fts WHERE record_fts MATCH 'pump'").fetchall()
        assert found == ([("pump",)] if stays else [])
        assert connection.execute("PRAGMA user_version").fetchone() == (beside.VERSION,)


def test_the_migrations_make_the_tables_that_the_program_declares(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    schema.upgrade(path)
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, _up: kind != "table" or "_fts" not in (name or "")},
        )
        assert compare_metadata(context, every_table()) == []
    engine.dispose()


def test_no_table_that_was_made_anew_gives_an_id_twice(tmp_path: Path) -> None:
    """SQLite makes a table anew to change a column; what is not said of it again, its AUTOINCREMENT, is lost."""
    path = tmp_path / "new.db"
    schema.upgrade(path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        made = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    meant = {
        table.name
        for table in every_table().sorted_tables
        if table.dialect_options["sqlite"]["autoincrement"]
    }
    assert len(meant) > 30
    assert {name for name in meant if "AUTOINCREMENT" not in made[name]} == set()
