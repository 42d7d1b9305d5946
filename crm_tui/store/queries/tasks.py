"""Reads of the My Tasks screen."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, case, column, func, select
from sqlalchemy import table as bare_table

from crm_tui.domain.errors import NotFound
from crm_tui.domain.text import fold
from crm_tui.domain.wall import day_start, to_wall
from crm_tui.store.tables import Contact, Customer, Interest, Lead, Task, User, table_of

task, interest, customer = table_of(Task), table_of(Interest), table_of(Customer)
lead, contact = table_of(Lead), table_of(Contact)
performer, author, absent = (table_of(User).alias(one) for one in ("performer", "author", "absent"))
# By their columns alone: the start shows tasks, and does without the tables of processes (``store.tables``).
token = bare_table("process_token", column("task_id"), column("map_id"))
route_map = bare_table("route_map", column("id"), column("number"), column("name"))

SECTIONS = ("overdue", "today", "week", "later", "none", "done")
"""Sections of the list in their order: ``week`` is the seven days from today on, so that a Sunday shows the work of
Monday; ``none`` is without a due time, ``done`` only when asked for."""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in the list."""

    id: int
    title: str
    kind: str
    status: str
    priority: int
    due_at: datetime | None
    due_all_day: bool
    interest_id: int | None
    interest: str | None
    customer: str | None
    """Whom it is about: the customer, or else the lead or contact person."""
    letter_id: int | None
    version: int
    customer_id: int | None
    contact_id: int | None
    lead_id: int | None
    created_at: datetime
    performer: str
    author: str | None
    absent: str | None
    """In whose place the performer stands (IDX-45)."""


_WHOSE = func.coalesce(customer.c.name_fold, lead.c.name_fold, contact.c.name_fold)
SORTS: dict[str, ColumnElement[Any]] = {
    "title": task.c.title_fold,
    "interest": func.coalesce(interest.c.name_fold, _WHOSE),
    "customer": _WHOSE,
    "priority": task.c.priority,
    "created": task.c.created_at,
    "author": author.c.name,
}
"""What the list is sorted by besides due time and urgency, without headings."""


def sections(
    connection: Connection,
    user_id: int,
    now: datetime,
    zone: tzinfo,
    *,
    needle: str = "",
    done: bool = False,
    clause: ColumnElement[bool] | None = None,
    descending: bool = False,
    limit: int | None = None,
) -> "list[tuple[int, int]]":
    """(task id, index into SECTIONS) of the user's tasks: overdue, due, then by priority and title, or all that the
    other way round.

    ``clause``: of a filter.
    """
    today = to_wall(now, zone).date()
    bounds = (
        now,
        day_start(today + timedelta(days=1), zone),
        day_start(today + timedelta(days=7), zone),
    )
    section = case(
        (task.c.status != "open", SECTIONS.index("done")),
        (task.c.due_at.is_(None), SECTIONS.index("none")),
        *((task.c.due_at < bound, index) for index, bound in enumerate(bounds)),
        else_=SECTIONS.index("later"),
    )
    query = of_user(select(task.c.id, section), user_id, needle=needle, done=done, clause=clause)
    # The sections follow from status and due time, of which there is an index.
    terms = (task.c.due_at.is_(None), task.c.due_at, -task.c.priority, task.c.title_fold, task.c.id)
    by = (task.c.status != "open", section, *terms) if done else terms
    query = query.order_by(*(one.desc() for one in by) if descending else by).limit(limit)
    return [(row[0], row[1]) for row in connection.execute(query)]


def sorted_by(
    connection: Connection,
    user_id: int,
    column: str,
    *,
    descending: bool,
    needle: str = "",
    done: bool = False,
    clause: ColumnElement[bool] | None = None,
    limit: int | None = None,
) -> "array[int]":
    """Ids of the user's tasks by one of ``SORTS``, those that lack it last; of equals the one due first."""
    key = SORTS[column]
    query = of_user(_joined(select(task.c.id)), user_id, needle=needle, done=done, clause=clause)
    query = query.order_by(
        key.is_(None), key.desc() if descending else key, task.c.due_at.is_(None), task.c.due_at, task.c.id
    )
    return array("q", connection.scalars(query.limit(limit)))


def of_user(
    query: Select[Any], user_id: int, *, needle: str, done: bool, clause: ColumnElement[bool] | None
) -> Select[Any]:
    """Of a query over tasks, those of one person: the open ones, finished ones too when ``done``."""
    query = query.where(
        task.c.assignee_id == user_id, task.c.status != "cancelled" if done else task.c.status == "open"
    )
    if clause is not None:
        query = query.where(clause)
    for word in fold(needle).split():
        query = query.where(task.c.title_fold.contains(word, autoescape=True))
    return query


def rows(connection: Connection, task_ids: Sequence[int]) -> dict[int, TaskRow]:
    """The rows of these tasks; those that are gone are left out."""
    return {row.id: TaskRow(*row) for row in connection.execute(_rows_by_id(), {"ids": list(task_ids)})}


def maps_of_steps(connection: Connection, rows: Iterable[TaskRow]) -> dict[int, tuple[str, str]]:
    """Task → number and name of the map whose step it is; tasks of no process are left out (BP-04)."""
    steps = [row.id for row in rows if row.kind == "process"]
    if not steps:
        return {}
    query = (
        select(token.c.task_id, route_map.c.number, route_map.c.name)
        .join(route_map, route_map.c.id == token.c.map_id)
        .where(token.c.task_id.in_(steps))
    )
    return {row.task_id: (row.number, row.name) for row in connection.execute(query)}


def performer_of(connection: Connection, task_id: int) -> int:
    """Id of who does a task, or did it. Raises NotFound."""
    found: int | None = connection.scalar(select(task.c.assignee_id).where(task.c.id == task_id))
    if found is None:
        raise NotFound("no_such_record", kind="task", id=task_id)
    return found


def of_interest(connection: Connection, interest_id: int) -> list[TaskRow]:
    """The open tasks of an Interest, the next due first."""
    query = _rows().where(task.c.interest_id == interest_id, task.c.status == "open")
    return [TaskRow(*row) for row in connection.execute(query.order_by(task.c.due_at, task.c.id))]


def ids_by_due(connection: Connection, user_id: int) -> "array[int]":
    """Ids of the user's open tasks by due time: what the command line lists."""
    query = select(task.c.id).where(task.c.assignee_id == user_id, task.c.status == "open")
    return array("q", connection.execute(query.order_by(task.c.due_at.is_(None), task.c.due_at)).scalars())


def due_between(
    connection: Connection, user_id: int, after: datetime | None, until: datetime
) -> list[TaskRow]:
    """The user's open tasks due from the beginning of a day until that of another, the next due first; ``after``
    None: all that are late too. A task of a whole day is due at the midnight that ends it."""
    whole = task.c.due_all_day
    in_time = (task.c.due_at < until) | (whole & (task.c.due_at == until))
    query = _rows().where(task.c.assignee_id == user_id, task.c.status == "open", in_time)
    if after is not None:
        query = query.where((task.c.due_at > after) | (~whole & (task.c.due_at == after)))
    return [TaskRow(*row) for row in connection.execute(query.order_by(task.c.due_at, task.c.id))]


@cache
def _rows_by_id() -> Select[Any]:
    """Put together once: a list asks for each of its pages."""
    return _rows().where(task.c.id.in_(bindparam("ids", expanding=True)))


def _rows() -> Select[Any]:
    return _joined(
        select(
            task.c.id,
            task.c.title,
            task.c.kind,
            task.c.status,
            task.c.priority,
            task.c.due_at,
            task.c.due_all_day,
            task.c.interest_id,
            interest.c.name.label("interest"),
            func.coalesce(customer.c.name, lead.c.name, contact.c.name).label("customer"),
            task.c.letter_id,
            task.c.version,
            task.c.customer_id,
            task.c.contact_id,
            task.c.lead_id,
            task.c.created_at,
            performer.c.name.label("performer"),
            author.c.name.label("author"),
            absent.c.name.label("absent"),
        )
    )


def _joined(query: Select[Any]) -> Select[Any]:
    """Of a query over tasks, with what they belong to."""
    return (
        query.select_from(task)
        .outerjoin(interest, interest.c.id == task.c.interest_id)
        .outerjoin(customer, customer.c.id == task.c.customer_id)
        .outerjoin(lead, lead.c.id == task.c.lead_id)
        .outerjoin(contact, contact.c.id == task.c.contact_id)
        .outerjoin(performer, performer.c.id == task.c.assignee_id)
        .outerjoin(author, author.c.id == task.c.author_id)
        .outerjoin(absent, absent.c.id == task.c.stands_for_id)
    )


def fallen_due(connection: Connection, user_id: int, after: datetime, until: datetime) -> set[int]:
    """Open tasks of this person that became overdue after one instant and until another."""
    query = select(task.c.id).where(
        task.c.assignee_id == user_id, task.c.status == "open", task.c.due_at >= after, task.c.due_at < until
    )
    return set(connection.scalars(query))
