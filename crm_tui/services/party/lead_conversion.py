"""A lead becomes a customer with a contact person; all that was made with it goes over to them (KZ-04, KZ-05).

One unit of work, so one journal entry: an undo brings every row back as it was.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from crm_tui.domain.text import clean
from crm_tui.services.party import contact_info, contacts, customers, leads
from crm_tui.store.tables import (
    Contact,
    ContactInfo,
    Customer,
    Event,
    Interaction,
    Interest,
    Lead,
    LetterLink,
    State,
    Task,
    table_of,
)
from crm_tui.store.tables.cards import CustomField
from crm_tui.store.tables.papers import CardFile, Document
from crm_tui.store.work import Work


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of a lead."""

    customer_id: int
    contact_id: int


def convert(
    work: Work,
    lead_id: int,
    *,
    customer_id: int | None = None,
    name: str = "",
    kind: str = "customer",
    owner_id: int | None = None,
) -> Converted:
    """Make a customer and a contact person of the lead, or a contact person of the customer ``customer_id``.

    The customer is called ``name``, or as the lead's firm, or as the lead; a lead without a firm is a person. Whoever
    runs the lead's Interest answers for the customer from then on, unless ``owner_id`` says otherwise.

    Raises Refused when the lead is lost or converted.
    """
    lead = leads.still_open(work, lead_id)
    interests = work.all(Interest, lead_id=lead_id)
    owner_id = owner_id or _manager(work, interests) or lead.owner_id or work.actor.user_id
    if customer_id is None:
        customer_id = _customer(work, lead, clean(name).strip(), kind, owner_id).key
    contact = _known_person(work, lead_id, customer_id) or contacts.add(
        work,
        lead.name,
        customer_id=customer_id,
        role=lead.role,
        owner_id=owner_id,
        custom=_custom(work, lead, "contact"),
    )
    _pass_on(work, lead_id, customer_id, contact.key, [interest.key for interest in interests])
    work.change(
        lead,
        status="converted",
        customer_id=customer_id,
        contact_id=contact.key,
        converted_at=work.now,
        changed_at=work.now,
    )
    return Converted(customer_id, contact.key)


def _customer(work: Work, lead: Lead, name: str, kind: str, owner_id: int | None) -> Customer:
    return customers.add(
        work,
        name or lead.company or lead.name,
        kind=kind,
        is_person=not (name or lead.company),
        city=lead.city,
        source=lead.source,
        notes=lead.notes,
        owner_id=owner_id,
        custom=_custom(work, lead, "customer"),
    )


def _known_person(work: Work, lead_id: int, customer_id: int) -> Contact | None:
    """The contact person of the customer who has an address or number of the lead."""
    people = {one.key: one for one in work.all(Contact, customer_id=customer_id, trashed_at=None)}
    for info in work.all(ContactInfo, owner_kind="lead", owner_id=lead_id):
        for same in work.all(ContactInfo, owner_kind="contact", normal=info.normal):
            if same.owner_id in people:
                return people[same.owner_id]
    return None


def _manager(work: Work, interests: list[Interest]) -> int | None:
    """Who runs the lead's Interest: an open one before a closed one, the last changed of several."""
    open_states = {state.key for state in work.all(State, outcome="open")}
    newest = max(
        (one for one in interests if one.owner_id is not None and one.trashed_at is None),
        key=lambda one: (one.state_id in open_states, one.changed_at, one.key),
        default=None,
    )
    return newest.owner_id if newest else None


def _custom(work: Work, lead: Lead, record_kind: str) -> dict[str, Any]:
    """The lead's values of the company's own fields that a record of this kind has too."""
    if not lead.custom:
        return {}
    codes = {field.code for field in work.all(CustomField, record_kind=record_kind, archived=False)}
    return {code: value for code, value in lead.custom.items() if code in codes}


def _pass_on(work: Work, lead_id: int, customer_id: int, contact_id: int, interests: list[int]) -> None:
    party = {"customer_id": customer_id, "contact_id": contact_id}
    work.change_many(Interest, interests, lead_id=None, **party)
    calls = [one.key for one in work.all(Interaction, lead_id=lead_id)]
    work.change_many(Interaction, calls, lead_id=None, **party)
    to_do = [one.key for one in work.all(Task, lead_id=lead_id)]
    work.change_many(Task, to_do, lead_id=None, **party)
    _pass_infos(work, lead_id, contact_id)
    _pass_letters(work, lead_id, customer_id)
    files = [one.key for one in work.all(CardFile, owner_kind="lead", owner_id=lead_id)]
    work.change_many(CardFile, files, owner_kind="customer", owner_id=customer_id)
    for model in (Task, Event, Document, Interaction):
        table = table_of(model)
        query = select(table.c.id).where(table.c.interest_id.in_(interests), table.c.customer_id.is_(None))
        work.change_many(model, work.connection.scalars(query).all(), customer_id=customer_id)


def _pass_infos(work: Work, lead_id: int, contact_id: int) -> None:
    there = {info.normal for info in work.all(ContactInfo, owner_kind="contact", owner_id=contact_id)}
    infos = work.all(ContactInfo, owner_kind="lead", owner_id=lead_id)
    written_to = next((info.value for info in infos if info.kind == "email"), "")
    for info in infos:
        if info.normal in there:
            work.remove(info)
        else:
            work.change(info, owner_kind="contact", owner_id=contact_id)
    # Automatic letters went to the lead by its e-mail; to a contact person they go by the one for mailing (RM-15).
    if written_to and not contact_info.mailing(work.connection, "contact", contact_id):
        contact_info.set_mailing(work, "contact", contact_id, written_to)


def _pass_letters(work: Work, lead_id: int, customer_id: int) -> None:
    there = {link.letter_id for link in work.all(LetterLink, kind="customer", record_id=customer_id)}
    for link in work.all(LetterLink, kind="lead", record_id=lead_id):
        if link.letter_id in there:
            work.remove(link)
        else:
            work.change(link, kind="customer", record_id=customer_id)
