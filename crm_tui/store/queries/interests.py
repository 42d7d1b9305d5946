"""Reads of the Interests screen: the list, the card, the timeline."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from crm_tui.domain.text import fold
from crm_tui.store.tables import (
    Contact,
    ContactInfo,
    Customer,
    Interaction,
    Interest,
    Lead,
    Scenario,
    State,
    User,
    table_of,
)

interest, state, scenario = table_of(Interest), table_of(State), table_of(Scenario)
customer, lead, contact, user = table_of(Customer), table_of(Lead), table_of(Contact), table_of(User)

_PARTY = func.coalesce(customer.c.name, contact.c.name, lead.c.name, "")

SORT_COLUMNS: dict[str, ColumnElement[Any]] = {
    "changed": interest.c.changed_at,
    "name": interest.c.name_fold,
    "state": state.c.position,
    "party": func.coalesce(customer.c.name_fold, contact.c.name_fold, lead.c.name_fold, ""),
    "amount": interest.c.amount_minor,
    "next": interest.c.next_contact_at,
}


@dataclass(frozen=True, slots=True)
class InterestRow:
    """An Interest in the list."""

    id: int
    name: str
    party: str
    """Who it is for: customer, contact person or lead."""
    scenario: str
    state: str
    outcome: str
    amount_minor: int | None
    currency: str
    next_contact_at: datetime | None
    changed_at: datetime
    owner: str | None


@dataclass(frozen=True, slots=True)
class StateRow:
    """A state of a scenario."""

    id: int
    name: str
    outcome: str


@dataclass(frozen=True, slots=True)
class InterestCard:
    """An Interest with all that its card shows."""

    row: InterestRow
    version: int
    scenario_id: int
    state_id: int
    states: tuple[StateRow, ...]
    lead_id: int | None
    customer_id: int | None
    contact_id: int | None
    purpose: str
    source: str
    close_reason: str
    state_since: datetime
    created_at: datetime
    contacts: tuple[tuple[str, str], ...]
    """(kind, value) of the party's contact information."""


def ids(
    connection: Connection,
    column: str,
    *,
    descending: bool,
    needle: str = "",
    closed: bool = False,
    limit: int | None = None,
) -> "array[int]":
    """Ids of the Interests in the order of a column; closed ones only when asked for."""
    key = SORT_COLUMNS[column]
    query = _joined(select(interest.c.id)).order_by(
        key.is_(None), key.desc() if descending else key, interest.c.id.desc()
    )
    if not closed:
        query = query.where(state.c.outcome == "open")
    for word in fold(needle).split():
        query = query.where(
            or_(
                interest.c.name_fold.contains(word, autoescape=True),
                SORT_COLUMNS["party"].contains(word, autoescape=True),
            )
        )
    return array("q", connection.execute(query.limit(limit)).scalars())


def rows(connection: Connection, interest_ids: Sequence[int]) -> dict[int, InterestRow]:
    """The rows of these Interests; those that are gone are left out."""
    query = _joined(_columns()).where(interest.c.id.in_(interest_ids))
    return {row.id: InterestRow(*row) for row in connection.execute(query)}


def card(connection: Connection, interest_id: int) -> InterestCard | None:
    """One Interest, or None when it is gone."""
    found = rows(connection, [interest_id]).get(interest_id)
    if found is None:
        return None
    more = connection.execute(select(interest).where(interest.c.id == interest_id)).one()
    return InterestCard(
        row=found,
        version=more.version,
        scenario_id=more.scenario_id,
        state_id=more.state_id,
        states=tuple(states(connection, more.scenario_id)),
        lead_id=more.lead_id,
        customer_id=more.customer_id,
        contact_id=more.contact_id,
        purpose=more.purpose,
        source=more.source,
        close_reason=more.close_reason,
        state_since=more.state_since,
        created_at=more.created_at,
        contacts=tuple(_contacts(connection, more)),
    )


def of_party(
    connection: Connection, customer_ids: Sequence[int], contact_ids: Sequence[int], limit: int
) -> list[int]:
    """Ids of the Interests of these customers and people, open ones first, the newest change first."""
    query = (
        _joined(select(interest.c.id))
        .where(or_(interest.c.customer_id.in_(customer_ids), interest.c.contact_id.in_(contact_ids)))
        .order_by(state.c.outcome != "open", interest.c.changed_at.desc(), interest.c.id.desc())
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def of_interaction(connection: Connection, interaction_id: int) -> int | None:
    """Id of the Interest that an interaction belongs to, or None."""
    interaction = table_of(Interaction)
    found: int | None = connection.execute(
        select(interaction.c.interest_id).where(interaction.c.id == interaction_id)
    ).scalar_one_or_none()
    return found


def states(connection: Connection, scenario_id: int) -> list[StateRow]:
    """The states of a scenario in their order."""
    query = select(state.c.id, state.c.name, state.c.outcome).where(state.c.scenario_id == scenario_id)
    return [StateRow(*row) for row in connection.execute(query.order_by(state.c.position))]


def _columns() -> Select[Any]:
    return select(
        interest.c.id,
        interest.c.name,
        _PARTY.label("party"),
        scenario.c.name.label("scenario"),
        state.c.name.label("state"),
        state.c.outcome,
        interest.c.amount_minor,
        interest.c.currency,
        interest.c.next_contact_at,
        interest.c.changed_at,
        user.c.name.label("owner"),
    )


def _joined(query: Select[Any]) -> Select[Any]:
    return query.select_from(
        interest.join(state, state.c.id == interest.c.state_id)
        .join(scenario, scenario.c.id == interest.c.scenario_id)
        .outerjoin(customer, customer.c.id == interest.c.customer_id)
        .outerjoin(contact, contact.c.id == interest.c.contact_id)
        .outerjoin(lead, lead.c.id == interest.c.lead_id)
        .outerjoin(user, user.c.id == interest.c.owner_id)
    )


def _contacts(connection: Connection, row: Any) -> list[tuple[str, str]]:
    info = table_of(ContactInfo)
    owners = (("customer", row.customer_id), ("contact", row.contact_id), ("lead", row.lead_id))
    theirs = or_(
        *((info.c.owner_kind == kind) & (info.c.owner_id == key) for kind, key in owners if key is not None),
        info.c.id.is_(None),
    )
    query = select(info.c.kind, info.c.value).where(theirs).order_by(info.c.id)
    return list(dict.fromkeys((found.kind, found.value) for found in connection.execute(query)))
