"""What the screens show of running processes: where they stand, what a step asks for, and the way so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from crm_tui.domain import route_outline
from crm_tui.domain.errors import NotFound
from crm_tui.domain.route_map import NestedPoint, Outcome, Point, Route, Step, TimerPoint
from crm_tui.domain.route_outline import Line
from crm_tui.services import process_needs
from crm_tui.services.process_needs import Missing
from crm_tui.services.process_state import ALIVE, CANCELLED
from crm_tui.services.route_catalogue import route as route_of
from crm_tui.store.tables import User, table_of
from crm_tui.store.tables.papers import Document
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
    missing: tuple[Missing, ...]
    """What must be there before it can be completed, and is not yet."""
    drafts: frozenset[str]
    """Kinds of missing documents of which there is a draft."""
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
    """It went in circles and was stopped (``domain.process.Status``)."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A token that came to a point."""

    entered_at: datetime
    left_at: datetime | None
    due_at: datetime | None
    performer: str
    outcome: str
    """What it was completed with, as a person calls it."""
    result: str
    cancelled: bool
    token: int
    nested_id: int | None
    """The nested process that it waited or waits for."""


@dataclass(frozen=True, slots=True)
class WayLine:
    """A point of the map on the way of a process."""

    line: Line
    name: str
    branch: str
    """By which outcome it is come to; empty within a branch."""
    kind: type[Point]
    controls: bool
    """It begins the branch that controls the Interest's state."""
    visits: tuple[Visit, ...]
    """In the order in which they were; none for what lies ahead."""


@dataclass(frozen=True, slots=True)
class Way:
    """The whole map of a process as an outline, and how the process stands."""

    title: str
    status: str
    successful: bool | None
    ended_at: str
    """The end point that ended it; empty while it goes on, and for one that was terminated."""
    lines: tuple[WayLine, ...]


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
    """The step that an open task is of; None for a task of no process."""
    query = select(waiting.c.process_id).where(waiting.c.task_id == task_id, waiting.c.left_at.is_(None))
    process_id = connection.execute(query).scalar()
    if process_id is None:
        return None
    row = _one(connection, process.c.id == process_id)
    assert row is not None
    return next(step for step in _now(connection, row).steps if step.task_id == task_id)


def way(connection: Connection, process_id: int) -> Way:
    """Where the process has been and is now. Raises NotFound."""
    row = _known(connection, process_id)
    route = route_of(connection, row.version_id)
    visits = _visits(connection, process_id, route)
    lines = tuple(_way_line(route, line, visits) for line in route_outline.outline(route))
    return Way(route.title, row.status, row.successful, row.ended_point, lines)


def card_of(connection: Connection, process_id: int) -> tuple[str, int]:
    """Kind and id of the card that the process is about. Raises NotFound."""
    row = _known(connection, process_id)
    return row.object_kind, row.object_id


def controlling_of(connection: Connection, interest_id: int) -> int | None:
    """The process that goes, or went last, by the controlling map of the Interest."""
    query = (
        select(process.c.id)
        .where(process.c.interest_id == interest_id, process.c.controlling)
        .order_by(process.c.ended_at.is_(None).desc(), process.c.id.desc())
        .limit(1)
    )
    found: int | None = connection.execute(query).scalar()
    return found


def _one(connection: Connection, *clauses: Any) -> Row[Any] | None:
    return connection.execute(select(process).where(*clauses).limit(1)).one_or_none()


def _known(connection: Connection, process_id: int) -> Row[Any]:
    row = _one(connection, process.c.id == process_id)
    if row is None:
        raise NotFound("no_such_record", kind="process", id=process_id)
    return row


def _now(connection: Connection, row: Row[Any]) -> ProcessNow:
    route = route_of(connection, row.version_id)
    side = route_outline.side_points(route)
    user = table_of(User)
    query = (
        select(waiting, user.c.name.label("who"), user.c.login)
        .outerjoin(user, user.c.id == waiting.c.performer_id)
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
        may_terminate=row.controlling and route.early_termination,
        is_stopped=row.status == "stopped",
    )


def _step(
    connection: Connection, row: Row[Any], route: Route, point: Step, token: Row[Any], own_form: bool
) -> StepNow:
    missing = process_needs.missing(connection, row.id, token.token)
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
        missing=missing,
        drafts=_drafts(connection, row, [one.of for one in missing if one.kind == "document"]),
        interest_id=row.interest_id,
        of_interest=not own_form,
    )


def _drafts(connection: Connection, row: Row[Any], kinds: Sequence[str]) -> frozenset[str]:
    if not kinds or row.interest_id is None:
        return frozenset()
    document = table_of(Document)
    query = select(document.c.kind).where(
        document.c.interest_id == row.interest_id,
        document.c.kind.in_(kinds),
        document.c.status == "draft",
        document.c.trashed_at.is_(None),
    )
    return frozenset(connection.scalars(query))


def _visits(connection: Connection, process_id: int, route: Route) -> dict[str, list[Visit]]:
    user = table_of(User)
    nested = process.alias("nested")
    query = (
        select(waiting, user.c.name.label("who"), user.c.login, nested.c.id.label("nested_id"))
        .outerjoin(user, user.c.id == waiting.c.performer_id)
        .outerjoin(nested, (nested.c.parent_id == process_id) & (nested.c.parent_token == waiting.c.token))
        .where(waiting.c.process_id == process_id)
        .order_by(waiting.c.token)
    )
    found: dict[str, list[Visit]] = {}
    for token in connection.execute(query):
        point = route.by_id[token.point]
        outcomes = {one.code: one.name for one in point.outcomes} if isinstance(point, Step) else {}
        cancelled = token.outcome == CANCELLED
        visit = Visit(
            token.entered_at,
            token.left_at,
            token.deadline_at or token.due_at,
            token.who or token.login or "",
            "" if cancelled else outcomes.get(token.outcome, ""),
            token.result,
            cancelled,
            token.token,
            token.nested_id,
        )
        found.setdefault(token.point, []).append(visit)
    return found


def _way_line(route: Route, line: Line, visits: dict[str, list[Visit]]) -> WayLine:
    point = route.by_id[line.point]
    flow = route.flows[line.flow] if line.flow >= 0 else None
    return WayLine(
        line,
        point.name,
        route_outline.label(route, flow) if flow else "",
        type(point),
        flow is not None and flow.controls,
        tuple(visits.get(line.point, ())),
    )
