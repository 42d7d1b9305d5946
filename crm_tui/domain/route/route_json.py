"""A route as a JSON value, and back: what the store keeps and what the text of a map says (``route_text``).

Empty settings are left out. What does not fit is told with the point it stands at; nothing is guessed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from enum import StrEnum
from typing import Any, TypeVar

from crm_tui.domain.conditions import condition
from crm_tui.domain.errors import Invalid
from crm_tui.domain.route.route_map import (
    KINDS,
    ActionPoint,
    Duration,
    EndPoint,
    Flow,
    NestedPoint,
    Outcome,
    Performer,
    PerformerRule,
    Point,
    ProcessKind,
    Requirement,
    Route,
    RuleAction,
    Step,
    StepEvent,
    StepRule,
    TimerPoint,
    Unit,
)
from crm_tui.domain.text import clean

MOST_POINTS = 500
MOST_FLOWS = 1000
MOST_RULES = 100
"""Rules, outcomes or requirements of one step."""
LONGEST_TEXT = 20_000
MOST_UNITS = 100_000
"""Of a duration."""

Plain = dict[str, Any]
Word = TypeVar("Word", bound=StrEnum)
_CLASSES: Mapping[str, type[Point]] = {kind.value: cls for cls, kind in KINDS.items()}
_PARAMETERS = tuple(one.name for one in fields(Route) if one.name not in ("points", "flows"))


def as_json(route: Route) -> Plain:
    """The route as a JSON value."""
    return {
        **_written(route, _PARAMETERS),
        "points": [_point_as_json(point) for point in route.points],
        "flows": [_written(flow, [one.name for one in fields(flow)]) for flow in route.flows],
    }


def parsed(data: object) -> Route:
    """The route that a JSON value tells.

    Raises Invalid: ``route_shape`` and ``route_value`` with the ``place`` (a point's id, or a parameter) and what is
    the matter there, ``route_unknown`` for a ``name`` that no setting has, ``route_too_big``.
    """
    plain = _table(data, "map")
    _known(plain, {*_PARAMETERS, "points", "flows"}, "map")
    points, flows = _list(plain, "points", "map"), _list(plain, "flows", "map")
    if len(points) > MOST_POINTS or len(flows) > MOST_FLOWS:
        raise Invalid("route_too_big", points=len(points), most=MOST_POINTS)
    return Route(
        number=_text(plain, "number", "map"),
        name=_text(plain, "name", "map"),
        kind=_word(ProcessKind, plain, "kind", "map", ProcessKind.OBJECT),
        object_kind=_text(plain, "object_kind", "map", "interest"),
        start_event=_text(plain, "start_event", "map"),
        scenario=_text(plain, "scenario", "map"),
        early_termination=_flag(plain, "early_termination", "map"),
        termination_state=_text(plain, "termination_state", "map"),
        account=_text(plain, "account", "map"),
        notes=_text(plain, "notes", "map"),
        points=tuple(_point(one) for one in points),
        flows=tuple(_flow(one) for one in flows),
    )


def duration_as_text(duration: Duration) -> str:
    """``4h``, ``2d``, ``30min`` or ``3cd``."""
    return f"{duration.amount}{duration.unit.value}"


def duration_of(text: str, place: str) -> Duration:
    """The duration that ``duration_as_text`` writes. Raises Invalid (``route_value``)."""
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyz ")
    unit = text[len(digits) :].strip()
    if (
        not digits.isdecimal()
        or len(digits) > 6
        or unit not in set(Unit)
        or not 0 < int(digits) <= MOST_UNITS
    ):
        raise Invalid("route_value", place=place, name="duration", value=clean(text)[:50])
    return Duration(int(digits), Unit(unit))


def _point_as_json(point: Point) -> Plain:
    return {"kind": KINDS[type(point)].value, **_written(point, [one.name for one in fields(point)])}


def _written(of: Any, names: Sequence[str]) -> Plain:
    """The settings that differ from what they are when nothing is said."""
    usual = {one.name: one.default for one in fields(of) if one.default is not MISSING}
    plain: Plain = {}
    for name in names:
        value = getattr(of, name)
        if name not in usual or value != usual[name]:
            plain[name] = _plain(value)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Duration):
        return duration_as_text(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, (Performer, Requirement, StepRule, Outcome)):
        return _written(value, [one.name for one in fields(value)])
    return value


def _point(data: object) -> Point:
    plain = _table(data, "point")
    place = _text(plain, "id", "point")
    cls = _CLASSES.get(_text(plain, "kind", place))
    if cls is None:
        raise Invalid("route_value", place=place, name="kind", value=clean(str(plain.get("kind")))[:50])
    _known(plain, {"kind", *(one.name for one in fields(cls))}, place)
    common: Plain = {"id": place, "name": _text(plain, "name", place), "state": _text(plain, "state", place)}
    if cls is Step:
        return Step(**common, **_step(plain, place))
    if cls is NestedPoint:
        return NestedPoint(**common, map=_text(plain, "map", place))
    if cls is TimerPoint:
        return TimerPoint(**common, duration=duration_of(_text(plain, "duration", place), place))
    if cls is ActionPoint:
        settings = _table(plain.get("settings", {}), place)
        return ActionPoint(
            **common,
            action=_text(plain, "action", place),
            settings={name: _text(settings, name, place) for name in settings},
        )
    if cls is EndPoint:
        return EndPoint(**common, successful=_flag(plain, "successful", place, usual=True))
    return cls(**common)


def _step(plain: Plain, place: str) -> Plain:
    duration = _text(plain, "duration", place)
    return {
        "instruction": _text(plain, "instruction", place),
        "performer": _performer(plain.get("performer", {}), place),
        "duration": duration_of(duration, place) if duration else None,
        "ask_result": _flag(plain, "ask_result", place),
        "outcomes": _each(plain, "outcomes", place, _outcome),
        "requirements": _each(plain, "requirements", place, _requirement),
        "rules": _each(plain, "rules", place, _rule),
    }


def _performer(data: object, place: str) -> Performer:
    plain = _table(data, place)
    _known(plain, {"rule", "of"}, place)
    rule = _word(PerformerRule, plain, "rule", place, PerformerRule.OWNER)
    return Performer(rule, _text(plain, "of", place))


def _outcome(plain: Plain, place: str) -> Outcome:
    _known(plain, {"code", "name"}, place)
    return Outcome(_text(plain, "code", place), _text(plain, "name", place))


def _requirement(plain: Plain, place: str) -> Requirement:
    _known(plain, {"kind", "of", "count"}, place)
    count = plain.get("count", 1)
    if not isinstance(count, int) or isinstance(count, bool) or not 0 < count <= MOST_RULES:
        raise Invalid("route_value", place=place, name="count", value=clean(str(count))[:50])
    return Requirement(_text(plain, "kind", place), _text(plain, "of", place), count)


def _rule(plain: Plain, place: str) -> StepRule:
    _known(plain, {one.name for one in fields(StepRule)}, place)
    return StepRule(
        _word(StepEvent, plain, "event", place),
        _word(RuleAction, plain, "action", place),
        _tree(plain, place),
        _text(plain, "target", place),
        _flag(plain, "to_client", place),
    )


def _flow(data: object) -> Flow:
    plain = _table(data, "flow")
    source = _text(plain, "source", "flow")
    _known(plain, {one.name for one in fields(Flow)}, source)
    return Flow(
        source,
        _text(plain, "target", source),
        _text(plain, "outcome", source),
        _tree(plain, source),
        _flag(plain, "controls", source),
    )


def _tree(plain: Plain, place: str) -> Plain | None:
    tree = plain.get("condition")
    if tree is None:
        return None
    _refuse_deep(tree, place)
    return _table(tree, place)


def _refuse_deep(tree: object, place: str) -> None:
    """A condition is JSON, and not deeper than ``condition`` reads one (a group is a table with a list)."""
    level = [tree]
    for _depth in range(2 * condition.DEEPEST + 1):
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                inner += one.values()
            elif isinstance(one, list):
                inner += one
            elif not (one is None or isinstance(one, str | int | float)):
                raise Invalid("route_value", place=place, name="condition", value=clean(str(one))[:50])
        if not inner:
            return
        level = inner
    raise Invalid("condition_too_deep", most=condition.DEEPEST)


def _each(plain: Plain, name: str, place: str, read: Callable[[Plain, str], Any]) -> tuple[Any, ...]:
    found = _list(plain, name, place)
    if len(found) > MOST_RULES:
        raise Invalid("route_value", place=place, name=name, value=str(len(found)))
    return tuple(read(_table(one, place), place) for one in found)


def _table(data: object, place: str) -> Plain:
    if not isinstance(data, dict) or not all(isinstance(name, str) for name in data):
        raise Invalid("route_shape", place=clean(place)[:50])
    return data


def _list(plain: Plain, name: str, place: str) -> list[Any]:
    found = plain.get(name, [])
    if not isinstance(found, list):
        raise Invalid("route_value", place=clean(place)[:50], name=name, value=clean(str(found))[:50])
    return found


def _known(plain: Plain, names: set[str], place: str) -> None:
    for name in plain:
        if name not in names:
            raise Invalid("route_unknown", place=clean(place)[:50], name=clean(name)[:50])


def _text(plain: Plain, name: str, place: str, usual: str = "") -> str:
    value = plain.get(name, usual)
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise Invalid(
            "route_value", place=clean(place)[:50], name=clean(name)[:50], value=clean(str(value))[:50]
        )
    return clean(value, multiline=True)


def _flag(plain: Plain, name: str, place: str, *, usual: bool = False) -> bool:
    value = plain.get(name, usual)
    if not isinstance(value, bool):
        raise Invalid("route_value", place=clean(place)[:50], name=name, value=clean(str(value))[:50])
    return value


def _word(kind: type[Word], plain: Plain, name: str, place: str, usual: Word | None = None) -> Word:
    value = plain.get(name, usual)
    if isinstance(value, str) and value in set(kind):
        return kind(value)
    raise Invalid("route_value", place=clean(place)[:50], name=name, value=clean(str(value))[:50])
