"""Reads of the briefing that no other place needs: what is promised, what letters said, who has a birthday."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select

from crm_tui.store.tables import Contact, Event, Interaction, LetterText, Task, found, table_of

MOST = 12


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that is to be done, or to come."""

    kind: str
    """``task``, the kind of a planned interaction, or ``receipt``."""
    title: str
    at: datetime | None
    on: date | None = None
    all_day: bool = False
    amount_minor: int | None = None
    currency: str = ""


def promises(
    connection: Connection, interest_ids: Sequence[int], customer_id: int | None, lead_id: int | None
) -> list[Promise]:
    """Open tasks, planned interactions and money that has not come, each by its time."""
    task, talk, interest = table_of(Task), table_of(Interaction), found("interest")
    receipt = found("receipt")
    whose: list[ColumnElement[bool]] = [task.c.interest_id.in_(interest_ids)]
    theirs: list[ColumnElement[bool]] = [talk.c.interest_id.in_(interest_ids)]
    if customer_id is not None:
        whose.append(task.c.customer_id == customer_id)
        theirs.append(talk.c.customer_id == customer_id)
    if lead_id is not None:
        whose.append(task.c.lead_id == lead_id)
        theirs.append(talk.c.lead_id == lead_id)
    tasks = (
        select(task.c.title, task.c.due_at, task.c.due_all_day)
        .where(or_(*whose), task.c.status == "open")
        .order_by(task.c.due_at.is_(None), task.c.due_at, task.c.id)
        .limit(MOST)
    )
    talks = (
        select(talk.c.kind, talk.c.subject, talk.c.starts_at)
        .where(or_(*theirs), func.coalesce(talk.c.status, "") == "planned")
        .order_by(talk.c.starts_at, talk.c.id)
        .limit(MOST)
    )
    money = (
        select(receipt.c.due_on, receipt.c.amount_minor, interest.c.currency, interest.c.name)
        .join(interest, interest.c.id == receipt.c.interest_id)
        .where(receipt.c.interest_id.in_(interest_ids), receipt.c.received_on.is_(None))
        .order_by(receipt.c.due_on, receipt.c.id)
        .limit(MOST)
    )
    return [
        *(
            Promise("task", row.title, row.due_at, all_day=row.due_all_day)
            for row in connection.execute(tasks)
        ),
        *(Promise(row.kind, row.subject, row.starts_at) for row in connection.execute(talks)),
        *(
            Promise("receipt", row.name, None, row.due_on, False, row.amount_minor, row.currency)
            for row in connection.execute(money)
        ),
    ]


def letter_texts(connection: Connection, letter_ids: Sequence[int]) -> dict[int, str]:
    """The texts of these letters, as far as they are here."""
    text = table_of(LetterText)
    query = select(text.c.letter_id, text.c.text).where(text.c.letter_id.in_(letter_ids))
    return {row.letter_id: row.text for row in connection.execute(query)}


def birthdays(
    connection: Connection, customer_id: int | None, contact_id: int | None
) -> list[tuple[str, str]]:
    """Name and birthday, as stored, of the contact persons of a customer, or of one contact person."""
    contact = table_of(Contact)
    query = select(contact.c.name, contact.c.birthday).where(
        contact.c.birthday != "",
        contact.c.trashed_at.is_(None),
        contact.c.customer_id == customer_id if customer_id is not None else contact.c.id == contact_id,
    )
    return [(row.name, row.birthday) for row in connection.execute(query.order_by(contact.c.name_fold))]


def of_event(connection: Connection, event_id: int) -> tuple[str, datetime, int | None, int | None] | None:
    """What an event is called, when it begins, and its Interest and customer."""
    event = table_of(Event)
    row = connection.execute(
        select(event.c.summary, event.c.starts_at, event.c.interest_id, event.c.customer_id).where(
            event.c.id == event_id
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2], row[3])
