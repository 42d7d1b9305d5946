"""Ways through the graph of a route, for whoever looks at it as a graph alone."""

from collections.abc import Callable, Collection
from graphlib import CycleError, TopologicalSorter

from crm_tui.domain.route.route_map import (
    ActionPoint,
    EndPoint,
    Flow,
    JoinPoint,
    NestedPoint,
    Point,
    Route,
    StartPoint,
    Step,
    TimerPoint,
)


def leading_to(route: Route, targets: Collection[str]) -> set[str]:
    """The points from which one of these can be come to, and these."""
    found = set(targets)
    left = list(targets)
    while left:
        for number in route.arriving.get(left.pop(), ()):
            source = route.flows[number].source
            if source not in found:
                found.add(source)
                left.append(source)
    return found


def reached_from(
    route: Route, points: Collection[str], goes: Callable[[Flow], bool] = lambda _flow: True
) -> set[str]:
    """The points that can be come to from these by flows that ``goes`` lets pass, and these."""
    found = set(points)
    left = list(points)
    while left:
        for number in route.leaving.get(left.pop(), ()):
            flow = route.flows[number]
            if flow.target not in found and flow.target in route.by_id and goes(flow):
                found.add(flow.target)
                left.append(flow.target)
    return found


def starts(route: Route) -> list[str]:
    """Ids of the start points: a sound map has one."""
    return [point.id for point in route.points if isinstance(point, StartPoint)]


def inner_first(route: Route) -> list[str]:
    """The points that the start leads to, each after those that only it leads to (depth first, last to first)."""
    order: list[str] = []
    seen = set(starts(route))
    path = [(one, iter(route.leaving[one])) for one in sorted(seen)]
    while path:
        point, flows = path[-1]
        further = next(
            (route.flows[one].target for one in flows if route.flows[one].target not in seen), None
        )
        if further is None:
            order.append(point)
            path.pop()
        else:
            seen.add(further)
            path.append((further, iter(route.leaving.get(further, ()))))
    return order


def circle(route: Route, within: Callable[[Point], bool]) -> list[str]:
    """A way round through such points alone, as ids; empty where there is none."""
    inside = {point.id for point in route.points if within(point)}
    before = {
        one: {route.flows[number].source for number in route.arriving[one]} & inside for one in sorted(inside)
    }
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        return list(error.args[1][1:])
    return []


def by_itself(route: Route, passes: Callable[[Point], bool]) -> set[str]:
    """The points that a process comes to as soon as it is started, by points that let it pass; a join passes when all
    its flows were come by."""
    found = set(starts(route))
    left = list(found)
    came: set[int] = set()
    while left:
        for number in route.leaving[left.pop()]:
            came.add(number)
            target = route.by_id.get(route.flows[number].target)
            if target is None or target.id in found or not passes(target):
                continue
            if not isinstance(target, JoinPoint) or came.issuperset(route.arriving[target.id]):
                found.add(target.id)
                left.append(target.id)
    return found


def without_wait(route: Route) -> set[str]:
    """The points that a process comes to before any step or timer. A nested process counts as no wait: it might not
    wait either."""
    return by_itself(route, lambda point: not isinstance(point, Step | TimerPoint))


def always_waits(route: Route) -> bool:
    """Whether no process of the map gets from its start to an end without a step or a timer on the way."""
    return not any(isinstance(route.by_id[point], EndPoint) for point in without_wait(route))


def starts_at_once(route: Route) -> frozenset[str]:
    """Codes of the maps of which a process is started as soon as one of this map is."""
    points = [route.by_id[point] for point in without_wait(route)]
    nested = {point.map for point in points if isinstance(point, NestedPoint)}
    return frozenset(
        nested | {point.settings.get("map", "") for point in points if isinstance(point, ActionPoint)} - {""}
    )
