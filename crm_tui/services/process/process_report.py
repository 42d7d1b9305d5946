"""How a map runs (CORP-21): time in each step, where processes die, who is late, what runs now.

Counts and times of the clock come from SQL (``store.queries.process_report``, where it is said what is counted when);
working time is counted here, in the calendar of whoever performed the step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from crm_tui.domain.event.working_time import WorkingClock
from crm_tui.domain.route.route_map import Route
from crm_tui.services.event import work_calendars
from crm_tui.services.record import lists
from crm_tui.services.route import route_catalogue
from crm_tui.store.queries import process_report

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""Before everything: a period without a beginning."""


@dataclass(frozen=True, slots=True)
class Times:
    """How long something takes, of the nearest rank."""

    number: int
    median: timedelta
    p90: timedelta
    """Nine of ten do not take longer."""


@dataclass(frozen=True, slots=True)
class StepReport:
    """A point of the map at which processes wait."""

    point: str
    name: str
    kind: str
    in_map: bool
    """Whether the version in force still has it."""
    entered: int
    left: int
    cancelled: int
    waiting: int
    """How many wait there now, whenever they came."""
    waiting_late: int
    oldest: datetime | None
    """Since when the one waits that came first."""
    clock: Times | None
    """None where nobody left it in the period."""
    working: Times | None


@dataclass(frozen=True, slots=True)
class Death:
    """Processes that were ended early or came to an unsuccessful end at one point for one reason."""

    terminated: bool
    point: str
    """Name of the point where they stood; empty for those that ended before the first."""
    end: str
    """Name of the end that they came to."""
    reason: str
    """As it is shown."""
    number: int


@dataclass(frozen=True, slots=True)
class Lateness:
    """How a performer keeps deadlines."""

    user_id: int | None
    name: str
    number: int
    """Steps whose deadline lay in the period."""
    late: int
    open_late: int


@dataclass(frozen=True, slots=True)
class Report:
    """How a map ran in a period."""

    title: str
    since: datetime
    until: datetime
    started: int
    ended: Mapping[str, Times]
    """``successful``, ``unsuccessful``, ``terminated`` → how many, and how long from start to end."""
    running: Sequence[tuple[int, str, int]]
    """Version, status, how many: of processes that have not ended."""
    steps: Sequence[StepReport]
    deaths: Sequence[Death]
    late: Sequence[Lateness]


def of_map(
    connection: Connection,
    map_id: int,
    now: datetime,
    *,
    since: datetime = BEGINNING,
    until: datetime | None = None,
) -> Report:
    """The report of a map for a period, up to now unless ``until`` is told. Raises NotFound.

    Working time is reckoned anew from the calendars as they are now.
    """
    row = route_catalogue.row(connection, map_id)
    route = route_catalogue.of_map(connection, map_id) or Route("", "")
    names = _names(connection, map_id, route)
    until = until or now + timedelta(microseconds=1)
    reasons = lists.names(connection, "lost_reason")
    return Report(
        row.title,
        since,
        until,
        process_report.started(connection, map_id, since, until),
        {one.name: _times(one) for one in process_report.whole(connection, map_id, since, until)},
        [(one.version, one.status, one.number) for one in process_report.alive(connection, map_id)],
        _steps(connection, map_id, route, names, since, until, now),
        [
            Death(
                one.status == "terminated",
                names.get(one.point, one.point),
                names.get(one.ended_point, one.ended_point),
                reasons.get(one.reason, one.reason),
                one.number,
            )
            for one in process_report.deaths(connection, map_id, since, until)
        ],
        [
            Lateness(one.performer_id, one.name or "", one.number, one.late, one.open_late)
            for one in process_report.late(connection, map_id, since, until, now)
        ],
    )


def _steps(
    connection: Connection,
    map_id: int,
    route: Route,
    names: Mapping[str, str],
    since: datetime,
    until: datetime,
    now: datetime,
) -> list[StepReport]:
    entered = {one.point: one for one in process_report.entries(connection, map_id, since, until)}
    clock = {one.name: _times(one) for one in process_report.times(connection, map_id, since, until)}
    working = _working(connection, map_id, since, until)
    waiting = {one.point: one for one in process_report.waiting(connection, map_id, now)}
    order = [point.id for point in route.points]
    points = sorted(
        {*entered, *clock, *waiting}, key=lambda one: (order.index(one) if one in order else len(order), one)
    )
    found = []
    for point in points:
        count, here = entered.get(point), waiting.get(point)
        found.append(
            StepReport(
                point,
                names.get(point, point),
                count.kind if count else "step",
                point in route.by_id,
                count.entered if count else 0,
                count.left if count else 0,
                count.cancelled if count else 0,
                here.number if here else 0,
                here.late if here else 0,
                here.oldest if here else None,
                clock.get(point),
                working.get(point),
            )
        )
    return found


def _working(connection: Connection, map_id: int, since: datetime, until: datetime) -> dict[str, Times]:
    """Point → working time from entering to leaving, each in the calendar of its performer."""
    visits = process_report.visits(connection, map_id, since, until)
    if not visits:
        return {}
    first, last = min(one.entered_at for one in visits), max(one.left_at for one in visits)
    clocks: dict[int | None, WorkingClock] = {}
    seconds: dict[str, list[float]] = {}
    for one in visits:
        if one.performer_id not in clocks:
            his = work_calendars.clockwork(connection, one.performer_id)
            clocks[one.performer_id] = WorkingClock(his.calendar, his.zone, first, last)
        seconds.setdefault(one.point, []).append(
            clocks[one.performer_id].seconds(one.entered_at, one.left_at)
        )
    return {point: _nearest(sorted(times)) for point, times in seconds.items()}


def _nearest(ordered: Sequence[float]) -> Times:
    number = len(ordered)
    median, p90 = ordered[-(-number // 2) - 1], ordered[-(-number * 9 // 10) - 1]
    return Times(number, timedelta(seconds=median), timedelta(seconds=p90))


def _times(row: Row[Any]) -> Times:
    return Times(row.number, timedelta(seconds=row.median), timedelta(seconds=row.p90))


def _names(connection: Connection, map_id: int, route: Route) -> dict[str, str]:
    """Point → name, also of points that only older versions have."""
    names: dict[str, str] = {}
    for version in route_catalogue.versions(connection, map_id):
        for point in route_catalogue.route(connection, version.id).points:
            names.setdefault(point.id, point.name or point.id)
    names.update({point.id: point.name or point.id for point in route.points})
    return names
