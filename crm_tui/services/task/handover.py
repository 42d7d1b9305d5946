"""The open work of one user goes over to another in one act (IDX-39, CORP-44), for good or while one is away."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, or_, select

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.i18n import N_
from crm_tui.services.task import absences, tasks
from crm_tui.store.tables import (
    Customer,
    Event,
    Interaction,
    Interest,
    Lead,
    Reminder,
    State,
    Task,
    User,
    table_of,
)
from crm_tui.store.tables.base import Record
from crm_tui.store.work import Work

KINDS: Mapping[str, str] = {
    "tasks": N_("Tasks"),
    "interests": N_("Interests"),
    "events": N_("Meetings and events"),
    "interactions": N_("Planned calls and meetings"),
    "leads": N_("Leads"),
    "customers": N_("Customers"),
}
"""What can be handed over, and what it is called."""
USUAL = ("tasks", "interests", "events", "interactions")
"""What is handed over when a colleague is away."""
_MODELS: Mapping[str, tuple[type[Record], str]] = {
    "tasks": (Task, "assignee_id"),
    "interests": (Interest, "owner_id"),
    "events": (Event, "owner_id"),
    "interactions": (Interaction, "owner_id"),
    "leads": (Lead, "owner_id"),
    "customers": (Customer, "owner_id"),
}
_REMINDS = {"tasks": "task", "events": "event", "interactions": "interaction", "interests": "interest"}


def found(
    connection: Connection,
    from_id: int,
    kinds: Iterable[str] = USUAL,
    since: datetime | None = None,
    until: datetime | None = None,
) -> dict[str, list[int]]:
    """What would be handed over: ids by kind. ``since`` and ``until`` narrow what has a time of its own; a task
    without one, and what is overdue, goes over in any case.

    Raises Invalid for a kind that is none.
    """
    answer = {}
    for kind in kinds:
        if kind not in KINDS:
            raise Invalid("handover_kind", value=kind)
        model, column = _MODELS[kind]
        table = table_of(model)
        query = select(table.c.id).where(table.c[column] == from_id, *_OPEN[kind](table, since, until))
        answer[kind] = list(connection.execute(query.order_by(table.c.id)).scalars())
    return answer


def hand_over(
    work: Work,
    from_id: int,
    to_id: int,
    kinds: Iterable[str] = USUAL,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    away_until: datetime | None = None,
) -> dict[str, int]:
    """Hand it over, reminders too; how many of each kind. With ``away_until`` the user is noted as away till then,
    and the other one stands in for what comes meanwhile.

    Raises Refused when nothing is open and nobody is away, Invalid for the same user twice.
    """
    if from_id == to_id:
        raise Invalid("handover_to_oneself", name=work.get(User, from_id).name)
    work.get(User, to_id)
    moving = found(work.connection, from_id, kinds, since, until)
    if not any(moving.values()) and away_until is None:
        raise Refused("handover_nothing", name=work.get(User, from_id).name)
    for kind, ids in moving.items():
        model, column = _MODELS[kind]
        work.change_many(model, ids, **{column: to_id}, changed_at=work.now)
        if kind == "tasks":
            _steps_over(work, ids, to_id)
        if kind in _REMINDS:
            _reminders_over(work, _REMINDS[kind], ids, from_id, to_id)
    if away_until is not None:
        absences.add(work, from_id, to_id, since or work.now, away_until)
    return {kind: len(ids) for kind, ids in moving.items()}


def _reminders_over(work: Work, subject_kind: str, ids: list[int], from_id: int, to_id: int) -> None:
    reminder = table_of(Reminder)
    mine = reminder.alias()
    there = (
        select(mine.c.id)
        .where(mine.c.user_id == to_id, mine.c.subject_kind == reminder.c.subject_kind)
        .where(mine.c.subject_id == reminder.c.subject_id, mine.c.occurrence == reminder.c.occurrence)
        .exists()
    )
    for at in range(0, len(ids), 500):
        theirs = select(reminder.c.id).where(
            reminder.c.user_id == from_id,
            reminder.c.subject_kind == subject_kind,
            reminder.c.subject_id.in_(ids[at : at + 500]),
        )
        # Whoever is reminded of it already needs no second one, and the former owner none at all.
        work.remove_many(Reminder, work.connection.execute(theirs.where(there)).scalars().all())
        work.change_many(Reminder, work.connection.execute(theirs).scalars().all(), user_id=to_id)


def _steps_over(work: Work, task_ids: list[int], to_id: int) -> None:
    """The steps of processes whose tasks these are: who performs them is told there too (BP-08)."""
    from crm_tui.services.process import (  # they read tables that are not needed at the start
        process_state,
        processes,
    )

    for task_id in task_ids:
        if work.get(Task, task_id).kind == tasks.PROCESS:
            step = process_state.step_of(work, task_id)
            if step is not None:
                processes.note_performer(work, step, to_id)


def _tasks(table: Table, since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    return [table.c.status == "open", *_due(table.c.due_at, until)]


def _interests(table: Table, since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    state = table_of(State)
    still_open = table.c.state_id.in_(select(state.c.id).where(state.c.outcome == "open"))
    return [still_open, table.c.trashed_at.is_(None)]


def _events(table: Table, since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    clauses = []
    if since is not None:
        clauses.append(or_(table.c.until_at.is_(None), table.c.until_at >= since))
    if until is not None:
        clauses.append(table.c.starts_at < until)
    return clauses


def _interactions(table: Table, since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    return [table.c.status == "planned", *_due(table.c.starts_at, until)]


def _leads(table: Table, since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    return [table.c.status == "open", table.c.trashed_at.is_(None)]


def _customers(table: Table, since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    return [table.c.trashed_at.is_(None)]


def _due(column: ColumnElement[datetime], until: datetime | None) -> list[ColumnElement[bool]]:
    return [] if until is None else [or_(column.is_(None), column < until)]


_OPEN: Mapping[str, Callable[[Table, datetime | None, datetime | None], list[ColumnElement[bool]]]] = {
    "tasks": _tasks,
    "interests": _interests,
    "events": _events,
    "interactions": _interactions,
    "leads": _leads,
    "customers": _customers,
}
