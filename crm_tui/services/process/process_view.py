"""What the screens show of running processes: where they stand, what a step asks for. The way: ``process_way``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, select

from crm_tui.domain.errors import NotFound
from crm_tui.domain.route import route_outline
from crm_tui.domain.route.route_map import NestedPoint, Outcome, Route, Step, TimerPoint
from crm_tui.services.process import process_hold, process_needs
from crm_tui.services.process.process_needs import Missing
from crm_tui.services.process.process_state import ALIVE
from crm_tui.services.route.route_catalogue import route as route_of
from crm_tui.store.tables import Task, User, table_of
from crm_tui.store.tables.papers import CardFile, Document
from crm_tui.store.tables.processes import Process, ProcessToken

process, waiting = table_of(Process), table_of(ProcessToken)


@dataclass(frozen=True, slots=True)
class StepNow:
    """A step that waits for a person."""

    process_id: int
    token: int
    task_id: int | None
    process: str
    """The map's number and name."""
    name: str
    instruction: str
    due_at: datetime | None
    performer_id: int | None
    performer: str
    outcomes: tuple[Outcome, ...]
    ask_result: bool
    said: str
    """What was said of its task while processes were switched off: a result to begin with."""
    missing: tuple[Missing, ...]
    """What must be there before it can be completed, and is not yet."""
    drafts: Mapping[str, bool]
    """Kinds of missing documents of which there is a draft → whether it has a file, which a letter can take along."""
    interest_id: int | None
    of_interest: bool
    """It is done on the card of the Interest; else in a form of its own: a side branch, or a process that controls
    no state (BP-20)."""


@dataclass(frozen=True, slots=True)
class ProcessNow:
    """A process that has not ended."""

    id: int
    title: str
    steps: tuple[StepNow, ...]
    waits: tuple[tuple[str, datetime | None], ...]
    """What else it waits for: nested processes and timers, with the time of a timer."""
    may_terminate: bool
    is_stopped: bool
    """It went in circles and was stopped (``domain.route.process.Status``)."""


def of_interest(connection: Connection, interest_id: int) -> ProcessNow | None:
    """The process that holds the state of the Interest."""
    row = _one(connection, process.c.interest_id == interest_id, process.c.held_state_id.is_not(None))
    return None if row is None else _now(connection, row)


def of_process(connection: Connection, process_id: int) -> ProcessNow:
    """A process. Raises NotFound when it is gone or has ended."""
    row = _one(connection, process.c.id == process_id, process.c.status.in_(ALIVE))
    if row is None:
        raise NotFound("no_such_record", kind="process", id=process_id)
    return _now(connection, row)


def of_task(connection: Connection, task_id: int) -> StepNow | None:
    """The step that an open task is of; None for a task of no process, and while processes are switched off."""
    if not process_hold.are_used(connection):
        return None
    query = select(waiting.c.process_id).where(waiting.c.task_id == task_id, waiting.c.left_at.is_(None))
    process_id = connection.execute(query).scalar()
    if process_id is None:
        return None
    row = _one(connection, process.c.id == process_id)
    assert row is not None
    return next(step for step in _now(connection, row).steps if step.task_id == task_id)


def card_of(connection: Connection, process_id: int) -> tuple[str, int]:
    """Kind and id of the card that the process is about. Raises NotFound."""
    row = known(connection, process_id)
    return row.object_kind, row.object_id


def _one(connection: Connection, *clauses: Any) -> Row[Any] | None:
    return connection.execute(select(process).where(*clauses).limit(1)).one_or_none()


def known(connection: Connection, process_id: int) -> Row[Any]:
    """The row of a process, running or not. Raises NotFound."""
    row = _one(connection, process.c.id == process_id)
    if row is None:
        raise NotFound("no_such_record", kind="process", id=process_id)
    return row


def _now(connection: Connection, row: Row[Any]) -> ProcessNow:
    route = route_of(connection, row.version_id)
    side = route_outline.side_points(route)
    user, task = table_of(User), table_of(Task)
    query = (
        select(waiting, user.c.name.label("who"), user.c.login, task.c.result.label("said"))
        .outerjoin(user, user.c.id == waiting.c.performer_id)
        .outerjoin(task, task.c.id == waiting.c.task_id)
        .where(waiting.c.process_id == row.id, waiting.c.left_at.is_(None))
        .order_by(waiting.c.token)
    )
    steps: list[StepNow] = []
    waits: list[tuple[str, datetime | None]] = []
    for token in connection.execute(query):
        point = route.by_id[token.point]
        if isinstance(point, Step):
            own_form = not row.controlling or point.id in side
            steps.append(_step(connection, row, route, point, token, own_form))
        elif isinstance(point, NestedPoint | TimerPoint):
            waits.append((point.name or point.id, token.due_at))
    steps.sort(key=lambda step: not step.of_interest)
    return ProcessNow(
        row.id,
        route.title,
        tuple(steps),
        tuple(waits),
        may_terminate=row.controlling and (route.early_termination or row.status == "stopped"),
        is_stopped=row.status == "stopped",
    )


def _step(
    connection: Connection, row: Row[Any], route: Route, point: Step, token: Row[Any], own_form: bool
) -> StepNow:
    missing = process_needs.lacking(connection, row, point, token.entered_at)
    return StepNow(
        process_id=row.id,
        token=token.token,
        task_id=token.task_id,
        process=route.title,
        name=point.name or point.id,
        instruction=point.instruction,
        due_at=token.deadline_at,
        performer_id=token.performer_id,
        performer=token.who or token.login or "",
        outcomes=point.outcomes,
        ask_result=point.ask_result,
        said=token.said or "",
        missing=missing,
        drafts=_drafts(connection, row, [one.of for one in missing if one.kind == "document"]),
        interest_id=row.interest_id,
        of_interest=not own_form,
    )


def _drafts(connection: Connection, row: Row[Any], kinds: Sequence[str]) -> dict[str, bool]:
    if not kinds or row.interest_id is None:
        return {}
    document, file = table_of(Document), table_of(CardFile)
    has_file = exists().where(file.c.owner_kind == "document", file.c.owner_id == document.c.id)
    query = select(document.c.kind, has_file.label("has_file")).where(
        document.c.interest_id == row.interest_id,
        document.c.kind.in_(kinds),
        document.c.status == "draft",
        document.c.trashed_at.is_(None),
    )
    return {one.kind: bool(one.has_file) for one in connection.execute(query.order_by("has_file"))}
