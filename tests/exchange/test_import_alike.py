"""Rows that are like somebody here by name only: told of with the reason, and the plan says what becomes of them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crm_tui.domain.errors import Invalid
from crm_tui.domain.identity.duplicate_search import Among, pairs
from crm_tui.domain.identity.likeness import Known
from crm_tui.services import users
from crm_tui.services.exchange import import_plan, imports
from crm_tui.services.party import contacts, customers, leads
from crm_tui.store.engine import Store
from crm_tui.store.work import Actor
from tests.stores import TestClock, new_store

LINES = (
    "Name,E-mail,City",
    "Zharyk Trade LLP,,Almaty",  # transliterated
    "ТОО «Меркурий Транзит»,info@mercury.example,",  # the same address: no likeness is asked for
    "ТОО «Гелиос Снаб»,,",  # misspelt
    "Неведомая фирма,,",
    "bad,none,",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(tmp_path / "store", TestClock())
    with made.work(users.actor_of(users.current(made)), "prepare") as work:
        customers.add(work, "ТОО «Жарык Трейд»", city="Алматы")
        customers.add(work, "Меркурий", infos=[("email", "info@mercury.example")])
        customers.add(work, "ТОО «Гелеос Снаб»")
        customers.trash(work, customers.add(work, "Неведомая фирма").key)
    yield made
    made.close()


@pytest.fixture
def me(store: Store) -> Actor:
    return users.actor_of(users.current(store))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "firms.csv"
    made.write_text("\n".join(LINES), "utf-8")
    return made


@pytest.mark.parametrize("long", [1000, 1], ids=["at once", "in a copy"])
@pytest.mark.parametrize(
    ("alike", "counts", "told"),
    [
        ("new", {"read": 5, "new": 3, "changed": 0, "duplicates": 1, "failed": 1}, 2),
        ("skip", {"read": 5, "new": 1, "changed": 0, "duplicates": 3, "failed": 1}, 0),
        ("same", {"read": 5, "new": 1, "changed": 1, "duplicates": 2, "failed": 1}, 0),
    ],
)
def test_idx_10_an_import_tells_of_rows_that_are_like_somebody(
    store: Store,
    me: Actor,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    long: int,
    alike: str,
    counts: dict[str, int],
    told: int,
) -> None:
    """``same`` gives a row to whom it is like: nothing is made, and of two cities the one that stands stays."""
    monkeypatch.setattr(imports, "_LONG", long)
    path.write_text(path.read_text("utf-8").replace("Снаб»,,", "Снаб»,,Шымкент"), "utf-8")
    with store.read() as connection:
        plan = replace(import_plan.proposed(connection, "customers", path, path.name).plan, alike=alike)
    tried = imports.run(store, me, path, plan, dry_run=True)
    done = imports.run(store, me, path, plan)
    assert tried.counts() == done.counts() == counts
    assert done.alike == len(done.maybe) == told
    likely = done.maybe if alike == "new" else [one for one in done.known if one.match.by == "likeness"]
    assert [(one.number, one.match.name) for one in likely] == [
        (2, "ТОО «Жарык Трейд»"),
        (4, "ТОО «Гелеос Снаб»"),
    ]
    assert all(one.match.reasons and one.match.percent >= 50 for one in likely)
    with store.read() as connection:
        assert import_plan.named(connection, "customers", path.name).alike == alike, "kept with the mapping"


def test_idx_10_a_lead_may_be_a_contact_person_but_not_one_who_was_converted(
    store: Store, me: Actor, tmp_path: Path
) -> None:
    with store.work(me, "prepare") as work:
        contacts.add(work, "Константин Преображенский")
        old = leads.add(work, "Серафима Добровольская")
        work.change(old, status="converted")
    path = tmp_path / "leads.csv"
    path.write_text("Name\nPreobrazhenskiy Konstantin\nСерафима Добровольскаяя\n", "utf-8")
    with store.read() as connection:
        plan = import_plan.proposed(connection, "leads", path, path.name).plan
    result = imports.run(store, me, path, plan, dry_run=True)
    assert [(one.number, one.match.kind) for one in result.maybe] == [(2, "contact")]


def test_idx_10_an_unknown_way_is_refused(store: Store, path: Path) -> None:
    with store.read() as connection:
        plan = import_plan.proposed(connection, "customers", path, path.name).plan
        with pytest.raises(Invalid):
            import_plan.checked(connection, replace(plan, alike="?"))


def test_idx_10_one_who_is_looked_for_is_found_as_in_a_search_over_all() -> None:
    """The same blocks, the same likeness; and no more is looked at than shares something."""
    names = ["иванов петр", "сидоров олег", "ли ирина", "преображенский константин", "омарова асель"]
    known = {at: Known(tuple(name.split())) for at, name in enumerate(names)}
    sought = Known(("преображенскй", "константин"))
    likest = Among(known).likest(sought)
    (pair,) = pairs({**known, 9: sought})
    assert likest is not None
    assert (likest[0], 9) == (pair.one, pair.other)
    assert Among(known).likest(Known(("совсем", "другой"))) is None
    assert Among({}).likest(sought) is None
