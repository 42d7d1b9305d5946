"""One act on many records: those that it cannot be done with are told with the reason, the rest is done (C-09).

All of it is one unit of work: one entry of the journal, one ``u``; killed in the middle, nothing of it was written.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.domain.errors import CrmError
from crm_tui.domain.text import clean
from crm_tui.services.interest import interests
from crm_tui.services.party import contacts, customers, leads
from crm_tui.services.task import tasks
from crm_tui.store.queries import party_cards
from crm_tui.store.tables import Contact, Interest, found
from crm_tui.store.work import Work

Verb = Callable[[Work, int], object]

_SETTLED_EVERY = 250


def _change_document(work: Work, document_id: int, **values: Any) -> object:
    from crm_tui.services.document import (
        documents,  # its tables are not read at the start (``store.tables.found``)
    )

    return documents.change(work, document_id, **values)


def _change_task(work: Work, task_id: int, **values: Any) -> object:
    """A task has a verb for each of its fields: a process may have a say in it."""
    if "assignee_id" in values:
        return tasks.assign(work, task_id, values["assignee_id"])
    if "priority" in values:
        return tasks.prioritise(work, task_id, values["priority"])
    return tasks.reschedule(work, task_id, values["due_at"], all_day=values["due_all_day"])


CHANGERS: Mapping[str, Callable[..., object]] = {
    "customer": customers.change,
    "contact": contacts.change,
    "lead": leads.change,
    "interest": interests.change,
    "document": _change_document,
    "task": _change_task,
}
"""Kind of record → the verb that writes values of its columns."""

CHANGEABLE: Mapping[str, tuple[str, ...]] = {
    "customer": (
        "kind", "status", "source", "owner_id", "touch_days", "is_person", "city", "region", "country", "activity",
    ),
    "contact": ("owner_id", "influence", "is_key", "role"),
    "lead": ("owner_id", "source", "purpose", "city"),
    "interest": (
        "owner_id", "source", "purpose", "probability", "expected_close", "currency", "short_status",
    ),
    "document": ("status", "owner_id", "issued_on", "valid_until"),
    "task": ("due_at", "priority", "assignee_id"),
}  # fmt: skip
"""Kind of record → columns that may have one value in many records."""


@dataclass(slots=True)
class Outcome:
    """What became of an act on many records."""

    done: list[int] = field(default_factory=list)
    failed: dict[int, CrmError] = field(default_factory=dict)
    """Record → why it stays as it was."""


def each(work: Work, record_ids: Iterable[int], verb: Verb) -> Outcome:
    """Carry out the verb on each record; what it wrote of one that it refuses is taken back."""
    outcome = Outcome()
    for number, record_id in enumerate(dict.fromkeys(record_ids), 1):
        try:
            with work.connection.begin_nested():
                verb(work, record_id)
        except CrmError as error:
            outcome.failed[record_id] = error
        else:
            outcome.done.append(record_id)
        if number % _SETTLED_EVERY == 0:
            work.settle()
    return outcome


def give(kind: str, owner_id: int) -> Verb:
    """The verb that gives a record to another user."""
    if kind == "task":
        return lambda work, record_id: tasks.assign(work, record_id, owner_id)
    return change(kind, owner_id=owner_id)


def change(kind: str, **values: Any) -> Verb:
    """The verb that writes these values into a record of the kind."""
    changer = CHANGERS[kind]
    return lambda work, record_id: changer(work, record_id, **values)


def change_own(kind: str, code: str, value: Any) -> Verb:
    """The verb that writes this value into one of the company's own fields; None empties it."""
    table, changer = found(kind), CHANGERS[kind]

    def write(work: Work, record_id: int) -> object:
        from crm_tui.services.record import custom_fields  # its table is not read at the start

        before = work.connection.execute(select(table.c.custom).where(table.c.id == record_id)).scalar_one()
        return changer(work, record_id, custom=custom_fields.merged(before or {}, {code: value}))

    return write


def task_of(kind: str, title: str, assignee_id: int, due_at: datetime | None, *, all_day: bool) -> Verb:
    """The verb that makes a task about a record: it hangs on it, the Interest and the customer."""

    def add(work: Work, record_id: int) -> object:
        interest_id, customer_id = _belongs(work, kind, record_id)
        return tasks.add(
            work,
            title,
            assignee_id=assignee_id,
            due_at=due_at,
            due_all_day=all_day,
            interest_id=interest_id,
            customer_id=customer_id,
            contact_id=record_id if kind == "contact" else None,
            lead_id=record_id if kind == "lead" else None,
        )

    return add


def names(connection: Connection, kind: str, record_ids: Iterable[int]) -> dict[int, str]:
    """What these records are called."""
    table = found(kind)
    column = table.c.title if kind in ("task", "document") else table.c.name
    query = select(table.c.id, column).where(table.c.id.in_(list(record_ids)))
    return {row[0]: clean(row[1]) for row in connection.execute(query)}


def _belongs(work: Work, kind: str, record_id: int) -> tuple[int | None, int | None]:
    """Interest and customer of a record."""
    if kind == "interest":
        return record_id, work.get(Interest, record_id).customer_id
    if kind == "customer":
        return None, record_id
    if kind == "document":
        table = found(kind)
        query = select(table.c.interest_id, table.c.customer_id).where(table.c.id == record_id)
        interest_id, customer_id = work.connection.execute(query).one()
        return interest_id, customer_id
    customer_id = work.get(Contact, record_id).customer_id if kind == "contact" else None
    going_on = party_cards.open_interests(work.connection, kind, record_id)
    return next(iter(going_on), None), customer_id
