"""Reads of the Calendar screen beside the events themselves (``services.event.occurrences``)."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, String, bindparam, func, select

from crm_tui.store.tables import Contact, Customer, Event, Interaction, Interest, Lead, table_of

MOST = 20_000
"""No more planned calls and meetings than these are given for one window."""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A planned call or meeting."""

    id: int
    kind: str
    subject: str
    party: str
    """Who it is with: customer, contact person or lead."""
    starts_at: datetime
    ends_at: datetime | None
    interest_id: int | None


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event with all that its form and its details show. Times are naive, by the event's own clock."""

    id: int
    version: int
    summary: str
    location: str
    description: str
    dtstart: datetime
    dtend: datetime
    zone: str
    all_day: bool
    rrule: str
    reminder_minutes: int | None
    interest_id: int | None
    interest: str | None
    customer: str | None


def planned(connection: Connection, begin: datetime, end: datetime, owner_id: int) -> list[PlannedRow]:
    """The calls and meetings that a person has planned between two instants, in order of start."""
    return [
        PlannedRow(*row)
        for row in connection.execute(_planned(), {"begin": begin, "end": end, "owner": owner_id})
    ]


@cache
def _planned() -> Select[Any]:
    """Made once: making it takes longer than reading a week."""
    interaction, interest = table_of(Interaction), table_of(Interest)
    customer, contact, lead = table_of(Customer), table_of(Contact), table_of(Lead)
    party = func.coalesce(customer.c.name, contact.c.name, lead.c.name, "")
    return (
        select(
            interaction.c.id,
            interaction.c.kind,
            func.coalesce(func.nullif(interaction.c.subject, ""), interest.c.name, ""),
            party,
            interaction.c.starts_at,
            interaction.c.ends_at,
            interaction.c.interest_id,
        )
        .outerjoin(interest, interest.c.id == interaction.c.interest_id)
        .outerjoin(customer, customer.c.id == interaction.c.customer_id)
        .outerjoin(contact, contact.c.id == interaction.c.contact_id)
        .outerjoin(lead, lead.c.id == interaction.c.lead_id)
        .where(
            interaction.c.status == "planned",
            interaction.c.starts_at >= bindparam("begin"),
            interaction.c.starts_at < bindparam("end"),
            interaction.c.owner_id == bindparam("owner"),
        )
        .order_by(interaction.c.starts_at, interaction.c.id)
        .limit(MOST)
    )


def count(connection: Connection, begin: datetime, end: datetime, owner_id: int) -> int:
    """How many single events of a person there are between two instants, with the days (UTC) on which they begin."""
    window = {"begin": begin, "end": end, "owner": owner_id}
    events, days = connection.execute(_counted(), window).one()
    return int(events) + int(days)


@cache
def _counted() -> Select[int, int]:
    table = table_of(Event)
    return select(func.count(), func.count(func.date(table.c.starts_at, type_=String).distinct())).where(
        table.c.until_at >= bindparam("begin"),
        table.c.starts_at < bindparam("end"),
        table.c.owner_id + 0 == bindparam("owner"),
    )


def event(connection: Connection, event_id: int) -> EventRow | None:
    """One event, or None when it is gone."""
    table, interest, customer = table_of(Event), table_of(Interest), table_of(Customer)
    own = [table.c[name] for name in list(EventRow.__dataclass_fields__)[:-2]]
    rows = connection.execute(
        select(*own, interest.c.name, customer.c.name)
        .outerjoin(interest, interest.c.id == table.c.interest_id)
        .outerjoin(customer, customer.c.id == table.c.customer_id)
        .where(table.c.id == event_id)
    )
    return next((EventRow(*tuple(row)) for row in rows), None)
