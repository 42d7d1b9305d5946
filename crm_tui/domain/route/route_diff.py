"""What differs between two routes, setting by setting (C-15): for versions, imports and moving running processes.

Points are the same when their ids are. The order in which points stand says nothing; that of the flows of a choice
does, since the first whose condition holds is taken.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from crm_tui.domain.route.route_json import duration_as_text
from crm_tui.domain.route.route_map import (
    KINDS,
    ChoicePoint,
    Duration,
    Flow,
    Outcome,
    Performer,
    Point,
    Requirement,
    Route,
    StepRule,
    Tree,
)
from crm_tui.i18n import N_, _


class Kind(StrEnum):
    """What was done."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


SETTINGS: Mapping[str, str] = {
    "account": N_("account"),
    "action": N_("action"),
    "ask_result": N_("asks for the result"),
    "duration": N_("duration"),
    "early_termination": N_("early termination"),
    "flow": N_("way"),
    "instruction": N_("instruction"),
    "kind": N_("kind"),
    "map": N_("nested map"),
    "name": N_("name"),
    "notes": N_("notes"),
    "number": N_("number"),
    "object_kind": N_("runs on"),
    "order": N_("order of the ways"),
    "outcomes": N_("outcome"),
    "performer": N_("performer"),
    "point": N_("point"),
    "requirements": N_("demands"),
    "rules": N_("rule"),
    "scenario": N_("scenario"),
    "settings": N_("set"),
    "start_event": N_("starts on"),
    "state": N_("state"),
    "successful": N_("successful"),
    "termination_state": N_("state after early termination"),
}
"""Names of what a point or map has; source texts."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference."""

    kind: Kind
    point: str
    """Id of the point, or of that which a flow leaves; empty for a parameter of the map."""
    setting: str
    """A key of ``SETTINGS``; ``point`` for the whole point."""
    before: str = ""
    after: str = ""
    """In short words or codes; empty for nothing."""
    name: str = ""
    """What the point is called."""


def differences(old: Route, new: Route) -> tuple[Change, ...]:
    """What was done to ``old`` to make ``new`` of it: parameters, then points in the order of the new route, then
    points that are gone. Nothing where both say the same."""
    return tuple(_differences(old, new))


def said(change: Change) -> str:
    """The difference in one line."""
    where = change.name or change.point or _("map")
    if change.setting == "point":
        pattern = _("{where} is new") if change.kind is Kind.ADDED else _("{where} is gone")
        return pattern.format(where=where)
    setting = _(SETTINGS[change.setting])
    before, after = change.before or "–", change.after or "–"
    match change.kind:
        case Kind.ADDED:
            return _("{where}: {setting} added: {value}").format(where=where, setting=setting, value=after)
        case Kind.REMOVED:
            return _("{where}: {setting} removed: {value}").format(where=where, setting=setting, value=before)
        case Kind.CHANGED:
            return _("{where}: {setting}: {before} → {after}").format(
                where=where, setting=setting, before=before, after=after
            )


def _differences(old: Route, new: Route) -> Iterator[Change]:
    for one in fields(Route):
        if one.name not in ("points", "flows"):
            yield from _setting("", "", one.name, getattr(old, one.name), getattr(new, one.name))
    for point in new.points:
        before = old.by_id.get(point.id)
        if before is None:
            yield Change(Kind.ADDED, point.id, "point", name=point.name)
        else:
            yield from _of_point(before, point)
        yield from _ways(old, new, point.id)
    for point in old.points:
        if point.id not in new.by_id:
            yield Change(Kind.REMOVED, point.id, "point", name=point.name)
            yield from _ways(old, new, point.id)
    loose = {flow.source for flow in (*old.flows, *new.flows)} - old.by_id.keys() - new.by_id.keys()
    for source in sorted(loose):
        yield from _ways(old, new, source)


def _of_point(old: Point, new: Point) -> Iterator[Change]:
    yield from _setting(new.id, new.name, "kind", KINDS[type(old)].value, KINDS[type(new)].value)
    # A point of another kind has other settings: only those that every point has are compared.
    compared = fields(new) if type(old) is type(new) else fields(Point)
    for one in compared:
        yield from _setting(new.id, new.name, one.name, getattr(old, one.name), getattr(new, one.name))


def _setting(point: str, called: str, name: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(new, tuple):
        yield from _members(point, called, name, old, new)
    else:
        yield Change(Kind.CHANGED, point, name, _short(old), _short(new), called)


def _members(
    point: str, called: str, name: str, old: tuple[Any, ...], new: tuple[Any, ...]
) -> Iterator[Change]:
    """What a list has lost and won; that of one which only stands in another order is told as a whole."""
    was, now = [_short(one) for one in old], [_short(one) for one in new]
    lost, won = Counter(was) - Counter(now), Counter(now) - Counter(was)
    if not lost and not won:
        yield Change(Kind.CHANGED, point, name, " · ".join(was), " · ".join(now), called)
    yield from (Change(Kind.REMOVED, point, name, before=one, name=called) for one in lost.elements())
    yield from (Change(Kind.ADDED, point, name, after=one, name=called) for one in won.elements())


def _ways(old: Route, new: Route, source: str) -> Iterator[Change]:
    was, now = ([_way(route, flow) for flow in route.flows if flow.source == source] for route in (old, new))
    point = new.by_id.get(source) or old.by_id.get(source)
    called = point.name if point else ""
    lost, won = Counter(was) - Counter(now), Counter(now) - Counter(was)
    yield from (Change(Kind.REMOVED, source, "flow", before=one, name=called) for one in lost.elements())
    yield from (Change(Kind.ADDED, source, "flow", after=one, name=called) for one in won.elements())
    if was != now and not lost and not won and isinstance(point, ChoicePoint):
        yield Change(Kind.CHANGED, source, "order", " · ".join(was), " · ".join(now), called)


def _way(route: Route, flow: Flow) -> str:
    marks = [flow.outcome, _tree(flow.condition), _("controls the state") if flow.controls else ""]
    said = ", ".join(mark for mark in marks if mark)
    return f"{flow.target} ({said})" if said else flow.target


def _short(value: Any) -> str:
    """A value in few words, the same for the same value and for no other of its kind."""
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case Duration():
            return duration_as_text(value)
        case Performer():
            return f"{value.rule.value} {value.of}".removesuffix(" ")
        case Outcome():
            return f"{value.code} {value.name}".removesuffix(" ")
        case Requirement():
            return f"{value.kind} {value.of} × {value.count}"
        case StepRule():
            marks = (value.event.value, value.action.value, value.target, _tree(value.condition))
            return " · ".join(mark for mark in (*marks, "to_client" if value.to_client else "") if mark)
        case Mapping():
            return ", ".join(f"{name}={one}" for name, one in sorted(value.items()))
    return str(value)


def _tree(tree: Tree | None) -> str:
    return "" if tree is None else json.dumps(tree, ensure_ascii=False, sort_keys=True)
