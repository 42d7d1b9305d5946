"""A unit of work that writes down what it did as it goes on is still one: one entry, one undo."""

from pathlib import Path

from sqlalchemy import func, select

from crm_tui.services.party import customers
from crm_tui.store import undo
from crm_tui.store.engine import Store
from crm_tui.store.tables import Customer, JournalEntry, table_of
from crm_tui.store.work import Actor
from tests.stores import new_store

ME = Actor("test")


def test_a_settled_unit_is_one_entry_and_one_undo(tmp_path: Path) -> None:
    """Also for a row that was changed before and after, and whose contact information was taken away."""
    store = new_store(tmp_path)
    try:
        with store.work(ME, "customer.add") as work:
            old = customers.add(work, "Old", infos=[("email", "old@example.kz")]).key
        before = _dump(store)
        with store.work(ME, "customers.import") as work:
            customers.change(work, old, city="Almaty")
            work.settle()
            customers.add(work, "New", infos=[("email", "new@example.kz")])
            customers.change(work, old, city="Astana", infos=[])
            work.settle()
            work.settle()
        after = _dump(store)
        with store.read() as connection:
            entries = connection.scalar(select(func.count()).select_from(table_of(JournalEntry)))
        assert entries == 2
        undo.undo(store, ME)
        assert _dump(store) == before
        undo.redo(store, ME)
        with store.read() as connection:
            cities = connection.execute(select(table_of(Customer).c.name, table_of(Customer).c.city)).all()
        assert [tuple(row) for row in cities] == [("Old", "Astana"), ("New", "")]
        assert len(_dump(store)) == len(after)
    finally:
        store.close()


def _dump(store: Store) -> list[tuple[object, ...]]:
    with store.read() as connection:
        return [
            tuple(row)
            for name in ("customer", "contact_info", "record_fts")
            for row in connection.exec_driver_sql(f"SELECT * FROM {name}")
        ]
