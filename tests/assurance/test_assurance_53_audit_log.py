"""Row 53: the journal is append-only, and every change of a person stands in it with who, when and what."""

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from crm_tui.services import users
from crm_tui.services.party import contacts, customers
from crm_tui.services.record import merging
from crm_tui.services.task import tasks
from crm_tui.store import beside, undo
from crm_tui.store.engine import Store
from crm_tui.store.work import Actor
from tests.stores import TestClock, new_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store in which a person entered, changed, merged, took back and removed something."""
    store = new_store(tmp_path_factory.mktemp("audit"), TestClock())
    with store.facts("setup") as work:
        user = users.ensure(work, "aliya", name="Aliya", zone="Asia/Almaty")
    actor = users.actor_of(user)
    with store.work(actor, "customer.add") as work:
        one, other = customers.add(work, "Newco"), customers.add(work, "Newco LLP", city="Almaty")
        contacts.add(work, "Olga", customer_id=other.key)
        tasks.add(work, "Call", assignee_id=user.key, customer_id=one.key)
    with store.work(actor, "customer.change") as work:
        customers.change(work, one.key, city="Astana")
    with store.work(actor, merging.COMMAND) as work:
        merging.merge(work, "customer", one.key, other.key)
    undo.undo(store, actor)
    undo.redo(store, actor)
    yield store
    store.close()


@pytest.mark.parametrize("table", beside.GUARDED)
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_assurance_53_the_journal_takes_no_change_and_no_deletion(store: Store, table: str, act: str) -> None:
    with (
        contextlib.closing(sqlite3.connect(store.path)) as stranger,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        stranger.execute(act.format(table))


def test_assurance_53_each_entry_says_who_when_and_what(store: Store) -> None:
    with store.read() as connection:
        entries = connection.exec_driver_sql("SELECT actor, at, command, id FROM journal_entry").all()
        rows = connection.exec_driver_sql(
            "SELECT entry_id, table_name, row_id, before, after FROM journal_row"
        ).all()
    assert len(entries) == 5
    for actor, at, command, entry_id in entries:
        assert actor.casefold() == "aliya"
        assert datetime.fromisoformat(at).replace(tzinfo=UTC) == store.clock()
        assert command
        assert [row for row in rows if row.entry_id == entry_id]
    assert all(row.table_name and row.row_id and row.before != row.after for row in rows)


def test_assurance_53_what_is_there_is_what_the_journal_tells(store: Store) -> None:
    """Every row that a person can edit is as the newest image of it says: no change passed the journal by."""
    with store.read() as connection:
        for table in ("customer", "contact", "task"):
            rows = connection.exec_driver_sql(f"SELECT id, version FROM {table} ORDER BY id").all()
            newest = connection.exec_driver_sql(
                "SELECT row_id, json_extract(after, '$.version') FROM journal_row "
                "WHERE id IN (SELECT max(id) FROM journal_row WHERE table_name = ? GROUP BY row_id) ORDER BY row_id",
                (table,),
            ).all()
            assert newest == rows
            assert rows


def test_assurance_53_a_unit_that_fails_leaves_neither_change_nor_entry(store: Store) -> None:
    def entries() -> int:
        with store.read() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM journal_entry").scalar_one())

    before = entries()
    with contextlib.suppress(ZeroDivisionError), store.work(Actor("me", 1), "customer.add") as work:
        customers.add(work, "Half")
        raise ZeroDivisionError
    assert entries() == before
