"""Who is meant by a typed name: asked at each key, so by indexes, whatever the number of records."""

import pytest
from sqlalchemy import event

from crm_tui.services.party import customers, leads
from crm_tui.store.queries import party_names
from tests.services.conftest import Office


@pytest.fixture
def known(office: Office) -> Office:
    with office.store.work(office.actor, "enter") as work:
        for name in ("Насосный завод", "Кимберлит", "Kim & Sons", "Kimono", "O'Neil", "Ёлкин"):
            customers.add(work, name)
        leads.add(work, "Olga Kim", company="Newco")
        customers.trash(work, customers.add(work, "Kim gone").key)
    return office


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", 6),
        ("k", ["Kim & Sons", "Kimono"]),
        ("kim", ["Kim & Sons", "Kimono", "Olga Kim"]),
        ("sons ki", ["Kim & Sons"]),
        ("kimono", ["Kimono"]),
        ("зав", ["Насосный завод"]),
        ("newc ol", ["Olga Kim"]),
        ("o'nei", ["O'Neil"]),
        ("елк", ["Ёлкин"]),
        ("#1", ["Насосный завод", "Olga Kim"]),
        ("nobody", []),
        ("---", []),
    ],
)
def test_words_begin_as_is_typed(known: Office, typed: str, found: list[str] | int) -> None:
    with known.store.read() as connection:
        names = [one.name for one in party_names.named(connection, typed, "customer", "lead")]
    assert names == found if isinstance(found, list) else len(names) == found


@pytest.mark.parametrize("typed", ["k", "kim", "kim sons", "nobody"])
def test_no_table_is_gone_through(known: Office, typed: str) -> None:
    asked: list[tuple[str, object]] = []
    with known.store.read() as connection:
        event.listen(
            connection.engine,
            "before_cursor_execute",
            lambda _connection, _cursor, statement, values, *_rest: asked.append((statement, values)),
        )
        party_names.named(connection, typed, "customer", "lead", "contact")
        for statement, values in asked.copy():
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            assert not [row for row in plan if row[3].startswith("SCAN") and "VIRTUAL" not in row[3]], plan
