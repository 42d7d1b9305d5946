"""The four blocks of the Today screen (story A1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, func, select

from crm_tui.store.tables import (
    Customer,
    Folder,
    Inquiry,
    Interaction,
    Interest,
    Letter,
    Placement,
    State,
    table_of,
)

NEGLECTED_AFTER = timedelta(days=30)
"""An open Interest in which nothing was done for so long, and nothing is planned, is neglected (D-06)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a block."""

    id: int
    text: str
    who: str
    at: datetime


def inquiries(connection: Connection, limit: int) -> tuple[int, list[Line]]:
    """Unread letters of the inboxes that nobody accepted or declined: how many, and the newest."""
    placement, letter, folder = table_of(Placement), table_of(Letter), table_of(Folder)
    inquiry = table_of(Inquiry)
    waiting = (
        folder.c.role == "inbox",
        placement.c.unread,
        ~placement.c.deleted,
        letter.c.kind == "letter",
        ~exists().where(inquiry.c.letter_id == placement.c.letter_id),
    )
    joined = placement.join(folder, folder.c.id == placement.c.folder_id).join(
        letter, letter.c.id == placement.c.letter_id
    )
    count = connection.execute(select(func.count()).select_from(joined).where(*waiting)).scalar_one()
    who = func.coalesce(func.nullif(letter.c.sender_name, ""), letter.c.sender_address)
    rows = connection.execute(
        select(placement.c.id, letter.c.subject, who, letter.c.date)
        .select_from(joined)
        .where(*waiting)
        .order_by(placement.c.date_key.desc(), placement.c.id.desc())
        .limit(limit)
    )
    return int(count), [Line(*row) for row in rows]


def neglected(connection: Connection, user_id: int, now: datetime, limit: int) -> tuple[int, list[Line]]:
    """The user's open Interests with no touch for long and none planned: how many, and the oldest."""
    interest, state, customer = table_of(Interest), table_of(State), table_of(Customer)
    interaction = table_of(Interaction)
    lately = interaction.c.starts_at > now - NEGLECTED_AFTER
    forgotten = (
        interest.c.owner_id == user_id,
        state.c.outcome == "open",
        interest.c.changed_at < now - NEGLECTED_AFTER,
        ~exists().where(
            interaction.c.interest_id == interest.c.id, lately, interaction.c.status != "cancelled"
        ),
    )
    joined = interest.join(state, state.c.id == interest.c.state_id).outerjoin(
        customer, customer.c.id == interest.c.customer_id
    )
    count = connection.execute(select(func.count()).select_from(joined).where(*forgotten)).scalar_one()
    rows = connection.execute(
        select(interest.c.id, interest.c.name, func.coalesce(customer.c.name, ""), interest.c.changed_at)
        .select_from(joined)
        .where(*forgotten)
        .order_by(interest.c.changed_at, interest.c.id)
        .limit(limit)
    )
    return int(count), [Line(*row) for row in rows]
