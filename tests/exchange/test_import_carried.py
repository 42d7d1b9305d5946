"""A long import is carried over from a copy (``store.trial``): what comes of it is the same to the byte."""

from dataclasses import replace
from pathlib import Path

import pytest

from crm_tui.services import users
from crm_tui.services.exchange import import_plan, imports
from crm_tui.services.interest import scenarios
from crm_tui.services.interest.interests import add as add_interest
from crm_tui.services.party import contacts, customers
from crm_tui.store import trial
from crm_tui.store.engine import Store
from crm_tui.store.tables import every_table
from crm_tui.store.undo import redo, undo
from crm_tui.store.work import Work
from tests.stores import TestClock, new_store

FILES = {
    "contacts": "Name,Company,E-mail,Phone,City\n"
    "Olga Kim,Known,olga@known.example,+7 701 111 22 33,Almaty\n"
    "Ivan Petrov,New one,ivan@new.example,,\n"
    "Bad,,none,,\n"
    "Olga Kim,Known,olga@known.example;o@home.example,,Astana\n",
    "interests": "Name,Customer,Contact,State,Amount,Product\n"
    "Pumps,Known,Olga Kim,won,1000,Pump\n"
    "Valves,New one,Ivan Petrov,,2000,Valve\n"
    "Old deal,Known,,,3000,\n",
}


def _filled(folder: Path) -> Store:
    store = new_store(folder, TestClock())
    with store.work(users.actor_of(users.current(store)), "prepare") as work:
        scenarios.ensure_shipped(work)
        known = customers.add(work, "Known", infos=[("email", "info@known.example")]).key
        contacts.add(work, "Olga Kim", customer_id=known, infos=[("email", "olga@known.example")])
        add_interest(work, "Old deal", customer_id=known)
    return store


def _whole(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables as they lie in the file, and of the index of words."""
    names = sorted(every_table().tables.keys() - {"change", "session_state"})
    with store.read() as connection:
        return {
            name: [tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')]
            for name in (*names, "record_fts")
        }


@pytest.mark.parametrize("kind", FILES)
def test_idx_03_carried_over_is_the_same_as_done_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Rows, journal and index of words, after the import and after an undo, a redo and an undo of that."""
    found = []
    carried: list[bool] = []
    carry = trial.carried_over

    def watched(copy: Store, work: Work, seen: int) -> bool:
        carried.append(carry(copy, work, seen))
        return carried[-1]

    monkeypatch.setattr(trial, "carried_over", watched)
    for long in (1000, 1):
        monkeypatch.setattr(imports, "_LONG", long)
        folder = tmp_path / str(long)
        store = _filled(folder)
        actor = users.actor_of(users.current(store))
        path = folder / "file.csv"
        path.write_text(FILES[kind], "utf-8")
        before = _whole(store)
        with store.read() as connection:
            plan = import_plan.proposed(connection, kind, path, path.name).plan
        result = imports.run(store, actor, path, replace(plan, mode="update"))
        states = [_whole(store)]
        for step in (undo, redo, undo):
            step(store, actor)
            states.append(_whole(store))
        for name in ("customer", "contact", "contact_info", "interest", "interest_line", "record_fts"):
            assert states[0][name] == states[2][name]
            assert before[name] == states[1][name] == states[3][name]
        assert states[0]["contact" if kind == "contacts" else "interest"] != before[kind[:-1]]
        found.append((result.counts(), states))
        store.close()
    assert carried == [True], "once done at once, once carried over"
    assert found[0] == found[1]
    assert found[0][0]["new"] > 0 < found[0][0]["changed"]


def test_idx_03_what_refers_to_a_card_is_found_by_an_index(tmp_path: Path) -> None:
    """Or each row that an undo deletes is looked for in all of the tables that may refer to it."""
    cards = {"customer", "contact", "lead", "interest", "interaction"}
    store = new_store(tmp_path, TestClock())
    with store.read() as connection:
        slow = [
            f"{table.name}.{key.parent.name}"
            for table in every_table().tables.values()
            for key in table.foreign_keys
            if key.column.table.name in cards
            for plan in connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN SELECT 1 FROM {table.name} WHERE {key.parent.name} = 7"
            ).all()
            if plan[3].startswith("SCAN")
        ]
    store.close()
    assert set(slow) == {"draft.interest_id", "process.held_state_id"}, (
        "drafts are few; a process has its Interest"
    )
