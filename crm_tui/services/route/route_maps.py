"""The catalogue of route maps: writing them, putting them in force, taking them out (RM-04, RM-05, RM-22, CORP-22).

A map is written as a draft. In force it is a version that never changes: processes are pinned to theirs, so that
neither another version nor taking the map out of force touches one that runs (C-15).
"""

from typing import Any

from sqlalchemy import func, select

from crm_tui.domain.errors import Conflict, Invalid, Refused
from crm_tui.domain.identity import name_key
from crm_tui.domain.route import route_json
from crm_tui.domain.route.route_map import EndPoint, Flow, NestedPoint, ProcessKind, Route, StartPoint
from crm_tui.domain.route.route_text import CODE, Written
from crm_tui.domain.text import clean
from crm_tui.services import users
from crm_tui.services.route import route_facts
from crm_tui.services.route.route_catalogue import (
    ARCHIVED,
    DRAFT,
    IN_FORCE,
    STATUSES,
    SUSPENDED,
    MapRow,
    VersionRow,
    by_code,
    catalogue,
    draft_or_current,
    in_force,
    of_map,
    process,
    route,
    route_map,
    row,
    versions,
)
from crm_tui.store.tables import Scenario, table_of
from crm_tui.store.tables.processes import RouteMap, RouteMapVersion
from crm_tui.store.work import Work

__all__ = [
    "ARCHIVED",
    "DRAFT",
    "IN_FORCE",
    "STATUSES",
    "SUSPENDED",
    "MapRow",
    "VersionRow",
    "add",
    "archive",
    "by_code",
    "catalogue",
    "check_right",
    "copy",
    "discard_draft",
    "draft_or_current",
    "enforce",
    "import_route",
    "in_force",
    "of_map",
    "route",
    "row",
    "save_draft",
    "suspend",
    "versions",
]

RIGHT = "edit_route_maps"
"""What it takes to say which maps and triggers are in force, where a store has several users."""


def add(
    work: Work,
    name: str,
    *,
    number: str = "",
    kind: ProcessKind = ProcessKind.OBJECT,
    object_kind: str = "interest",
    scenario: str = "",
) -> RouteMap:
    """A new map as a draft: a start and an end, and nothing between them yet. Raises Invalid (``name_missing``)."""
    return _add(
        work,
        Route(
            number=number,
            name=name,
            kind=kind,
            object_kind=object_kind,
            scenario=scenario,
            points=(StartPoint(id="start"), EndPoint(id="end")),
            flows=(Flow("start", "end"),),
        ),
    )


def copy(work: Work, map_id: int, name: str, *, number: str = "") -> RouteMap:
    """Another map that says the same, as a draft under another name. Raises NotFound, Invalid."""
    said = route_json.as_json(draft_or_current(work.connection, map_id))
    return _add(work, route_json.parsed({**said, "name": name, "number": number, "start_event": ""}))


def save_draft(work: Work, map_id: int, route: Route, *, expected_version: int | None = None) -> RouteMap:
    """Keep what was written so far; it need not be sound. Nothing is kept where the version in force says the same.

    Raises NotFound, Invalid (``name_missing``), and Conflict when the map changed since it was read.
    """
    route = _named(route)
    found = work.get(RouteMap, map_id)
    said = route_json.as_json(route)
    current = _current(work, found)
    same = current is not None and current.route == said
    # Until a version is in force the catalogue shows what the draft says.
    columns = _columns(work, route) if current is None else {}
    wanted = {"draft": None if same else said, **columns}
    if expected_version is not None and found.version != expected_version:
        raise Conflict("changed_meanwhile", kind="route_map", id=map_id)
    if any(getattr(found, name) != value for name, value in wanted.items()):
        work.change(found, changed_at=work.now, **wanted)
    return found


def discard_draft(work: Work, map_id: int) -> None:
    """Forget what was written since the version in force. Raises NotFound, Refused where there is no version."""
    found = work.get(RouteMap, map_id)
    if found.version_id is None:
        raise Refused("map_only_draft", map=_title(found))
    if found.draft is not None:
        work.change(found, draft=None, changed_at=work.now)


def enforce(work: Work, map_id: int) -> RouteMapVersion:
    """Put the map in force as it is written, as a new version where it differs from the last one (RM-22).

    Raises NotFound; Refused: ``map_not_sound`` with its ``problems``, ``map_event_taken`` when another map in force
    starts on the same occasion, ``map_is_nested`` when one that others wait for would begin to own the state of the
    Interest, ``needs_an_administrator``.
    """
    check_right(work)
    found = work.get(RouteMap, map_id)
    wanted = draft_or_current(work.connection, map_id)
    route_facts.refuse_unsound(work.connection, wanted, code=found.code)
    columns = _columns(work, wanted)
    _refuse_taken(work, found, wanted, columns["scenario_id"])
    if wanted.kind is ProcessKind.OBJECT:
        _refuse_nested(work, found)
    said = route_json.as_json(wanted)
    version = _current(work, found)
    if version is None or version.route != said:
        version = work.add(
            RouteMapVersion(
                map_id=map_id,
                number=1 + _last_number(work, map_id),
                route=said,
                author_id=work.actor.user_id,
                at=work.now,
            )
        )
    wanted_row = {"status": IN_FORCE, "version_id": version.key, "draft": None, **columns}
    if any(getattr(found, name) != value for name, value in wanted_row.items()):
        work.change(found, changed_at=work.now, **wanted_row)
    return version


def suspend(work: Work, map_id: int) -> None:
    """Start no more processes by the map; those that run go on (RM-05).

    Raises NotFound; Refused: ``map_not_in_force``, ``needs_an_administrator``, and ``map_is_nested`` where a map in
    force waits for it.
    """
    check_right(work)
    found = work.get(RouteMap, map_id)
    if found.status != IN_FORCE:
        raise Refused("map_not_in_force", map=_title(found))
    _refuse_nested(work, found)
    work.change(found, status=SUSPENDED, changed_at=work.now)


def archive(work: Work, map_id: int) -> None:
    """Put the map away: the catalogue shows it only when asked. Raises as ``suspend``; put in force it is back."""
    check_right(work)
    found = work.get(RouteMap, map_id)
    if found.status == IN_FORCE:
        _refuse_nested(work, found)
    if found.status != ARCHIVED:
        work.change(found, status=ARCHIVED, changed_at=work.now)


def import_route(work: Work, written: Written) -> RouteMap:
    """Take a map from a file: as the draft of the map with its code, or as a new map.

    What is in force stays in force until the draft is put in its place. Raises Invalid.
    """
    there = work.find(RouteMap, code=written.code) if written.code else None
    if there is None:
        return _add(work, written.route, code=written.code)
    return save_draft(work, there.key, written.route)


def _add(work: Work, route: Route, *, code: str = "", shipped: bool = False) -> RouteMap:
    route = _named(route)
    return work.add(
        RouteMap(
            code=code or _free_code(work, route.name),
            draft=route_json.as_json(route),
            status=DRAFT,
            shipped=shipped,
            changed_at=work.now,
            **_columns(work, route),
        )
    )


def add_shipped(work: Work, written: Written) -> RouteMap:
    """A map that comes with the program, as a draft."""
    return _add(work, written.route, code=written.code, shipped=True)


def _named(route: Route) -> Route:
    """The route with name and number in one line, and as it will be read back. Raises Invalid."""
    name, number = (" ".join(clean(text).split()) for text in (route.name, route.number))
    if not name:
        raise Invalid("name_missing", kind="route_map")
    return route_json.parsed({**route_json.as_json(route), "name": name, "number": number})


def _columns(work: Work, route: Route) -> dict[str, Any]:
    """What the row of the map repeats of its route, so that it can be asked for."""
    scenario = work.find(Scenario, code=route.scenario) if route.scenario else None
    return {
        "number": route.number,
        "name": route.name,
        "kind": route.kind.value,
        "object_kind": route.object_kind,
        "start_event": route.start_event,
        "scenario_id": None if scenario is None else scenario.key,
    }


def _current(work: Work, found: RouteMap) -> RouteMapVersion | None:
    return None if found.version_id is None else work.get(RouteMapVersion, found.version_id)


def _last_number(work: Work, map_id: int) -> int:
    version = table_of(RouteMapVersion)
    query = select(func.max(version.c.number)).where(version.c.map_id == map_id)
    return work.connection.execute(query).scalar_one() or 0


def _refuse_taken(work: Work, found: RouteMap, wanted: Route, scenario_id: int | None) -> None:
    """A new Interest begins one controlling process (RM-06); independent ones may begin beside it."""
    if not wanted.start_event or wanted.kind is not ProcessKind.OBJECT:
        return
    for other in work.all(
        RouteMap,
        status=IN_FORCE,
        kind=wanted.kind.value,
        object_kind=wanted.object_kind,
        start_event=wanted.start_event,
    ):
        overlap = other.scenario_id == scenario_id or None in (other.scenario_id, scenario_id)
        if other.key != found.key and overlap:
            raise Refused("map_event_taken", map=wanted.title, other=_title(other))


def _refuse_nested(work: Work, found: RouteMap) -> None:
    """Nobody may be left waiting for a process that cannot start: neither who starts by a map in force, nor who runs
    by a version that was."""
    running = select(process.c.version_id).where(process.c.status.in_(("running", "stopped")))
    by_maps = select(route_map.c.version_id).where(route_map.c.status == IN_FORCE)
    for version_id in work.connection.scalars(running.union(by_maps)).all():
        said = None if version_id is None else route(work.connection, version_id)
        if said and any(isinstance(point, NestedPoint) and point.map == found.code for point in said.points):
            raise Refused("map_is_nested", map=_title(found), other=said.title)


def _free_code(work: Work, name: str) -> str:
    """A code made of the name, which no map has yet."""
    latin = "_".join(word if word.isascii() else "_".join(name_key.words(word)) for word in name.split())
    base = "_".join("".join(sign if sign.isalnum() else " " for sign in latin.lower()).split())[:40].strip(
        "_"
    )
    if not CODE.fullmatch(base):
        base = f"map_{base}".rstrip("_") if base.isascii() else "map"
    code, number = base, 2
    while work.find(RouteMap, code=code) is not None:
        code, number = f"{base}_{number}", number + 1
    return code


def _title(found: RouteMap) -> str:
    return f"{found.number} {found.name}".strip()


def check_right(work: Work) -> None:
    """What acts on the cards of everybody is said by whoever may. Raises Refused (``needs_an_administrator``)."""
    user_id = work.actor.user_id  # the program itself (the demo, a first start) needs none
    if user_id is not None and not users.may(work.connection, user_id, RIGHT):
        raise Refused("needs_an_administrator")
