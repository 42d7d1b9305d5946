"""Reading the catalogue of route maps: its lines, versions and routes (RM-04, RM-05)."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, Text, func, select, type_coerce

from crm_tui.domain.errors import NotFound
from crm_tui.domain.route import route_json
from crm_tui.domain.route.route_map import Route
from crm_tui.domain.text import fold
from crm_tui.i18n import N_
from crm_tui.store.tables import Scenario, User, table_of
from crm_tui.store.tables.processes import Process, RouteMap, RouteMapVersion

DRAFT, IN_FORCE, SUSPENDED, ARCHIVED = "draft", "in_force", "suspended", "archived"
"""Statuses of a map."""
STATUSES = {
    DRAFT: N_("draft"),
    IN_FORCE: N_("in force"),
    SUSPENDED: N_("suspended"),
    ARCHIVED: N_("archived"),
}
"""What they are called; source texts."""

route_map, version, process = table_of(RouteMap), table_of(RouteMapVersion), table_of(Process)
scenario, user = table_of(Scenario), table_of(User)


@dataclass(frozen=True, slots=True)
class MapRow:
    """A map in the catalogue."""

    id: int
    code: str
    number: str
    name: str
    kind: str
    object_kind: str
    start_event: str
    scenario_id: int | None
    scenario: str
    """Name of the scenario as it is kept, empty for any."""
    status: str
    version_id: int | None
    version_number: int | None
    has_draft: bool
    """Something was written that is not in force."""
    shipped: bool
    running: int
    """Processes that run by it, in whatever version."""
    changed_at: datetime
    row_version: int
    """For ``save_draft``: whether somebody else wrote meanwhile."""

    @property
    def title(self) -> str:
        """Number and name: "1.2 Sale (quick)"."""
        return f"{self.number} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a map, the newest first in lists."""

    id: int
    number: int
    author: str
    at: datetime
    current: bool
    running: int


def catalogue(connection: Connection, *, archived: bool = False) -> list[MapRow]:
    """The maps by number and name; those put away only when asked for."""
    query = _maps()
    if not archived:
        query = query.where(route_map.c.status != ARCHIVED)
    found = [_map(one) for one in connection.execute(query)]
    return sorted(found, key=lambda one: (_parts(one.number), fold(one.name), one.id))


def in_force(
    connection: Connection,
    *,
    object_kind: str | None = None,
    start_event: str | None = None,
    scenario_id: int | None = None,
) -> list[MapRow]:
    """The maps by which processes may be started (RM-05): those for the kind of object, or for any; those that start
    on the event (empty: by hand); those for the scenario, or for any."""
    query = _maps().where(route_map.c.status == IN_FORCE)
    if object_kind is not None:
        query = query.where(route_map.c.object_kind.in_((object_kind, "")))
    if start_event is not None:
        query = query.where(route_map.c.start_event == start_event)
    if scenario_id is not None:
        query = query.where(route_map.c.scenario_id.is_(None) | (route_map.c.scenario_id == scenario_id))
    return [_map(one) for one in connection.execute(query.order_by(route_map.c.number, route_map.c.id))]


def row(connection: Connection, map_id: int) -> MapRow:
    """A map of the catalogue. Raises NotFound."""
    found = connection.execute(_maps().where(route_map.c.id == map_id)).one_or_none()
    if found is None:
        raise NotFound("no_such_record", kind="route_map", id=map_id)
    return _map(found)


def by_code(connection: Connection, code: str) -> MapRow:
    """The map with this code. Raises NotFound."""
    found = connection.execute(_maps().where(route_map.c.code == code)).one_or_none()
    if found is None:
        raise NotFound("no_such_map", code=code)
    return _map(found)


def route(connection: Connection, version_id: int) -> Route:
    """What a version says. Raises NotFound."""
    text = connection.scalar(select(type_coerce(version.c.route, Text)).where(version.c.id == version_id))
    if text is None:
        raise NotFound("no_such_record", kind="route_map_version", id=version_id)
    return _route_of(text)


def of_map(connection: Connection, map_id: int) -> Route | None:
    """What the version in force says, or the last one that was; None for a map that never was. Raises NotFound."""
    version_id = row(connection, map_id).version_id
    return None if version_id is None else route(connection, version_id)


def draft_or_current(connection: Connection, map_id: int) -> Route:
    """The map as it is written now. Raises NotFound."""
    found = connection.execute(
        select(type_coerce(route_map.c.draft, Text), route_map.c.version_id).where(route_map.c.id == map_id)
    ).one_or_none()
    if found is None:
        raise NotFound("no_such_record", kind="route_map", id=map_id)
    if found[0] is not None:
        return _route_of(found[0])
    return route(connection, found.version_id)


def versions(connection: Connection, map_id: int) -> list[VersionRow]:
    """The versions of a map, the newest first. Raises NotFound."""
    current = row(connection, map_id).version_id
    running = _running(process.c.version_id == version.c.id)
    query = (
        select(version.c.id, version.c.number, version.c.at, user.c.name, running.label("running"))
        .outerjoin(user, user.c.id == version.c.author_id)
        .where(version.c.map_id == map_id)
        .order_by(version.c.number.desc())
    )
    return [
        VersionRow(one.id, one.number, one.name or "", one.at, one.id == current, one.running)
        for one in connection.execute(query)
    ]


def _running(where: Any) -> Any:
    counted = select(func.count()).select_from(process)
    return counted.where(where, process.c.status.in_(("running", "stopped"))).scalar_subquery()


def _maps() -> Select[Any]:
    columns = [column for column in route_map.c if column.name != "draft"]
    return (
        select(
            *columns,
            route_map.c.draft.is_not(None).label("has_draft"),
            scenario.c.name.label("scenario"),
            version.c.number.label("version_number"),
            _running(process.c.map_id == route_map.c.id).label("running"),
        )
        .outerjoin(scenario, scenario.c.id == route_map.c.scenario_id)
        .outerjoin(version, version.c.id == route_map.c.version_id)
    )


def _map(found: Row[Any]) -> MapRow:
    return MapRow(
        id=found.id,
        code=found.code,
        number=found.number,
        name=found.name,
        kind=found.kind,
        object_kind=found.object_kind,
        start_event=found.start_event,
        scenario_id=found.scenario_id,
        scenario=found.scenario or "",
        status=found.status,
        version_id=found.version_id,
        version_number=found.version_number,
        has_draft=bool(found.has_draft),
        shipped=found.shipped,
        running=found.running,
        changed_at=found.changed_at,
        row_version=found.version,
    )


def _parts(number: str) -> tuple[tuple[int, str], ...]:
    """ "1.10" stands behind "1.9"."""
    return tuple((int(part) if part.isdecimal() else 10**9, part) for part in number[:50].split("."))


@lru_cache(maxsize=256)
def _route_of(text: str) -> Route:
    """By its text, for a process of tests or of a restored store has other routes under the same ids."""
    return route_json.parsed(json.loads(text))
