"""Two that are one: everything hangs on the one that stays, and all of it can be taken apart again."""

import itertools
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from crm_tui.domain.errors import Conflict, Invalid, NotFound, Refused
from crm_tui.services import users  # fmt: skip
from crm_tui.services.document import card_files  # fmt: skip
from crm_tui.services.interest import interests  # fmt: skip
from crm_tui.services.party import (
    contact_info,
    contacts,
    customers,
    lead_conversion,
    leads,
    relations,
    segments,
)  # fmt: skip
from crm_tui.services.record import duplicates, history, merging, visits  # fmt: skip
from crm_tui.services.task import handover, tasks  # fmt: skip
from crm_tui.store import undo
from crm_tui.store.tables import Contact, ContactInfo, Customer, Interest, Lead, LetterLink, Task
from crm_tui.store.tables.cards import Relation, Visit
from crm_tui.store.tables.upkeep import NotDuplicate, Segment, SegmentItem
from crm_tui.store.work import Actor
from tests.services.conftest import Office

ONE = [("email", "olga@newco.example"), ("phone", "+7 701 555 12 34")]
OTHER = [("email", "Olga@newco.example"), ("email", "kim@newco.example")]


def dump(office: Office) -> list[str]:
    """Every row of the store but the journal and what is derived."""
    with sqlite3.connect(office.store.path) as connection:
        lines = list(connection.iterdump())
    left_out = ("journal_", '"change"', "record_fts", "letter_fts", "sqlite_sequence")
    return [
        line
        for line in lines
        if line.startswith("INSERT") and not any(word in line[:40] for word in left_out)
    ]


def two_customers(office: Office) -> tuple[int, int]:
    """Two customers with everything that can hang on one."""
    letter = office.letter()
    with office.store.work(office.actor, "enter") as work:
        one = customers.add(work, "Newco LLP", city="Almaty", infos=ONE, notes="First.", custom={"fleet": 3})
        other = customers.add(
            work, "ТОО Ньюко", region="South", infos=OTHER, notes="Second.", custom={"fleet": 4, "vip": True}
        )
        third = customers.add(work, "Holding")
        for customer in (one, other):
            work.add(LetterLink(letter_id=letter.letter_id, kind="customer", record_id=customer.key))
            relations.add(work, third.key, customer.key, "holding")
        relations.add(work, one.key, other.key, "partner")
        contacts.add(work, "Olga Kim", customer_id=other.key)
        tasks.add(work, "Call", assignee_id=office.user.key, customer_id=other.key)
    return one.key, other.key


def test_idx_12_all_that_hung_on_either_hangs_on_the_one(office: Office) -> None:
    one, other = two_customers(office)
    with office.store.work(office.actor, merging.COMMAND) as work:
        kept = merging.merge(work, "customer", one, other, {"name": "Newco", "custom.fleet": 4})
        assert (kept.name, kept.name_fold, kept.city) == ("Newco", "newco", "Almaty")
        assert work.get(Customer, one).custom == {"fleet": 4, "vip": True}
        assert (kept.region, kept.notes) == ("South", "First.\n\nSecond.")
        assert sorted(value for _kind, value in contact_info.of(work.connection, "customer", one)) == [
            "+7 701 555 12 34", "kim@newco.example", "olga@newco.example",
        ]  # fmt: skip
        assert {each.customer_id for each in (*work.all(Contact), *work.all(Task))} == {one}
        assert [(each.kind, each.record_id) for each in work.all(LetterLink)] == [("customer", one)]
        assert [(each.kind, each.to_id) for each in work.all(Relation)] == [("holding", one)]
        gone = work.get(Customer, other)
        assert (gone.merged_into_id, gone.trashed_at) == (one, work.now)
        assert (
            merging.present(work.connection, "customer", other)
            == one
            == merging.present(work.connection, "customer", one)
        )
        assert merging.merged_into(work.connection, "customer", one) == [(other, "ТОО Ньюко")]
        with pytest.raises(Refused, match="was_merged"):
            merging.merge(work, "customer", one, other)


def test_idx_12_files_segments_visits_and_whom_they_are_not_come_along(office: Office) -> None:
    one, other = two_customers(office)
    with office.store.work(office.actor, "enter") as work:
        third = customers.add(work, "Another").key
        segments.keep(work, "customer", "Fair", [other, third])
        segments.keep(work, "contact", "People", [other])
        visits.note(work, office.user.key, "customer", other)
        duplicates.are_two(work, "customer", other, third)
        duplicates.are_two(work, "customer", one, other)
        for customer_id, content in ((one, b"1"), (other, b"2")):
            card_files.attach(work, "customer", customer_id, "offer.pdf", content)
    before = dump(office)
    with office.store.work(office.actor, merging.COMMAND) as work:
        merging.merge(work, "customer", one, other)
        files = card_files.of_card(work.connection, "customer", one)
        assert {file.name for file in files} == {"offer.pdf", "offer (2).pdf"}
        kept = {segment.kind: segment.key for segment in work.all(Segment)}
        items = {(item.segment_id, item.record_id) for item in work.all(SegmentItem)}
        assert items == {(kept["customer"], one), (kept["customer"], third), (kept["contact"], other)}
        assert [(each.one_id, each.other_id) for each in work.all(NotDuplicate)] == [(one, third)]
        assert [each.record_id for each in work.all(Visit)] == [one]
    undo.undo(office.store, office.actor)
    assert dump(office) == before


@pytest.mark.parametrize("what", ["file", "address", "letter", "segment"])
def test_idx_12_what_was_made_and_is_used_since_cannot_be_unmade(office: Office, what: str) -> None:
    letter = office.letter()
    with office.store.work(office.actor, "customer.add") as work:
        made = customers.add(work, "Newco").key
    with office.store.work(Actor("rule"), "add") as work:
        if what == "file":
            card_files.attach(work, "customer", made, "offer.pdf", b"1")
        elif what == "address":
            contact_info.add_email(work, "customer", made, "a@newco.example")
        elif what == "letter":
            work.add(LetterLink(letter_id=letter.letter_id, kind="customer", record_id=made))
        else:
            segments.keep(work, "customer", "Fair", [made])
    with pytest.raises(Conflict, match="undo_still_used"):
        undo.undo(office.store, office.actor)


def test_idx_12_whoever_was_only_looked_at_can_be_unmade(office: Office) -> None:
    with office.store.work(office.actor, "customer.add") as work:
        made = customers.add(work, "Newco", infos=ONE).key
        segments.keep(work, "contact", "People", [made])
    with office.store.facts("visit") as work:
        visits.note(work, office.user.key, "customer", made)
    undo.undo(office.store, office.actor)
    with office.store.facts("look") as work:
        assert work.all(Customer) == []


def test_idx_12_values_chosen_before_a_change_are_not_written(office: Office) -> None:
    one, other = two_customers(office)
    with office.store.read() as connection:
        seen = merging.differences(connection, "customer", one, other)
    with office.store.work(office.actor, "customer.change") as work:
        customers.change(work, one, city="Astana")
    with office.store.work(office.actor, merging.COMMAND) as work:
        with pytest.raises(Conflict, match="changed_meanwhile"):
            merging.merge(work, "customer", one, other, {"city": "Almaty"}, seen=seen)
        now = merging.differences(work.connection, "customer", one, other)
        merging.merge(work, "customer", one, other, seen=now)


def test_idx_12_what_differs_is_shown_with_what_would_be_chosen(office: Office) -> None:
    one, other = two_customers(office)
    with office.store.read() as connection:
        found = {each.field: each for each in merging.differences(connection, "customer", one, other)}
    assert [(name, each.proposed) for name, each in found.items()] == [
        ("name", "Newco LLP"),
        ("city", "Almaty"),
        ("notes", "First.\n\nSecond."),
        ("region", "South"),
        ("custom.fleet", 3),
        ("custom.vip", True),
    ]


def test_idx_12_undo_brings_both_back_byte_for_byte(office: Office) -> None:
    one, other = two_customers(office)
    before = dump(office)
    with office.store.work(office.actor, merging.COMMAND) as work:
        merging.merge(work, "customer", one, other)
    with office.store.work(office.actor, "customer.change") as work:
        contact_info.set_all(work, "customer", one, [*ONE, ("phone", "+7 701 555 99 99")])
    assert undo.undo(office.store, office.actor).command == "customer.change"
    assert undo.undo(office.store, office.actor).command == merging.COMMAND
    assert dump(office) == before


def test_c_08_a_merge_is_taken_apart_after_later_edits_which_are_told(office: Office) -> None:
    one, other = two_customers(office)
    with office.store.work(office.actor, merging.COMMAND) as work:
        merging.merge(work, "customer", one, other)
    with office.store.work(office.actor, "customer.change") as work:
        customers.change(work, one, notes="Written later.", address="Abay 1")
        work.change(work.all(Task)[0], title="Call again")
        work.remove(work.all(Contact)[0])
    taken = merging.apart(office.store, office.actor, "customer", other)
    assert [(each.table, each.field) for each in taken.left] == [("contact", ""), ("customer", "notes")]
    with office.store.read() as connection:
        assert merging.merged_into(connection, "customer", one) == []
    with office.store.facts("look") as work:
        assert (work.get(Customer, one).notes, work.get(Customer, one).address) == (
            "Written later.",
            "Abay 1",
        )
        assert (work.get(Customer, other).trashed_at, work.get(Customer, one).region) == (None, "")
        task = work.all(Task)[0]
        assert (task.title, task.customer_id) == ("Call again", other)
        assert len(work.all(LetterLink)) == 2
    with pytest.raises(NotFound, match="was_not_merged"):
        merging.apart(office.store, office.actor, "customer", other)
    assert undo.undo(office.store, office.actor).command == merging.COMMAND
    with office.store.read() as connection:
        assert merging.present(connection, "customer", other) == one


@pytest.mark.parametrize("kind", ["contact", "lead"])
def test_idx_12_contact_persons_and_leads_too(office: Office, kind: str) -> None:
    with office.store.work(office.actor, "enter") as work:
        add = contacts.add if kind == "contact" else leads.add
        one, other = (
            add(work, name, infos=infos).key for name, infos in (("Olga K", ONE), ("Olga Kim", OTHER))
        )
        interest = interests.add(work, "Pumps", **{f"{kind}_id": other}) if kind == "lead" else None
        with pytest.raises(Invalid, match="one_record_twice"):
            merging.merge(work, kind, one, one)
        with pytest.raises(Invalid, match="no_such_field"):
            merging.merge(work, kind, one, other, {"trashed_at": None})
    with office.store.work(office.actor, merging.COMMAND) as work:
        assert merging.merge(work, kind, one, other).name == "Olga K"
        assert len(work.all(ContactInfo, owner_kind=kind, owner_id=one)) == 3
        if interest is not None:
            assert work.get(Interest, interest.key).lead_id == one


NUMBERS = itertools.count(1)
STEP = st.sampled_from(
    [
        "edit one",
        "edit other",
        "person",
        "task",
        "letter",
        "relation",
        "merge",
        "merge back",
        "convert",
        "hand over",
    ]
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=8))
def test_idx_12_any_steps_undone_one_by_one_restore_every_byte(office: Office, steps: list[str]) -> None:
    office.letter(number=next(NUMBERS))
    with office.store.work(office.actor, "enter") as work:
        ids = [
            customers.add(work, name, infos=infos).key
            for name, infos in (("A", ONE), ("B", OTHER), ("C", []))
        ]
        lead = leads.add(work, "Olga Kim", company="D", infos=OTHER)
        interests.add(work, "Pumps", lead_id=lead.key, owner_id=office.user.key)
        ids += [lead.key, users.ensure(work, "petrov", name="Petrov").key]
    before, done = dump(office), 0
    for number, step in enumerate(steps):
        done += carried_out(office, step, ids, number)
    for _step in range(done):
        undo.undo(office.store, office.actor)
    assert dump(office) == before


def carried_out(office: Office, step: str, ids: list[int], number: int) -> bool:
    """Whether the step was taken; one that is refused is not."""
    one, other, third, lead, petrov = ids
    try:
        with office.store.work(office.actor, step) as work:
            match step:
                case "edit one" | "edit other":
                    customers.change(work, one if step == "edit one" else other, city=f"City {number}")
                case "person":
                    contacts.add(work, f"Person {number}", customer_id=other)
                case "task":
                    tasks.add(work, f"Task {number}", assignee_id=office.user.key, customer_id=one)
                case "letter":
                    work.add(LetterLink(letter_id=1, kind="customer", record_id=other))
                case "relation":
                    relations.add(work, other, third, "partner")
                case "convert":
                    lead_conversion.convert(work, lead)
                case "hand over":
                    handover.hand_over(work, office.user.key, petrov, ("tasks", "interests", "customers"))
                case _:
                    merging.merge(work, "customer", *((one, other) if step == "merge" else (other, one)))
        return True
    except (Refused, IntegrityError):
        return False


def test_a_lead_is_found_by_the_firm_that_it_got_by_merging_and_by_putting_back(office: Office) -> None:
    with office.store.work(office.actor, "enter") as work:
        one = leads.add(work, "Olga Kim", company="Oldco")
        other = leads.add(work, "O. Kim", company="Newco")
    with office.store.work(office.actor, merging.COMMAND) as work:
        merging.merge(work, "lead", one.key, other.key, {"company": "Newco"})
        assert work.get(Lead, one.key).name_fold == "olga kim newco"
    with office.store.read() as connection:
        line = next(each for each in history.of(connection, "lead", one.key) if each.field == "company")
    with office.store.work(office.actor, "history.put_back") as work:
        history.put_back(work, "lead", one.key, line)
        assert work.get(Lead, one.key).name_fold == "olga kim oldco"
