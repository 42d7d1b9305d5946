"""The forms of a map: its parameters, and the settings of each kind of point."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.route import route_outline
from crm_tui.domain.route.route_json import duration_of
from crm_tui.domain.route.route_map import (
    ActionPoint,
    ChoicePoint,
    Duration,
    EndPoint,
    JoinPoint,
    NestedPoint,
    Performer,
    PerformerRule,
    Point,
    ProcessKind,
    Route,
    SplitPoint,
    StartPoint,
    Step,
    TimerPoint,
)
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.forms.form import Field
from crm_tui.screens.route import map_words
from crm_tui.screens.route.map_words import MapWords

Filled = Mapping[str, str]
Options = Sequence[tuple[str, str]]
INSTRUCTION_LINES = 3


def parameters(route: Route, words: MapWords) -> list[Field]:
    """The Parameters tab (RM-04, RM-06, BP-11, BP-17)."""
    return [
        Field("number", _("Number"), route.number),
        Field("name", _("Name"), route.name),
        Field("kind", _("Process type"), route.kind, options=_options(map_words.KINDS)),
        Field("object_kind", _("Runs on"), route.object_kind, options=_options(map_words.OBJECTS)),
        Field("start_event", _("Starts"), route.start_event, options=_options(map_words.EVENTS)),
        Field("scenario", _("Scenario"), route.scenario, options=[("", _("any")), *words.scenarios.items()]),
        Field("early", _("Early termination"), _flag(route.early_termination), options=_yes_no()),
        Field("ended", _("State after it"), route.termination_state, options=_states(words)),
        Field("account", _("Letters from"), route.account, options=_accounts(route, words)),
        Field("notes", _("Notes"), route.notes, lines=2),
    ]


def with_parameters(route: Route, filled: Filled) -> Route:
    """The route with what is filled in. Raises Invalid."""
    if not filled["name"].strip():
        raise Invalid("name_missing", kind="route_map")
    return replace(
        route,
        number=filled["number"].strip(),
        name=filled["name"].strip(),
        kind=ProcessKind(filled["kind"]),
        object_kind=filled["object_kind"],
        start_event=filled["start_event"],
        scenario=filled["scenario"],
        early_termination=filled["early"] == "yes",
        termination_state=filled["ended"],
        account=filled["account"],
        notes=filled["notes"].strip(),
    )


def changes_state(route: Route, point: Point) -> bool:
    """Whether the point may say a state: where the map owns one, and not in a side branch (BP-20), but for an
    unsuccessful end, which ends the whole process. What has one already can lose it."""
    if route.kind is not ProcessKind.OBJECT:
        return False
    is_aside = point.id in route_outline.side_points(route)
    return not is_aside or isinstance(point, EndPoint) or bool(point.state)


def way_changes_state(route: Route, number: int) -> bool:
    """Whether a new point on this way may say a state."""
    flow, side = route.flows[number], route_outline.side_points(route)
    is_branch = isinstance(route.by_id[flow.source], SplitPoint) and not flow.controls
    is_aside = is_branch or flow.source in side or flow.target in side
    return route.kind is ProcessKind.OBJECT and not is_aside


def fields(point: Point, words: MapWords, *, of_object: bool) -> list[Field]:
    """The settings of a point. States only where the map is one of an object process."""
    found = [Field("name", _("Name"), point.name)]
    has_state = isinstance(point, Step | EndPoint | NestedPoint | TimerPoint | ActionPoint)
    if has_state and of_object:
        found.append(Field("state", _("State"), point.state, options=_states(words)))
    match point:
        case Step():
            found += _step_fields(point, words)
        case EndPoint():
            outcomes = [("yes", _("successful")), ("no", _("unsuccessful"))]
            found.append(Field("successful", _("Outcome"), _flag(point.successful), options=outcomes))
        case NestedPoint():
            maps = [
                (code, f"{title} ({_(map_words.KINDS[kind])})") for code, (title, kind) in words.maps.items()
            ]
            found.append(Field("map", _("Map"), point.map, options=[("", _("not chosen")), *maps]))
        case TimerPoint():
            found.append(_duration_field(_("Waits"), point.duration))
        case ActionPoint():
            options = _options(map_words.ACTIONS)
            found.append(Field("action", _("What is done"), point.action, options=options))
    return found


def filled_in(point: Point, filled: Filled, words: MapWords) -> Point:
    """The point with what is filled in. Raises Invalid; Refused ``map_nested_object`` (BP-19, A8)."""
    point = replace(point, name=" ".join(filled["name"].split()), state=filled.get("state", point.state))
    match point:
        case Step():
            return _filled_step(point, filled)
        case EndPoint():
            return replace(point, successful=filled["successful"] == "yes")
        case NestedPoint():
            title, kind = words.maps.get(filled["map"], ("", ProcessKind.INDEPENDENT))
            if kind is ProcessKind.OBJECT:
                raise Refused("map_nested_object", map=title)
            return replace(point, map=filled["map"])
        case TimerPoint():
            return replace(point, duration=duration_of(filled["duration"].strip(), _("Waits")))
        case ActionPoint():
            settings = point.settings if point.action == filled["action"] else {}
            return replace(point, action=filled["action"], settings=settings)
    return point


def named(kind: type[Point], id: str, name: str) -> Point:
    """A new point of a kind, with nothing set but its name."""
    if kind is NestedPoint:
        return NestedPoint(id=id, name=name, map="")
    if kind is TimerPoint:
        return TimerPoint(id=id, name=name, duration=duration_of("1d", ""))
    if kind is ActionPoint:
        return ActionPoint(id=id, name=name, action="create_task", settings={})
    known: dict[type[Point], type[Point]] = {
        one: one for one in (Step, ChoicePoint, SplitPoint, JoinPoint, EndPoint, StartPoint)
    }
    return known[kind](id=id, name=name)


def _step_fields(step: Step, words: MapWords) -> list[Field]:
    people = [(login, _("user {name}").format(name=name)) for login, name in words.users.items()]
    roles = [(role, _("role {name}").format(name=role)) for role in words.roles]
    known = {code for code, _name in (*people, *roles)}
    kept = [(step.performer.of, step.performer.of)] if step.performer.of not in known | {""} else []
    return [
        Field("rule", _("Performer"), step.performer.rule, options=_options(map_words.PERFORMERS)),
        Field("of", _("User or role"), step.performer.of, options=[("", "–"), *people, *roles, *kept]),
        _duration_field(_("Time for it"), step.duration),
        Field("ask_result", _("Asks for the result"), _flag(step.ask_result), options=_yes_no()),
        Field("instruction", _("Instruction"), step.instruction, lines=INSTRUCTION_LINES),
    ]


def _filled_step(step: Step, filled: Filled) -> Step:
    rule = PerformerRule(filled["rule"])
    named_one = rule in (PerformerRule.ROLE, PerformerRule.USER, PerformerRule.LEAST_LOADED)
    if named_one and not filled["of"]:
        raise Invalid("map_performer_missing")
    duration = filled["duration"].strip()
    return replace(
        step,
        performer=Performer(rule, filled["of"] if named_one else ""),
        duration=duration_of(duration, _("Time for it")) if duration else None,
        ask_result=filled["ask_result"] == "yes",
        instruction=filled["instruction"].strip(),
    )


def _duration_field(label: str, duration: Duration | None) -> Field:
    def understood(typed: str) -> str:
        return map_words.duration_said(duration_of(typed.strip(), label))

    return Field("duration", label, map_words.short_duration(duration), note=understood)


def _states(words: MapWords) -> Options:
    return [("", _("not chosen")), *words.states.items()]


def _accounts(route: Route, words: MapWords) -> Options:
    """Those that can send, and the one that the map names though it cannot (any more)."""
    usual = ("", _("where the letters came to, or the owner's"))
    named = {} if route.account in ("", *words.accounts) else {route.account: f"! {clean(route.account)}"}
    return [usual, *named.items(), *words.accounts.items()]


def _options(named_ones: Mapping[Any, str]) -> Options:
    return [(str(code), _(name)) for code, name in named_ones.items()]


def _yes_no() -> Options:
    return [("no", _("no")), ("yes", _("yes"))]


def _flag(value: bool) -> str:
    return "yes" if value else "no"
