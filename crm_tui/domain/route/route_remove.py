"""Taking away and moving in a route: what is left is joined again, and what nothing leads to any more goes along."""

from dataclasses import replace

from crm_tui.domain.errors import Refused
from crm_tui.domain.route.route_blocks import join_of, split_of
from crm_tui.domain.route.route_keep import kept, reached, without
from crm_tui.domain.route.route_map import (
    ChoicePoint,
    EndPoint,
    Flow,
    JoinPoint,
    Route,
    SplitPoint,
    StartPoint,
    Step,
)


def remove(route: Route, point: str) -> Route:
    """The route without the point: what came to it goes on to where it went.

    Of several ways on the main one stays: the default way of a choice, the first outcome of a step, the branch of a
    split that controls the state (its join goes, too). An end goes with the ways to it. Raises Refused.
    """
    here = route.by_id[point]
    if isinstance(here, StartPoint):
        raise Refused("route_edit_start")
    if isinstance(here, JoinPoint):
        split = split_of(route, point)
        return remove(route, split) if split else kept(route, _bridged(route, point))
    if isinstance(here, EndPoint):
        return _without_end(route, point)
    join = join_of(route, point) if isinstance(here, SplitPoint) else None
    ways = route.leaving[point]
    others = {number for number in ways if number != _main_way(route, point)}
    made = _bridged(_without_flows(route, others), point)
    if join is not None:
        made = _bridged(_tidy(route, made), join)
    return kept(route, _tidy(route, made))


def remove_flow(route: Route, number: int) -> Route:
    """The route without an outcome, a way of a choice, or a branch. Of two ways of a choice or two branches of a
    split the other one stays, without choice or split. Raises Refused."""
    flow = route.flows[number]
    source = route.by_id[flow.source]
    ways = route.leaving[flow.source]
    if len(ways) < 2:
        raise Refused("route_edit_only_way", point=source.name or source.id)
    if isinstance(source, ChoicePoint | SplitPoint) and len(ways) == 2:
        join = join_of(route, source.id) if isinstance(source, SplitPoint) else None
        made = _bridged(_without_flows(route, {number}), source.id)
        if join is not None:
            made = _bridged(_tidy(route, made), join)
        return kept(route, _tidy(route, made))
    if isinstance(source, ChoicePoint) and flow.condition is None:
        raise Refused("route_edit_default")
    made = _without_flows(route, {number})
    if isinstance(source, Step):
        left = tuple(one for one in source.outcomes if one.code != flow.outcome)
        made = replace(
            made,
            points=tuple(replace(source, outcomes=left) if one is source else one for one in made.points),
        )
    if isinstance(source, SplitPoint) and flow.controls:
        first = made.leaving[source.id][0]
        flows = list(made.flows)
        flows[first] = replace(flows[first], controls=True)
        made = replace(made, flows=tuple(flows))
    return kept(route, _tidy(route, made))


def retarget(route: Route, number: int, target: str) -> Route:
    """Let a flow lead elsewhere. An end that nothing leads to any more goes; else nothing may be cut off."""
    flow = route.flows[number]
    if flow.source == target and not isinstance(route.by_id[target], Step):
        raise Refused("route_edit_circle", point=route.by_id[target].name or target)
    flows = list(route.flows)
    flows[number] = replace(flow, target=target)
    made = replace(route, flows=tuple(flows))
    lonely = {
        point.id for point in made.points if isinstance(point, EndPoint) and not made.arriving[point.id]
    }
    return kept(route, without(made, lonely))


def move(route: Route, point: str, number: int) -> Route:
    """The point on another flow, with its settings; where it stood the way goes on. Raises Refused for what has
    several ways on, and for starts, ends and joins."""
    here, ways = route.by_id[point], route.leaving[point]
    if len(ways) != 1 or isinstance(here, StartPoint | JoinPoint):
        raise Refused("route_edit_not_moved", point=here.name or point)
    if point in (route.flows[number].source, route.flows[number].target):
        return route
    goal, own = route.flows[number], route.flows[ways[0]]
    flows: list[Flow] = []
    for flow in route.flows:
        if flow is own:
            continue
        flow_on = replace(flow, target=own.target) if flow.target == point else flow
        if flow is goal:
            flows += [replace(flow, target=point), replace(own, target=flow.target)]
        else:
            flows.append(flow_on)
    return kept(route, replace(route, flows=tuple(flows)))


def later(route: Route, point: str) -> Route:
    """The point one place further on its way."""
    ways = route.leaving[point]
    onward = route.leaving[route.flows[ways[0]].target] if len(ways) == 1 else ()
    if not onward:
        raise Refused("route_edit_not_moved", point=route.by_id[point].name or point)
    return move(route, point, onward[0])


def earlier(route: Route, point: str) -> Route:
    """The point one place back on its way."""
    coming = route.arriving[point]
    before = route.arriving[route.flows[coming[0]].source] if coming else ()
    if not before:
        raise Refused("route_edit_not_moved", point=route.by_id[point].name or point)
    return move(route, point, before[0])


def _main_way(route: Route, point: str) -> int:
    ways = route.leaving[point]
    if not ways:
        raise Refused("route_edit_only_way", point=route.by_id[point].name or point)
    here = route.by_id[point]
    for number in ways:
        flow = route.flows[number]
        if (isinstance(here, ChoicePoint) and flow.condition is None) or flow.controls:
            return number
    return ways[0]


def _bridged(route: Route, point: str) -> Route:
    """Without a point that has one way on: what came to it goes on to where it went."""
    target = route.flows[route.leaving[point][0]].target
    flows = []
    for flow in route.flows:
        if flow.source == point:
            continue
        if flow.target == point and flow.source == target and not isinstance(route.by_id[target], Step):
            raise Refused("route_edit_circle", point=route.by_id[target].name or target)
        flows.append(replace(flow, target=target) if flow.target == point else flow)
    points = tuple(one for one in route.points if one.id != point)
    return replace(route, points=points, flows=tuple(flows))


def _without_end(route: Route, end: str) -> Route:
    """Without an end and the ways that lead to it."""
    made = route
    while end in made.by_id and made.arriving[end]:
        number = made.arriving[end][0]
        source = made.by_id[made.flows[number].source]
        if len(made.leaving[source.id]) < 2:
            raise Refused("route_edit_only_way", point=source.name or source.id)
        made = remove_flow(made, number)
    return kept(route, without(made, {end}))


def _without_flows(route: Route, numbers: set[int]) -> Route:
    return replace(route, flows=tuple(flow for at, flow in enumerate(route.flows) if at not in numbers))


def _tidy(before: Route, made: Route) -> Route:
    """Without what could be reached before and cannot be any more."""
    begin = next((point.id for point in made.points if isinstance(point, StartPoint)), None)
    if begin is None:
        return made
    return without(made, (reached(before, begin) & made.by_id.keys()) - reached(made, begin))
