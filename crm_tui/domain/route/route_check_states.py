"""The states of the Interest on a map: who owns them, and whether they agree with how it ends (BP-12, BP-17…20)."""

from collections.abc import Iterator

from crm_tui.domain.route.route_graph import reached_from, starts
from crm_tui.domain.route.route_map import EndPoint, Point, ProcessKind, Route, SplitPoint, Step
from crm_tui.domain.route.route_problem import Known, Problem


def state_problems(route: Route, known: Known) -> list[Problem]:
    """An object process has a state on each step and end, and an independent one on none."""
    if route.kind is ProcessKind.INDEPENDENT:
        return list(_of_independent(route))
    found = [*_of_map(route, known), *_of_branches(route)]
    controlled = controlled_points(route)
    for point in route.points:
        found += _of_point(point, known, controlled=point.id in controlled)
    return found


def controlled_points(route: Route) -> set[str]:
    """The points that a token comes to which speaks for the Interest: all but those of the other branches (BP-20)."""
    splits = {point.id for point in route.points if isinstance(point, SplitPoint)}
    return reached_from(route, starts(route), lambda flow: flow.controls or flow.source not in splits)


def _of_map(route: Route, known: Known) -> Iterator[Problem]:
    if route.object_kind != "interest":
        yield Problem("", "object_not_interest")
    if route.scenario and route.scenario not in known.scenarios:
        yield Problem("", "scenario_unknown", {"scenario": route.scenario})
    used = {point.state for point in route.points} | {route.termination_state}
    if not route.scenario and not used - {""} <= known.states.keys():
        yield Problem("", "scenario_missing")
    state = route.termination_state
    if route.early_termination and not state:
        yield Problem("", "termination_state_missing")
    elif state and not route.early_termination:
        yield Problem("", "termination_state_needless")
    elif state and state not in known.states:
        yield Problem("", "termination_state_unknown", {"state": state})
    elif state and known.states[state] != "lost":
        yield Problem("", "termination_state_not_lost", {"state": state})


def _of_branches(route: Route) -> Iterator[Problem]:
    controlled = controlled_points(route)
    for point in route.points:
        if not isinstance(point, SplitPoint):
            continue
        controlling = sum(route.flows[number].controls for number in route.leaving[point.id])
        if point.id not in controlled:
            if controlling:
                yield Problem(point.id, "controls_in_side_branch")
        elif not controlling:
            yield Problem(point.id, "controlling_missing")
        elif controlling > 1:
            yield Problem(point.id, "controlling_twice")


def _of_point(point: Point, known: Known, *, controlled: bool) -> Iterator[Problem]:
    state = point.state
    if isinstance(point, EndPoint):
        yield from _of_end(point, known)
    elif not state:
        if controlled and isinstance(point, Step):
            yield Problem(point.id, "state_missing")
    elif state not in known.states:
        yield Problem(point.id, "state_unknown", {"state": state})
    elif not controlled:
        yield Problem(point.id, "state_in_side_branch", {"state": state})
    elif known.states[state] != "open":
        yield Problem(point.id, "state_closes", {"state": state})


def _of_end(end: EndPoint, known: Known) -> Iterator[Problem]:
    if not end.state:
        yield Problem(end.id, "state_missing")
    elif end.state not in known.states:
        yield Problem(end.id, "state_unknown", {"state": end.state})
    elif end.successful and known.states[end.state] == "lost":
        yield Problem(end.id, "success_in_lost_state", {"state": end.state})
    elif not end.successful and known.states[end.state] != "lost":
        yield Problem(end.id, "failure_not_in_lost_state", {"state": end.state})


def _of_independent(route: Route) -> Iterator[Problem]:
    if route.scenario:
        yield Problem("", "scenario_needless")
    if route.termination_state:
        yield Problem("", "termination_state_needless")
    for point in route.points:
        if point.state:
            yield Problem(point.id, "state_in_independent", {"state": point.state})
    for flow in route.flows:
        if flow.controls:
            yield Problem(flow.source, "controls_in_independent")
