"""Reads of the card of an Interest."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from crm_tui.domain.errors import NotFound
from crm_tui.store.queries import interests
from crm_tui.store.queries.interests import InterestRow, StateRow, contact, customer, interest, lead
from crm_tui.store.tables import ContactInfo, StateChange, table_of


@dataclass(frozen=True, slots=True)
class InterestCard:
    """An Interest with all that its card shows."""

    row: InterestRow
    version: int
    scenario_id: int
    state_id: int
    own_probability: int | None
    terms: str
    owner_id: int | None
    party: str
    """Name of the customer, or of the lead."""
    person: str
    """Name of the contact person."""
    states: tuple[StateRow, ...]
    closed_from_id: int | None
    """The state that a closed Interest was closed from, as far as that is known."""
    lead_id: int | None
    customer_id: int | None
    contact_id: int | None
    purpose: str
    source: str
    close_reason: str
    state_since: datetime
    created_at: datetime
    trashed_at: datetime | None
    contacts: tuple[tuple[str, str], ...]
    """(kind, value) of the party's contact information."""


def custom_of(connection: Connection, interest_id: int) -> dict[str, Any]:
    """The values of the company's own fields of an Interest, by their codes."""
    found = connection.execute(select(interest.c.custom).where(interest.c.id == interest_id))
    return dict(found.scalar_one_or_none() or {})


def card(connection: Connection, interest_id: int) -> InterestCard:
    """One Interest. Raises NotFound when it is gone."""
    found = interests.rows(connection, [interest_id]).get(interest_id)
    if found is None:
        raise NotFound("no_such_record", kind="interest", id=interest_id)
    more = connection.execute(
        interests.with_parties(
            select(
                interest,
                func.coalesce(customer.c.name, lead.c.name, "").label("party"),
                func.coalesce(contact.c.name, "").label("person"),
            )
        ).where(interest.c.id == interest_id)
    ).one()
    return InterestCard(
        row=found,
        version=more.version,
        scenario_id=more.scenario_id,
        state_id=more.state_id,
        own_probability=more.probability,
        terms=more.terms,
        owner_id=more.owner_id,
        party=more.party,
        person=more.person,
        states=tuple(interests.states(connection, more.scenario_id)),
        closed_from_id=_closed_from(connection, more) if more.closed_at else None,
        lead_id=more.lead_id,
        customer_id=more.customer_id,
        contact_id=more.contact_id,
        purpose=more.purpose,
        source=more.source,
        close_reason=more.close_reason,
        state_since=more.state_since,
        created_at=more.created_at,
        trashed_at=more.trashed_at,
        contacts=tuple(_contacts(connection, more)),
    )


def _closed_from(connection: Connection, row: Any) -> int | None:
    change = table_of(StateChange)
    query = (
        select(change.c.from_state_id)
        .where(change.c.interest_id == row.id, change.c.to_state_id == row.state_id)
        .order_by(change.c.id.desc())
        .limit(1)
    )
    found: int | None = connection.execute(query).scalar()
    return found


def _contacts(connection: Connection, row: Any) -> list[tuple[str, str]]:
    info = table_of(ContactInfo)
    owners = (("customer", row.customer_id), ("contact", row.contact_id), ("lead", row.lead_id))
    theirs = or_(
        *((info.c.owner_kind == kind) & (info.c.owner_id == key) for kind, key in owners if key is not None),
        info.c.id.is_(None),
    )
    query = select(info.c.kind, info.c.value).where(theirs).order_by(info.c.id)
    return list(dict.fromkeys((found.kind, found.value) for found in connection.execute(query)))
