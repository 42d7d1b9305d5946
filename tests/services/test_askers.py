"""Who a letter may come from is known at once, however many addresses there are."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from crm_tui.services.inquiry import askers
from crm_tui.store import search
from crm_tui.store.engine import Store
from crm_tui.store.tables import ContactInfo, Customer, Lead, table_of
from crm_tui.store.work import Actor
from tests.steps import steps_of
from tests.stores import TestClock, new_store

SMALL, LARGE = 60, 1200


def filled(folder: Path, number: int) -> Store:
    """Customers with an address each: a fifth of the small store at one firm, the rest each at its own."""
    store = new_store(folder, TestClock())
    numbers = range(1, number + 1)
    with store.work(Actor.program("setup"), "setup") as work:
        made = {"created_at": work.now, "changed_at": work.now, "custom": {}}
        people = [{"id": n, "name": f"Firm {n}", "name_fold": f"firm {n}", **made} for n in numbers]
        work.connection.execute(insert(table_of(Customer)), people)
        domains = {n: "large-firm.example" if n <= SMALL // 5 else f"firm{n}.example" for n in numbers}
        infos = [
            {"owner_kind": "customer", "owner_id": n, "kind": "email", "value": one, "normal": one}
            for n, one in ((n, f"info{n}@{domain}") for n, domain in domains.items())
        ]
        work.connection.execute(insert(table_of(ContactInfo)), infos)
        search.index_records(work.connection, "customer", numbers)
    return store


def test_mail_10_a_colleague_is_found_in_a_large_store_by_as_many_steps_as_in_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[list[int]] = []
    for number in (SMALL, LARGE):
        store = filled(tmp_path / str(number), number)

        def asked(sender: str, found: list[str], store: Store = store) -> int:
            def look() -> None:
                with store.read() as connection:
                    assert [one.name for one in _who(connection, sender)] == found

            return steps_of(store, monkeypatch, look)

        asked("x@y.example", [])  # prepares the statements
        steps.append(
            [
                asked("new@firm40.example", ["Firm 40"]),
                asked("info41@firm41.example", ["Firm 41"]),
                asked("new@large-firm.example", [f"Firm {n}" for n in range(1, SMALL // 5 + 1)]),
                asked("new@firm.example", []),
            ]
        )
        store.close()
    small, large = steps
    assert all(small)
    assert all(late <= early + 5 for early, late in zip(small, large, strict=True)), steps


def test_who_is_only_written_about_or_only_ends_like_it_is_no_colleague(tmp_path: Path) -> None:
    store = new_store(tmp_path, TestClock())
    with store.work(Actor.program("setup"), "setup") as work:
        made = {"created_at": work.now, "changed_at": work.now}
        notes = ["", "they buy of firm.example", "", "", ""]
        addresses = [
            "a@firm.example",
            "b@other.example",
            "c@sub.firm.example",
            "d@firm.example.kz",
            "e@пример.рф",
        ]
        normals = [*addresses[:4], "e@xn--e1afmkfd.xn--p1ai"]
        for one, note, normal in zip(addresses, notes, normals, strict=True):
            lead = work.add(Lead(name=one[0], name_fold=one[0], notes=note, **made))
            work.add(
                ContactInfo(owner_kind="lead", owner_id=lead.key, kind="email", value=one, normal=normal)
            )
    with store.read() as connection:
        assert [one.name for one in _who(connection, "X@Firm.Example")] == ["a"]
        assert [one.name for one in _who(connection, "почта@Пример.РФ")] == ["e"]
    store.close()


def _who(connection: Connection, sender: str) -> list[askers.Candidate]:
    return askers.with_address(connection, sender) or askers.of_domain(connection, sender)
