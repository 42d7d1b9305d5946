"""Whether what the points of a map name is there: performers, templates, maps, fields, kinds of documents."""

from collections.abc import Callable, Iterator

from crm_tui.domain.conditions import condition
from crm_tui.domain.errors import Invalid
from crm_tui.domain.route.route_graph import reached_from, without_wait
from crm_tui.domain.route.route_map import (
    ActionPoint,
    ChoicePoint,
    Duration,
    NestedPoint,
    PerformerRule,
    Point,
    ProcessKind,
    Requirement,
    Route,
    RuleAction,
    Step,
    StepRule,
    TimerPoint,
    Tree,
)
from crm_tui.domain.route.route_problem import Known, KnownMap, Problem


def settings_problems(route: Route, known: Known) -> list[Problem]:
    """What cannot be found, or cannot be done."""
    found = [] if route.name.strip() else [Problem("", "map_without_name")]
    if route.account and route.account not in known.accounts:
        found.append(Problem("", "account_unknown", {"account": route.account}))
    for point in route.points:
        found += _of_point(route, point, known)
    return found


def _of_point(route: Route, point: Point, known: Known) -> Iterator[Problem]:
    if isinstance(point, Step):
        yield from _of_step(route, point, known)
    elif isinstance(point, ChoicePoint):
        for number in route.leaving[point.id]:
            yield from _of_condition(point.id, route.flows[number].condition, known)
    elif isinstance(point, NestedPoint):
        yield from _of_nested(route, point, known)
    elif isinstance(point, TimerPoint):
        yield from _of_duration(point.id, point.duration)
    elif isinstance(point, ActionPoint):
        yield from _of_action(route, point, known)


def _of_step(route: Route, step: Step, known: Known) -> Iterator[Problem]:
    if not step.name.strip():
        yield Problem(step.id, "step_without_name")
    yield from _of_performer(route, step, known)
    if step.duration is not None:
        yield from _of_duration(step.id, step.duration)
    for requirement in step.requirements:
        yield from _of_requirement(step.id, requirement, known)
    for rule in step.rules:
        yield from _of_rule(step.id, rule, known)


def _of_performer(route: Route, step: Step, known: Known) -> Iterator[Problem]:
    performer = step.performer
    if performer.rule is PerformerRule.USER and performer.of not in known.users:
        yield Problem(step.id, "user_unknown", {"user": performer.of})
    if performer.rule in (PerformerRule.ROLE, PerformerRule.LEAST_LOADED) and performer.of not in known.roles:
        yield Problem(step.id, "role_of_nobody", {"role": performer.of})
    if performer.rule is PerformerRule.PREVIOUS and not _has_step_before(route, step):
        yield Problem(step.id, "no_step_before")


def _has_step_before(route: Route, step: Step) -> bool:
    return any(
        isinstance(one, Step) and one.id != step.id and step.id in reached_from(route, [one.id])
        for one in route.points
    )


def _of_duration(point: str, duration: Duration) -> Iterator[Problem]:
    if duration.amount < 1:
        yield Problem(point, "duration_missing")


def _of_requirement(step: str, requirement: Requirement, known: Known) -> Iterator[Problem]:
    if requirement.kind == "document":
        if requirement.of not in known.documents:
            yield Problem(step, "document_unknown", {"document": requirement.of})
    elif requirement.kind == "field":
        if requirement.of not in known.demandable:
            yield Problem(step, "field_unknown", {"field": requirement.of})
    else:
        yield Problem(step, "requirement_unknown", {"requirement": requirement.kind})


def _of_rule(step: str, rule: StepRule, known: Known) -> Iterator[Problem]:
    yield from _of_condition(step, rule.condition, known)
    if not rule.target.strip():
        yield Problem(step, "rule_without_target")
    elif rule.action in (RuleAction.EMAIL, RuleAction.SMS):
        yield from _of_template(step, rule.target, known)
    elif rule.action is RuleAction.SET_FIELD:
        yield from _of_field(step, rule.target.partition("=")[0].strip(), known)


def _of_template(point: str, name: str, known: Known) -> Iterator[Problem]:
    if name not in known.templates:
        yield Problem(point, "template_unknown", {"template": name})
    elif known.templates[name]:
        yield Problem(point, "template_wrong", {"template": name, "reason": known.templates[name]})


def _of_field(point: str, name: str, known: Known) -> Iterator[Problem]:
    if name not in known.writable:
        yield Problem(point, "field_unknown", {"field": name})


def _of_condition(point: str, tree: Tree | None, known: Known) -> Iterator[Problem]:
    if not tree:
        return
    if known.subject is None:
        yield Problem(point, "condition_about_nothing")
        return
    try:
        condition.parsed(dict(tree), known.subject)
    except Invalid as error:
        yield Problem(point, "condition_wrong", {"because": error.code, "facts": error.facts})


def _of_nested(route: Route, point: NestedPoint, known: Known) -> Iterator[Problem]:
    nested = known.maps.get(point.map)
    if known.code and known.code in {point.map, *_within(point.map, lambda one: one.nested, known)}:
        yield Problem(point.id, "nested_in_itself", {"map": point.map})
    elif nested is None:
        yield Problem(point.id, "map_unknown", {"map": point.map})
    elif nested.kind is not ProcessKind.INDEPENDENT:
        yield Problem(point.id, "nested_not_independent", {"map": point.map})
    elif not nested.in_force:
        yield Problem(point.id, "map_not_in_force", {"map": point.map})
    elif nested.object_kind not in ("", route.object_kind):
        yield Problem(point.id, "nested_of_other_kind", {"map": point.map, "kind": nested.object_kind})


def _within(code: str, further: Callable[[KnownMap], frozenset[str]], known: Known) -> set[str]:
    """The maps that this one leads to, and those that they do."""
    found: set[str] = set()
    left = [code]
    while left:
        one = known.maps.get(left.pop())
        for inner in sorted(further(one) - found) if one else ():
            found.add(inner)
            left.append(inner)
    return found


def _of_action(route: Route, point: ActionPoint, known: Known) -> Iterator[Problem]:
    wanted = known.actions.get(point.action)
    if wanted is None:
        yield Problem(point.id, "action_unknown", {"action": point.action})
        return
    for name in sorted(wanted.required):
        if not point.settings.get(name, "").strip():
            yield Problem(point.id, "setting_missing", {"setting": name})
    for name in sorted(set(point.settings) - wanted.required - wanted.optional):
        yield Problem(point.id, "setting_unknown", {"setting": name})
    if point.settings.get("template"):
        yield from _of_template(point.id, point.settings["template"], known)
    if point.settings.get("map"):
        yield from _of_started(route, point, known)
    if point.action == "set_field" and point.settings.get("field"):
        yield from _of_field(point.id, point.settings["field"], known)


def _of_started(route: Route, point: ActionPoint, known: Known) -> Iterator[Problem]:
    code = point.settings["map"]
    started = known.maps.get(code)
    if known.code and known.code in {code, *_within(code, lambda one: one.at_once, known)}:
        if point.id in without_wait(route):  # after a wait it is a renewal
            yield Problem(point.id, "starts_itself", {"map": code})
    elif started is None:
        yield Problem(point.id, "map_unknown", {"map": code})
    elif not started.in_force:
        yield Problem(point.id, "map_not_in_force", {"map": code})
