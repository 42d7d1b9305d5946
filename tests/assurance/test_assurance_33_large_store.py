"""A large store opens and scrolls as a small one does: what is read for a page does not grow with the store.

Time is measured by ``benchmarks/large.py`` (200,000 letters); here SQLite's own steps are counted, which no busy
machine changes.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from crm_tui.screens.interest.interest_source import InterestSource
from crm_tui.screens.letter.mail_source import LetterSource
from crm_tui.screens.party.contact_source import ContactSource
from crm_tui.services import users
from crm_tui.services.interest import scenarios
from crm_tui.store.engine import Store
from crm_tui.store.queries import today
from crm_tui.store.tables import (
    Contact,
    Folder,
    Inquiry,
    Interest,
    Letter,
    MailAccount,
    Placement,
    State,
    table_of,
)
from crm_tui.widgets.row_source import Order, RowSource
from tests.steps import steps_of
from tests.stores import START, TestClock, new_store

PAGE = 40
SMALL, LARGE = 300, 2400
SORTED_WHOLE = "Interests"
"""Thousands at most, in any order that a person likes: sorted each time, in a few milliseconds."""


def filled(path: Path, number: int) -> Store:
    """So many letters, contact persons and Interests."""
    store = new_store(path, TestClock())
    user = users.current(store)
    with store.facts("fill") as work:
        scenarios.ensure_shipped(work)
        state = work.all(State)[0]
        account = work.add(MailAccount(name="work", address="me@x.kz", imap_host="h", imap_user="me"))
        inbox = work.add(Folder(account_id=account.key, name="INBOX", role="inbox"))
        made = {"created_at": START, "changed_at": START}
        numbers = range(1, number + 1)
        letters = [
            {
                "id": n, "identity": f"{n}", "size": n, "subject": f"Letter {n}",
                "sender_name": f"Person {n}", "sender_address": f"p{n}@x.kz", "date": START + timedelta(minutes=n),
                "message_id": f"<{n}@x.kz>",
                "recipients": [],
            }
            for n in numbers
        ]  # fmt: skip
        work.connection.execute(insert(table_of(Letter)), letters)
        begun = int(START.timestamp())
        places = [
            {
                "letter_id": n, "folder_id": inbox.key, "date_key": begun + n, "keywords": [],
                "srv_keywords": [],
            }
            for n in numbers
        ]  # fmt: skip
        work.connection.execute(insert(table_of(Placement)), places)
        people = [
            {"name": f"Person {n:05}", "name_fold": f"person {n:05}", "custom": {}, **made} for n in numbers
        ]
        work.connection.execute(insert(table_of(Contact)), people)
        deals = [
            {
                "name": f"Deal {n}", "name_fold": f"deal {n}", "scenario_id": state.scenario_id,
                "state_id": state.key, "owner_id": user.key, "state_since": START, "custom": {}, **made,
            }
            for n in numbers
        ]  # fmt: skip
        work.connection.execute(insert(table_of(Interest)), deals)
    return store


def sources(store: Store) -> dict[str, tuple[RowSource, Order]]:
    """The long lists with the order in which they open."""
    with store.read() as connection:
        inbox = connection.exec_driver_sql("SELECT id FROM folder").scalar_one()
    return {
        "letters": (LetterSource(store, store.clock, "UTC", inbox), Order("date", descending=True)),
        "contact persons": (ContactSource(store), Order("name")),
        "Interests": (
            InterestSource(store, store.clock, "UTC"),
            Order("changed", descending=True),
        ),
    }


def undecided_at_once(store: Store) -> None:
    with store.read() as connection:
        assert today.inquiries_at_once(connection, 5) is None


def test_c_06_a_page_of_a_large_store_costs_what_a_page_of_a_small_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(today, "AT_ONCE", SMALL // 2)
    taken: list[dict[str, int]] = []
    for number in (SMALL, LARGE):
        store = filled(tmp_path / f"{number}.db", number)
        found: dict[str, int] = {}
        for name, (source, order) in sources(store).items():
            ids = source.ids(order, "")
            assert len(ids) == number
            page = list(ids[number // 2 : number // 2 + PAGE])
            found[f"{name}: a page"] = steps_of(store, monkeypatch, lambda: source.rows(page))  # noqa: B023
            if name != SORTED_WHOLE:
                found[f"{name}: the first rows"] = steps_of(
                    store,
                    monkeypatch,
                    lambda: source.first(order, "", PAGE),  # noqa: B023
                )
        with store.facts("decline") as work:
            declined = {"status": "declined", "decided_at": START}
            decided = [{"letter_id": n, **declined} for n in range(1, number + 1)]
            work.connection.execute(insert(table_of(Inquiry)), decided)
        found["Today, all decided"] = steps_of(store, monkeypatch, lambda: undecided_at_once(store))  # noqa: B023
        taken.append(found)
        store.close()
    small, large = taken
    assert all(count > 0 for count in small.values())
    grown = {name: (count, large[name]) for name, count in small.items() if large[name] > 1.5 * count + 20}
    assert not grown, grown
