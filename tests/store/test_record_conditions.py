"""Conditions over records of every kind: SQL and Python give the same answers (CORP-45)."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.domain.conditions import condition
from crm_tui.domain.conditions.condition import Condition, Group
from crm_tui.domain.conditions.condition_check import Context, Record, holds
from crm_tui.domain.conditions.condition_fields import Subject
from crm_tui.domain.conditions.record_subjects import RECORDS, OwnField, subject_of_record
from crm_tui.domain.document_words import KINDS, STATUSES
from crm_tui.services import users
from crm_tui.services.document import documents
from crm_tui.services.interaction import interactions
from crm_tui.services.interaction.whose import Whose
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import contacts, customers, leads, segments
from crm_tui.services.record import condition_subjects, lists, saved_filters
from crm_tui.services.task import tasks
from crm_tui.store import record_conditions
from crm_tui.store.engine import Store
from crm_tui.store.tables import LetterLink
from crm_tui.store.tables.cards import CustomField
from crm_tui.store.work import Work
from tests.store import letters
from tests.store.test_conditions import PIECES, trees_of
from tests.stores import START, TestClock, new_store

ZONE = ZoneInfo("Europe/Kyiv")
OWN = (
    ("note", "text"),
    ("size", "number"),
    ("worth", "money"),
    ("since", "date"),
    ("good", "yes_no"),
    ("grade", "choice"),
)
HAVE_OWN = ("customer", "contact", "lead", "interest", "document")
SUBJECTS = {
    kind: subject_of_record(
        kind,
        lambda name: lists.SHIPPED.get(name, ()),
        [
            OwnField(code, code, of_type, (("a", "a"), ("b", "b")) if of_type == "choice" else ())
            for code, of_type in OWN
            if kind in HAVE_OWN
        ],
    )
    for kind in RECORDS
}


@dataclass
class Shelf:
    """A store with odd records of every kind."""

    store: Store
    subjects: dict[str, Subject] = field(repr=False)
    records: dict[str, dict[int, Record]] = field(repr=False)
    context: Context


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    store = new_store(tmp_path_factory.mktemp("shelf"), TestClock())
    user = users.current(store)
    letters.letter(store, letters.folder(store, letters.account(store)), "Pumps", "text")
    with store.work(users.actor_of(user), "setup") as work:
        _fill(work, random.Random(7), user.key)
    context = Context(START, ZONE, user.key)
    with store.read() as connection:
        subjects = {kind: condition_subjects.subject(connection, kind) for kind in RECORDS}
        records = {}
        for kind, subject in subjects.items():
            ids = record_conditions.ids(connection, Group("all"), subject, context)
            records[kind] = record_conditions.records(connection, subject, ids, context, list(subject.fields))
            assert len(records[kind]) >= 12
    assert subjects == SUBJECTS
    yield Shelf(store, subjects, records, context)
    store.close()


def _fill(work: Work, dice: random.Random, user_id: int) -> None:
    def odd() -> str:
        return " ".join(dice.choices(PIECES, k=2)).strip()

    def when() -> timedelta:
        return timedelta(hours=dice.choice([0, 1, 15, 16, 17, 40, 24 * 6, 24 * 8, 24 * 40, -30]))

    scenarios.ensure_shipped(work)
    for kind in HAVE_OWN:
        for code, of_type in OWN:
            choices = ["a", "b"] if of_type == "choice" else []
            work.add(CustomField(record_kind=kind, code=code, label=code, type=of_type, choices=choices))

    def custom() -> dict[str, object]:
        whole: dict[str, object] = {
            "note": odd(), "size": dice.choice([0, 1, 0.5, -3]), "worth": dice.choice([100, 2000]),
            "good": dice.random() < 0.5,
            "since": dice.choice(["2026-11-19", "2026-11-12", "2026-10-01", ""]), "grade": dice.choice("ab"),
        }  # fmt: skip
        return {name: value for name, value in whole.items() if dice.random() < 0.7}

    owners = [None, user_id]
    for number in range(14):
        infos = [("email", f"a{number}@x.kz")] if dice.random() < 0.5 else []
        customer = customers.add(
            work, f"x {odd()}", city=odd(), infos=infos, owner_id=dice.choice(owners),
            kind=dice.choice(["customer", "partner"]), status=dice.choice(["", "new", "vip"]),
            touch_days=dice.choice([None, 1, 20]), custom=custom(), is_person=dice.random() < 0.5,
        )  # fmt: skip
        contact = contacts.add(
            work, f"y {odd()}", customer_id=dice.choice([None, customer.key]), role=odd(), custom=custom(),
            is_key=dice.random() < 0.5, infos=[("phone", "+7 701 555 12 34")] if dice.random() < 0.5 else [],
        )  # fmt: skip
        lead = leads.add(work, f"z {odd()}", company=odd(), source=dice.choice(["", "mail"]), custom=custom())
        whose: list[dict[str, Any]] = [{"customer_id": customer.key}, {"lead_id": lead.key}]
        wish = interests.add(
            work, f"w {odd()}", owner_id=dice.choice(owners), amount_minor=dice.choice([None, 100, 2000]),
            currency=dice.choice(["KZT", "USD"]), probability=dice.choice([None, 20]), custom=custom(),
            expected_close=dice.choice([None, (work.now + when()).date()]),
            next_contact_at=dice.choice([None, work.now + when()]),
            **dice.choice([*whose, {"contact_id": contact.key}]),
        )  # fmt: skip
        work.change(wish, state_since=work.now - when())
        tasks.add(
            work, f"t {odd()}", assignee_id=user_id, due_at=dice.choice([None, work.now - when()]),
            interest_id=dice.choice([None, wish.key]), customer_id=dice.choice([None, customer.key]),
        )  # fmt: skip
        paper = documents.add(
            work, dice.choice(list(KINDS)), number=dice.choice(["", odd()]), title=odd(), notes=odd(),
            status=dice.choice(list(STATUSES)), owner_id=dice.choice(owners), custom=custom(),
            amount_minor=dice.choice([None, 100, 2000]), currency=dice.choice(["KZT", "USD"]),
            issued_on=dice.choice([None, (work.now - when()).date()]),
            interest_id=dice.choice([None, wish.key]), contact_id=dice.choice([None, contact.key]),
        )  # fmt: skip
        work.change(paper, valid_until=dice.choice([None, (work.now + when()).date()]))
        if dice.random() < 0.5:
            talk = interactions.plan(
                work, kind="call", at=work.now - abs(when()), subject="x",
                **dice.choice([*whose, {"interest_id": wish.key}]),
            )  # fmt: skip
            if dice.random() < 0.6:
                interactions.hold(work, talk.key, "ok")
        if dice.random() < 0.3:
            work.add(LetterLink(letter_id=1, kind="interest", record_id=wish.key))
    for number in range(12):  # with nobody yet
        at = work.now - timedelta(hours=number * 30)
        interactions.log(work, Whose(), kind=("call", "meeting")[number % 2], result=odd(), at=at)
    for kind in RECORDS:
        segments.keep(work, kind, "Some", [1, 3, 5])


@settings(max_examples=200, deadline=None)
@given(asked=st.one_of(*(st.tuples(st.just(kind), trees_of(SUBJECTS[kind])) for kind in RECORDS)))
def test_corp_45_sql_and_python_agree(shelf: Shelf, asked: tuple[str, Condition]) -> None:
    kind, tree = asked
    subject = SUBJECTS[kind]
    assert condition.parsed(condition.as_json(tree), subject) == tree
    with shelf.store.read() as connection:
        found = record_conditions.ids(connection, tree, subject, shelf.context)
    expected = [key for key, one in shelf.records[kind].items() if holds(tree, one, subject, shelf.context)]
    assert found == sorted(expected)


@pytest.mark.parametrize("kind", RECORDS)
def test_elma_31_every_list_has_ready_made_filters_that_find_something(shelf: Shelf, kind: str) -> None:
    subject = shelf.subjects[kind]
    with shelf.store.read() as connection:
        nodes = [one for one in saved_filters.tree(connection, subject, shelf.context.user_id) if one.id < 0]
        found = {}
        for node in nodes:
            assert node.condition is not None
            found[node.name] = record_conditions.ids(connection, node.condition, subject, shelf.context)
    assert len(found) >= 3
    assert any(found.values())


def test_what_the_company_and_the_records_say(shelf: Shelf) -> None:
    """One record of each rule, by hand: the property above cannot tell when both sides are wrong."""
    for record in shelf.records["customer"].values():
        if record["touch_days"] is None:
            assert record["neglected"] is False
        elif record["last_touch"] is None:
            assert record["neglected"] is True
    for record in shelf.records["interest"].values():
        assert record["outcome"] == "open"
        assert (record["next_action"] is not None) <= (not record["no_next"])
        assert record["age"] == int((START - record["state_since"]) / timedelta(days=1))
        assert record["custom.worth"] in (None, 1.0, 20.0)
        assert (record["amount_minor"] is None) or record["amount_minor"] in (1.0, 20.0)
    papers = shelf.records["document"].values()
    assert {one["kind"] for one in papers} <= set(KINDS)
    assert {one["status"] for one in papers} <= set(STATUSES)
    for record in papers:
        assert record["amount_minor"] in (None, 1.0, 20.0)
        assert str(record["interest_id"]).startswith("w ") or record["interest_id"] is None
