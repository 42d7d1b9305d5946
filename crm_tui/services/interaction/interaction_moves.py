"""Planned interactions that are put off (L-06), and those whose time has passed without a word (C77-10)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import clean
from crm_tui.services.interaction import interactions
from crm_tui.store.tables import Contact, Customer, Interaction, Interest, Lead, table_of
from crm_tui.store.work import Work

NO_ANSWER = "no_answer"
"""The reason, a code of the list ``move_reason``, by which an attempt is counted."""
MOST_ASKED = 20
"""So many that have passed are asked about at a time."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A planned interaction whose time has passed."""

    id: int
    kind: str
    subject: str
    starts_at: datetime
    interest_id: int | None
    party: str


def reschedule(work: Work, interaction_id: int, at: datetime, reason: str = "") -> Interaction:
    """Give a planned interaction another time, with its reminder and the Interest's date X; why is noted.

    ``reason`` is a code of the list ``move_reason``; where nobody answered, the attempt is counted.
    Raises Refused when it was not planned any more.
    """
    from crm_tui.store.tables.deals import InteractionMove  # not read at the start

    interaction = interactions.still_planned(work, interaction_id)
    before = interaction.starts_at
    reason = clean(reason).strip()
    work.change(
        interaction,
        starts_at=at,
        ends_at=interaction.ends_at and at + (interaction.ends_at - before),
        attempts=interaction.attempts + (reason == NO_ANSWER),
        changed_at=work.now,
    )
    work.add(
        InteractionMove(
            interaction_id=interaction.key,
            from_at=before,
            to_at=at,
            reason=reason,
            actor=work.actor.name,
            at=work.now,
        )
    )
    interactions.remind(work, interaction)
    interactions.follow(work, interaction, before, at)
    return interaction


def put_off(work: Work, interaction_id: int, at: datetime, reason: str) -> Interaction:
    """``reschedule`` by a person, who says why. Raises Invalid without a reason."""
    if not reason.strip():
        raise Invalid("interaction_needs_reason")
    return reschedule(work, interaction_id, at, reason)


def passed(connection: Connection, user_id: int, now: datetime, limit: int = MOST_ASKED) -> list[Passed]:
    """The user's planned interactions whose time has passed, the oldest first."""
    interaction, interest = table_of(Interaction), table_of(Interest)
    customer, contact, lead = table_of(Customer), table_of(Contact), table_of(Lead)
    query = (
        select(
            interaction.c.id,
            interaction.c.kind,
            func.coalesce(func.nullif(interaction.c.subject, ""), interest.c.name, ""),
            interaction.c.starts_at,
            interaction.c.interest_id,
            func.coalesce(customer.c.name, contact.c.name, lead.c.name, ""),
        )
        .outerjoin(interest, interest.c.id == interaction.c.interest_id)
        .outerjoin(customer, customer.c.id == interaction.c.customer_id)
        .outerjoin(contact, contact.c.id == interaction.c.contact_id)
        .outerjoin(lead, lead.c.id == interaction.c.lead_id)
        .where(
            interaction.c.status == "planned",
            interaction.c.starts_at < now,
            func.coalesce(interaction.c.ends_at, interaction.c.starts_at) < now,
            interaction.c.owner_id == user_id,
        )
        .order_by(interaction.c.starts_at, interaction.c.id)
        .limit(limit)
    )
    return [Passed(*row) for row in connection.execute(query)]


def hold_passed(work: Work, user_id: int) -> int:
    """All of the user's whose time has passed count as held (the automatic rule of C77-10); answers how many."""
    there = passed(work.connection, user_id, work.now, limit=500)
    for one in there:
        interactions.hold(work, one.id)
    return len(there)


def attempts(connection: Connection, interaction_id: int) -> int:
    """Which attempt the planned interaction is, from 1."""
    table = table_of(Interaction)
    query = select(table.c.attempts).where(table.c.id == interaction_id)
    return (connection.execute(query).scalar() or 0) + 1
