"""The processes of a card: which ran there, how they stand or ended, which can be started (ELP-05, ELP-06, C-30)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from crm_tui.domain.route.route_map import ProcessKind
from crm_tui.domain.text import clean
from crm_tui.services.process import process_hold, processes
from crm_tui.services.record import bulk, lists
from crm_tui.services.route import route_catalogue
from crm_tui.services.route.route_catalogue import MapRow
from crm_tui.store.tables import Interest, User, table_of
from crm_tui.store.tables.processes import Process, ProcessNotice, ProcessToken, RouteMap
from crm_tui.store.work import Work

_BATCH = 500
process, waiting, notice = table_of(Process), table_of(ProcessToken), table_of(ProcessNotice)


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """A process in the list of its card."""

    id: int
    title: str
    """Number and name of the map."""
    status: str
    """As ``domain.route.process.Status``."""
    successful: bool | None
    now: tuple[str, ...]
    """Names of the points at which it waits."""
    ended_at: str
    """Name of the end point that ended it."""
    reason: str
    """Why it failed or was ended early, as the list of reasons says it; and the comment."""
    result: str
    """What was said on completing its last step."""
    unsent: int
    """Notifications that were not sent."""
    started_at: datetime
    ended: datetime | None
    starter: str
    controlling: bool
    nested: bool


def of_card(connection: Connection, kind: str, record_id: int) -> list[ProcessLine]:
    """The processes of a card, those that run first, then the newest; of an Interest also what is nested in them."""
    on_it = and_(process.c.object_kind == kind, process.c.object_id == record_id)
    clause = or_(on_it, process.c.interest_id == record_id) if kind == "interest" else on_it
    user, drawn = table_of(User), table_of(RouteMap)
    unsent = (
        select(func.count())
        .where(notice.c.process_id == process.c.id, notice.c.reason != "")
        .scalar_subquery()
    )
    query = (
        select(process, drawn.c.number, drawn.c.name, user.c.name.label("starter"), unsent.label("unsent"))
        .join(drawn, drawn.c.id == process.c.map_id)
        .outerjoin(user, user.c.id == process.c.started_by)
        .where(clause)
        .order_by(process.c.ended_at.is_not(None), process.c.started_at.desc(), process.c.id.desc())
    )
    reasons = lists.names(connection, "lost_reason")
    return [_line(connection, row, reasons) for row in connection.execute(query)]


def startable(connection: Connection, kind: str, record_ids: Sequence[int]) -> list[MapRow]:
    """The maps in force by which a process can be started by hand on all of these cards (RM-05, BP-03)."""
    maps = route_catalogue.in_force(connection, object_kind=kind)
    if kind != "interest":
        return [one for one in maps if one.kind == ProcessKind.INDEPENDENT]
    interest, scenarios, held = table_of(Interest), set(), False
    for start in range(0, len(record_ids), _BATCH):
        batch = record_ids[start : start + _BATCH]
        scenarios |= set(connection.scalars(select(interest.c.scenario_id).where(interest.c.id.in_(batch))))
        held = held or bool(process_hold.holders(connection, batch))
    return [
        one
        for one in maps
        if (one.scenario_id is None or scenarios == {one.scenario_id})
        and (one.kind == ProcessKind.INDEPENDENT or not held)
    ]


def start_many(work: Work, map_id: int, kind: str, record_ids: Sequence[int]) -> bulk.Outcome:
    """Start a process of the map on each of the cards; on those that refuse it none is started (C-30)."""
    return bulk.each(work, record_ids, lambda work, record_id: processes.start(work, map_id, kind, record_id))


def _line(connection: Connection, row: Any, reasons: dict[str, str]) -> ProcessLine:
    points = route_catalogue.route(connection, row.version_id).by_id
    tokens = connection.execute(
        select(waiting.c.point, waiting.c.left_at, waiting.c.result)
        .where(waiting.c.process_id == row.id)
        .order_by(waiting.c.token)
    ).all()
    now = (points[one.point] for one in tokens if one.left_at is None and one.point in points)
    said = [one.result for one in tokens if one.result]
    end = points.get(row.ended_point)
    why = " · ".join(part for part in (reasons.get(row.reason, row.reason), row.comment) if part)
    return ProcessLine(
        id=row.id,
        title=clean(f"{row.number} {row.name}".strip()),
        status=row.status,
        successful=row.successful,
        now=tuple(dict.fromkeys(clean(point.name or point.id) for point in now)),
        ended_at=clean(end.name or end.id) if end is not None else "",
        reason=clean(" ".join(why.split())),
        result=clean(" ".join(said[-1].split())) if said else "",
        unsent=row.unsent,
        started_at=row.started_at,
        ended=row.ended_at,
        starter=clean(row.starter or ""),
        controlling=row.controlling,
        nested=row.parent_id is not None,
    )
