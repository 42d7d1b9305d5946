"""How the graph of a map is written: points and flows as their kinds want them, each on its own."""

import re
from collections import Counter
from collections.abc import Iterator

from crm_tui.domain.route.route_graph import starts
from crm_tui.domain.route.route_map import (
    ActionPoint,
    ChoicePoint,
    EndPoint,
    Flow,
    JoinPoint,
    NestedPoint,
    Point,
    Route,
    SplitPoint,
    StartPoint,
    Step,
    TimerPoint,
)
from crm_tui.domain.route.route_problem import Problem

CODE = re.compile(r"[a-z0-9_]{1,50}")
"""An id of a point, or a code of an outcome."""


def shape_problems(route: Route) -> list[Problem]:
    """What must be mended before anything can be said of where the map leads."""
    found = [*_of_starts(route), *_of_ids(route)]
    for flow in route.flows:
        found += _of_flow(route, flow)
    for point in route.points:
        found += _of_point(route, point)
    return found


def _of_starts(route: Route) -> Iterator[Problem]:
    first, *more = starts(route) or [""]
    if not first:
        yield Problem("", "start_missing")
    for one in more:
        yield Problem(one, "start_twice", {"other": first})
    ends = [point for point in route.points if isinstance(point, EndPoint)]
    if not ends:
        yield Problem("", "end_missing")
    elif not any(end.successful for end in ends):
        yield Problem("", "successful_end_missing")


def _of_ids(route: Route) -> Iterator[Problem]:
    for id, times in Counter(point.id for point in route.points).items():
        if times > 1:
            yield Problem(id, "id_twice")
        if not CODE.fullmatch(id):
            yield Problem(id, "id_wrong")


def _of_flow(route: Route, flow: Flow) -> Iterator[Problem]:
    source, target = route.by_id.get(flow.source), route.by_id.get(flow.target)
    if source is None:
        yield Problem(flow.target if target else "", "flow_from_nowhere", {"source": flow.source})
        return
    if target is None:
        yield Problem(source.id, "flow_to_nowhere", {"target": flow.target})
    if isinstance(target, StartPoint):
        yield Problem(source.id, "flow_to_start")
    if isinstance(source, EndPoint):
        yield Problem(source.id, "flow_from_end")
    if flow.condition is not None and not isinstance(source, ChoicePoint):
        yield Problem(source.id, "condition_needless")
    if flow.controls and not isinstance(source, SplitPoint):
        yield Problem(source.id, "controls_needless")
    if flow.outcome and not isinstance(source, Step):
        yield Problem(source.id, "outcome_needless", {"outcome": flow.outcome})


def _of_point(route: Route, point: Point) -> Iterator[Problem]:
    leaving = [route.flows[number] for number in route.leaving[point.id]]
    if not leaving and not isinstance(point, EndPoint):
        yield Problem(point.id, "no_way_on")
    elif isinstance(point, Step):
        yield from _of_outcomes(point, leaving)
    elif isinstance(point, ChoicePoint):
        yield from _of_choice(point, leaving)
    elif isinstance(point, SplitPoint) and len(leaving) == 1:
        yield Problem(point.id, "split_of_one")
    elif (
        isinstance(point, StartPoint | NestedPoint | TimerPoint | ActionPoint | JoinPoint)
        and len(leaving) > 1
    ):
        yield Problem(point.id, "several_ways_on")
    if isinstance(point, JoinPoint) and len(route.arriving[point.id]) == 1:
        yield Problem(point.id, "join_of_one")


def _of_outcomes(step: Step, leaving: list[Flow]) -> Iterator[Problem]:
    codes = Counter(one.code for one in step.outcomes)
    ways = Counter(flow.outcome for flow in leaving)
    for code, times in codes.items():
        if times > 1:
            yield Problem(step.id, "outcome_twice", {"outcome": code})
        if not CODE.fullmatch(code):
            yield Problem(step.id, "outcome_wrong", {"outcome": code})
        if len(codes) > 1 and not ways[code]:
            yield Problem(step.id, "outcome_without_flow", {"outcome": code})
    for code, times in ways.items():
        if code and code not in codes:
            yield Problem(step.id, "flow_of_unknown_outcome", {"outcome": code})
        elif len(codes) > 1 and not code:
            yield Problem(step.id, "flow_without_outcome")
        elif len(codes) > 1 and times > 1:
            yield Problem(step.id, "outcome_of_two_flows", {"outcome": code})
    if len(codes) <= 1 and len(leaving) > 1:
        yield Problem(step.id, "several_ways_on")


def _of_choice(choice: ChoicePoint, leaving: list[Flow]) -> Iterator[Problem]:
    defaults = sum(flow.condition is None for flow in leaving)
    if not defaults:
        yield Problem(choice.id, "choice_without_default")
    if defaults > 1:
        yield Problem(choice.id, "choice_of_two_defaults")
