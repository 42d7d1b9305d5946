"""The way of a process: its map as an outline, with where it has been and is now (BP-06)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from crm_tui.domain.route import route_outline
from crm_tui.domain.route.route_map import ChoicePoint, EndPoint, Point, Route, SplitPoint, Step
from crm_tui.domain.route.route_outline import Line
from crm_tui.services.process.process_state import CANCELLED
from crm_tui.services.process.process_view import known
from crm_tui.services.route.route_catalogue import route as route_of
from crm_tui.store.tables import User, table_of
from crm_tui.store.tables.processes import Process, ProcessEvent, ProcessToken

process, waiting = table_of(Process), table_of(ProcessToken)


@dataclass(frozen=True, slots=True)
class Visit:
    """A token that came to a point."""

    entered_at: datetime
    left_at: datetime | None
    due_at: datetime | None
    performer: str
    """Who completed it; while it waits, whose it is."""
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
    beside: bool
    """It begins a branch beside the one that controls the Interest's state (BP-20)."""
    passed: bool
    """The process went through it; of a point where nothing waits there is no visit."""
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


def way(connection: Connection, process_id: int) -> Way:
    """Where the process has been and is now. Raises NotFound."""
    row = known(connection, process_id)
    route = route_of(connection, row.version_id)
    visits = _visits(connection, process_id, route)
    gone = set(connection.scalars(select(waiting.c.flow).where(waiting.c.process_id == process_id)))
    side = route_outline.side_points(route)
    lines = [
        _way_line(
            route, line, visits, line.point in side, _is_passed(route, line.point, gone, row.ended_point)
        )
        for line in route_outline.outline(route)
    ]
    # What was passed by an earlier version of the map, and stands in this one no more, comes first.
    gone_by = [point for point in visits if point not in route.by_id]
    lines[:0] = [
        WayLine(Line(point), point, "", Step, beside=False, passed=True, visits=tuple(visits[point]))
        for point in gone_by
    ]
    return Way(route.title, row.status, row.successful, row.ended_point, tuple(lines))


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


def _visits(connection: Connection, process_id: int, route: Route) -> dict[str, list[Visit]]:
    user, event, nested = table_of(User), table_of(ProcessEvent), process.alias("nested")
    completed = (
        (event.c.process_id == process_id)
        & (event.c.token == waiting.c.token)
        & (event.c.kind == "completed")
        & event.c.user_id.is_not(None)
    )
    query = (
        select(waiting, user.c.name.label("who"), user.c.login, nested.c.id.label("nested_id"))
        # Who did it, be it another than whose task it was; nobody has done a nested process or a timer.
        .outerjoin(event, completed & (waiting.c.kind == "step"))
        .outerjoin(user, user.c.id == func.coalesce(event.c.user_id, waiting.c.performer_id))
        .outerjoin(nested, (nested.c.parent_id == process_id) & (nested.c.parent_token == waiting.c.token))
        .where(waiting.c.process_id == process_id)
        .order_by(waiting.c.token)
    )
    found: dict[str, list[Visit]] = {}
    for token in connection.execute(query):
        point = route.by_id.get(token.point)
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


def _is_passed(route: Route, point: str, gone: set[int], ended_at: str) -> bool:
    """Whether a flow that leaves the point was gone, be it through further points at which nothing waits."""
    seen, ahead = set[str](), [point]
    while ahead:
        one = ahead.pop()
        ways = () if one in seen else route.leaving[one]
        seen.add(one)
        if one == ended_at or gone.intersection(ways):
            return True
        ahead += [
            route.flows[way].target
            for way in ways
            if isinstance(route.by_id[route.flows[way].target], ChoicePoint | SplitPoint | EndPoint)
        ]
    return False


def _way_line(
    route: Route, line: Line, visits: dict[str, list[Visit]], is_side: bool, is_passed: bool
) -> WayLine:
    point = route.by_id[line.point]
    flow = route.flows[line.flow] if line.flow >= 0 else None
    return WayLine(
        line,
        point.name,
        route_outline.label(route, flow) if flow else "",
        type(point),
        flow is not None and is_side and isinstance(route.by_id[flow.source], SplitPoint),
        is_passed,
        tuple(visits.get(line.point, ())),
    )
