"""The four blocks of the Today screen (story A1)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Date, column, exists, func, select, table

from crm_tui.store.tables import (
    Customer,
    Folder,
    Inquiry,
    Interaction,
    Interest,
    Letter,
    MailAccount,
    Placement,
    State,
    Task,
    table_of,
)

NEGLECTED_AFTER = timedelta(days=30)
"""An open Interest in which nothing was done for so long, and nothing is planned, is neglected (D-06)."""


COUNTED = 1000
"""Inquiries are counted up to so many: a mailbox of a newcomer may hold a hundred thousand letters."""


AT_ONCE = 2 * COUNTED
"""Letters of an inbox that are looked through where somebody waits for the answer: where nearly all are decided, a
search to the end of the inbox is no matter of milliseconds."""


ENDS_SOON = timedelta(days=30)
"""A contract whose term ends within so long stands on Today (IDX-13)."""

_document = table(
    "document",
    *(column(name) for name in ("id", "kind", "status", "title", "customer_id", "owner_id", "trashed_at")),
    column("valid_until", Date),
)
"""What is asked of documents here: their table is not read at the start of the program, Today is."""


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract in force with the last day of its term."""

    id: int
    day: date
    title: str
    customer: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a block."""

    id: int
    text: str
    who: str
    at: datetime
    unread: bool = False


def inboxes(connection: Connection) -> list[int]:
    """Ids of the inboxes in use."""
    folder, account = table_of(Folder), table_of(MailAccount)
    return list(
        connection.scalars(
            select(folder.c.id)
            .join(account, account.c.id == folder.c.account_id)
            .where(folder.c.role == "inbox", ~folder.c.hidden, account.c.enabled)
        )
    )


def inquiries(connection: Connection, limit: int) -> tuple[int, list[Line]]:
    """Letters of the inboxes in use that nobody accepted or declined, read or not: how many, and the newest. The Mail
    screen lists the same (``services.inquiry.inquiries.undecided``).

    No more than ``COUNTED`` are counted.
    """
    found = _inquiries(connection, limit, None)
    assert found is not None, "all letters were looked through"
    return found


def inquiries_at_once(connection: Connection, limit: int) -> tuple[int, list[Line]] | None:
    """The same, or None where more than ``AT_ONCE`` letters of an inbox would have to be looked through."""
    return _inquiries(connection, limit, AT_ONCE)


def _inquiries(connection: Connection, limit: int, most: int | None) -> tuple[int, list[Line]] | None:
    placement, letter, inquiry = table_of(Placement), table_of(Letter), table_of(Inquiry)
    who = func.coalesce(func.nullif(letter.c.sender_name, ""), letter.c.sender_address)
    waiting = (
        select(placement.c.id, letter.c.subject, who, letter.c.date, placement.c.unread)
        .join(letter, letter.c.id == placement.c.letter_id)
        .where(letter.c.kind == "letter", ~exists().where(inquiry.c.letter_id == placement.c.letter_id))
    )
    count, newest = 0, []
    # Inbox by inbox: within one the index has the letters in order of date. Once each: where all is decided, it is
    # searched to its end.
    for inbox in inboxes(connection):
        here = (placement.c.folder_id == inbox, ~placement.c.deleted)
        by_date = (placement.c.date_key.desc(), placement.c.id.desc())
        end = None
        if most is not None:
            nth = select(placement.c.date_key).where(*here).order_by(*by_date).offset(most).limit(1)
            end = connection.scalar(nth)
        within = here if end is None else (*here, placement.c.date_key > end)
        wanted = max(limit, COUNTED - count)
        ids = waiting.where(*within).order_by(*by_date).with_only_columns(placement.c.id).limit(wanted)
        found = connection.scalars(ids).all()
        if end is not None and len(found) < wanted:
            return None
        count = min(COUNTED, count + len(found))
        first = waiting.where(placement.c.id.in_(found[:limit]))
        newest += [Line(*row) for row in connection.execute(first)]
    return count, sorted(newest, key=lambda line: line.at, reverse=True)[:limit]


def tasks_due(connection: Connection, user_id: int, before: datetime, limit: int) -> tuple[int, list[int]]:
    """The user's open tasks due before an instant: how many, and the ids of the first by due time and priority."""
    task = table_of(Task)
    due = (task.c.assignee_id == user_id, task.c.status == "open", task.c.due_at < before)
    count = connection.execute(select(func.count()).select_from(task).where(*due)).scalar_one()
    first = (
        select(task.c.id).where(*due).order_by(task.c.due_at, task.c.priority.desc(), task.c.id).limit(limit)
    )
    return int(count), list(connection.execute(first).scalars())


def has_account(connection: Connection) -> bool:
    """Whether there is a mail account in use."""
    account = table_of(MailAccount)
    return connection.execute(select(account.c.id).where(account.c.enabled).limit(1)).first() is not None


def neglected(connection: Connection, user_id: int, now: datetime, limit: int) -> tuple[int, list[Line]]:
    """The user's open Interests with no touch for long and none planned: how many, and the oldest."""
    interest, state, customer = table_of(Interest), table_of(State), table_of(Customer)
    interaction = table_of(Interaction)
    lately = interaction.c.starts_at > now - NEGLECTED_AFTER
    forgotten = (
        interest.c.owner_id == user_id,
        state.c.outcome == "open",
        interest.c.trashed_at.is_(None),
        interest.c.changed_at < now - NEGLECTED_AFTER,
        ~exists().where(
            interaction.c.interest_id == interest.c.id,
            lately,
            interaction.c.status.not_in(("cancelled", "missed")),
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


def customers_neglected(
    connection: Connection, user_id: int, now: datetime, limit: int
) -> tuple[int, list[Line]]:
    """The user's customers with whom we are not in touch as often as we mean to be (L-27): how many, and those
    longest without a touch. A planned interaction that is still to come counts as seeing to it."""
    from crm_tui.store.queries import touches

    customer, interaction = table_of(Customer), table_of(Interaction)
    meant = (
        select(customer.c.id, customer.c.name, customer.c.touch_days, customer.c.created_at)
        .where(
            customer.c.owner_id == user_id,
            customer.c.touch_days.is_not(None),
            customer.c.trashed_at.is_(None),
        )
        .where(
            ~exists().where(
                interaction.c.customer_id == customer.c.id,
                func.coalesce(interaction.c.status, "") == "planned",
                interaction.c.starts_at >= now,
            )
        )
    )
    rows = connection.execute(meant).all()
    last = touches.last(connection, "customer", meant.with_only_columns(customer.c.id), now) if rows else {}
    lines = []
    for row in rows:
        since = last.get(row.id, row.created_at)
        if now - since > timedelta(days=row.touch_days):
            lines.append(Line(row.id, row.name, "", since))
    lines.sort(key=lambda line: (line.at, line.id))
    return len(lines), lines[:limit]


def contracts_ending(connection: Connection, user_id: int, until: date) -> list[Contract]:
    """The user's contracts in force whose term ends by that day, the first to end first."""
    document, customer = _document.c, table_of(Customer)
    query = (
        select(document.id, document.valid_until, document.title, func.coalesce(customer.c.name, ""))
        .select_from(_document.outerjoin(customer, customer.c.id == document.customer_id))
        .where(
            document.valid_until <= until,
            document.kind == "contract",
            document.status.not_in(("paid", "cancelled")),
            document.owner_id == user_id,
            document.trashed_at.is_(None),
        )
        .order_by(document.valid_until, document.id)
    )
    return [Contract(*row) for row in connection.execute(query)]
