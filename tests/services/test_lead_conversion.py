"""KZ-04, KZ-05: a lead becomes a customer with all its history, and an undo brings every row back byte for byte."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm_tui.domain.errors import Refused
from crm_tui.services import users
from crm_tui.services.interaction import interactions
from crm_tui.services.interest import interests
from crm_tui.services.party import contacts, customers, lead_conversion, leads
from crm_tui.services.task import tasks
from crm_tui.store.images import Image, images_of, raw_table
from crm_tui.store.tables import (
    Contact,
    ContactInfo,
    Customer,
    Event,
    Interaction,
    Interest,
    Lead,
    LetterLink,
    Task,
    every_table,
)
from crm_tui.store.tables.cards import CustomField
from crm_tui.store.tables.papers import CardFile, Document
from crm_tui.store.undo import undo
from crm_tui.store.work import Work
from tests.calls import log_call
from tests.services.conftest import Office

PROGRAM = {"journal_entry", "journal_row", "change", "session_state"}


def snapshot(connection: Any) -> dict[tuple[str, int], Image]:
    """Every row of every table with an id, as stored."""
    return {
        (name, row_id): image
        for name, table in every_table().tables.items()
        if name not in PROGRAM and "id" in table.c
        for row_id, image in images_of(
            connection, name, list(connection.execute(select(raw_table(name).c.id)).scalars())
        ).items()
    }


def event(work: Work, interest_id: int) -> Event:
    wall = work.now.replace(tzinfo=None)
    return work.add(
        Event(
            uid=f"{interest_id}@test",
            summary="Visit",
            dtstart=wall,
            dtend=wall,
            zone="Asia/Almaty",
            starts_at=work.now,
            interest_id=interest_id,
            created_at=work.now,
            changed_at=work.now,
        )
    )


def paper(work: Work, interest_id: int) -> Document:
    return work.add(
        Document(
            kind="proposal",
            title="Pumps",
            title_fold="pumps",
            interest_id=interest_id,
            custom={},
            created_at=work.now,
            changed_at=work.now,
        )
    )


def test_everything_goes_over_to_the_customer(office: Office) -> None:
    letter_id = office.letter().letter_id
    with office.store.work(office.actor, "setup") as work:
        manager = users.ensure(work, "petrov", name="Petrov").key
        work.add(CustomField(record_kind="customer", code="size", label="Size", type="text", choices=[]))
        lead = leads.add(
            work,
            "Olga Kim",
            company="NewCo",
            city="Almaty",
            role="buyer",
            source="mail",
            owner_id=office.user.id,
            custom={"size": "20 people", "shoe": "38"},
            infos=[("email", "olga@newco.example"), ("phone", "+7 701 555 12 34")],
        )
        interest = interests.add(work, "Pumps", owner_id=manager, lead_id=lead.key)
        interests.link_letter(work, interest.key, letter_id)
        work.add(LetterLink(letter_id=letter_id, kind="lead", record_id=lead.key))
        log_call(work, interest.key, result="Wants 20")
        interactions.plan(work, kind="meeting", at=work.now, subject="Visit", lead_id=lead.key)
        tasks.add(work, "Price list", assignee_id=manager, interest_id=interest.key)
        tasks.add(work, "Look at the site", assignee_id=manager, lead_id=lead.key)
        event(work, interest.key)
        paper(work, interest.key)
        file = work.add(CardFile(owner_kind="lead", owner_id=lead.key, name="plan.pdf", created_at=work.now))
    with office.store.work(office.actor, "lead.convert") as work:
        made = lead_conversion.convert(work, lead.key)
    with office.store.work(office.actor, "look") as work:
        customer = work.get(Customer, made.customer_id)
        person = work.get(Contact, made.contact_id)
        assert (customer.name, customer.city, customer.is_person) == ("NewCo", "Almaty", False)
        assert customer.owner_id == manager, "KZ-05: whoever runs the Interest answers for the customer"
        assert customer.custom == {"size": "20 people"}
        assert (person.name, person.role, person.customer_id) == ("Olga Kim", "buyer", customer.key)
        infos = work.all(ContactInfo)
        assert {(one.owner_kind, one.owner_id) for one in infos} == {("contact", person.key)}
        rows: list[Interest | Interaction] = [*work.all(Interest), *work.all(Interaction)]
        assert len(rows) == 3
        assert {(row.customer_id, row.contact_id, row.lead_id) for row in rows} == {
            (customer.key, person.key, None)
        }
        made_within: list[Task | Event | Document] = [*work.all(Task), *work.all(Event), *work.all(Document)]
        of_customer = {row.customer_id for row in made_within}
        assert of_customer == {customer.key}
        links = {(link.kind, link.record_id) for link in work.all(LetterLink)}
        assert links == {("interest", interest.key), ("customer", customer.key)}
        assert work.get(CardFile, file.key).owner_id == customer.key
        gone = work.get(Lead, lead.key)
        assert (gone.status, gone.customer_id, gone.contact_id) == ("converted", customer.key, person.key)
        assert gone.converted_at == work.now
        with pytest.raises(Refused):
            lead_conversion.convert(work, lead.key)


def test_a_lead_joins_a_customer_that_is_there(office: Office) -> None:
    with office.store.work(office.actor, "setup") as work:
        firm = customers.add(work, "NewCo")
        known = contacts.add(work, "O. Kim", customer_id=firm.key, infos=[("email", "olga@newco.example")])
        infos = [("email", "Olga@newco.example"), ("phone", "+77015551234")]
        lead = leads.add(work, "Olga Kim", company="Newco LLP", infos=infos)
        made = lead_conversion.convert(work, lead.key, customer_id=firm.key)
        assert (made.customer_id, made.contact_id) == (firm.key, known.key)
        assert [one.normal for one in work.all(ContactInfo, owner_kind="contact", owner_id=known.key)] == [
            "olga@newco.example",
            "+77015551234",
        ]


def test_nothing_that_names_leads_is_forgotten() -> None:
    """A new table with a reference to leads must be looked at in the conversion, and then here."""
    named = {
        f"{table.name}.{key.parent.name}"
        for table in every_table().tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "lead"
    }
    assert named == {"interest.lead_id", "interaction.lead_id", "lead.merged_into_id", "task.lead_id"}
    owned = {table.name for table in every_table().tables.values() if "owner_kind" in table.c}
    assert owned == {"contact_info", "card_file"}


STEPS: dict[str, Callable[[Work, dict[str, int]], object]] = {
    "interest": lambda work, ids: ids.update(
        interest=interests.add(work, "More", owner_id=ids["user"], lead_id=ids["lead"]).key
    ),
    "call": lambda work, ids: log_call(work, ids["interest"], result="ok", phone="+77015551234"),
    "plan": lambda work, ids: interactions.plan_contact(work, ids["interest"], work.now),
    "meeting": lambda work, ids: interactions.plan(
        work, kind="meeting", at=work.now, subject="Visit", lead_id=ids["lead"], owner_id=ids["user"]
    ),
    "task": lambda work, ids: tasks.add(work, "Call", assignee_id=ids["user"], interest_id=ids["interest"]),
    "event": lambda work, ids: event(work, ids["interest"]),
    "paper": lambda work, ids: paper(work, ids["interest"]),
    "number": lambda work, ids: leads.change(work, ids["lead"], infos=[("phone", "+7 727 250 11 22")]),
    "file": lambda work, ids: work.add(
        CardFile(owner_kind="lead", owner_id=ids["lead"], name="a", created_at=work.now)
    ),
}


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=12), has_firm=st.booleans(), joins=st.booleans()
)
def test_undo_of_a_conversion_restores_the_store_byte_for_byte(
    office: Office, steps: list[str], has_firm: bool, joins: bool
) -> None:
    with office.store.work(office.actor, "history") as work:
        lead = leads.add(work, "Olga Kim", company="NewCo" if has_firm else "", owner_id=office.user.id)
        firm = customers.add(work, "Oldco").key if joins else None
        ids = {"user": office.user.key, "lead": lead.key}
        STEPS["interest"](work, ids)
        for step in steps:
            STEPS[step](work, ids)
    with office.store.read() as connection:
        before = snapshot(connection)
    office.clock.move(minutes=1)
    with office.store.work(office.actor, "lead.convert") as work:
        lead_conversion.convert(work, lead.key, customer_id=firm)
    with office.store.read() as connection:
        assert snapshot(connection) != before
    undo(office.store, office.actor)
    with office.store.read() as connection:
        assert snapshot(connection) == before
