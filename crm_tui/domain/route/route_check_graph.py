"""Where a map leads: every point can be come to, an end from every point, and tokens always come together."""

from collections.abc import Iterator

from crm_tui.domain.route.route_graph import by_itself, circle, leading_to, reached_from, starts
from crm_tui.domain.route.route_map import EndPoint, NestedPoint, Point, Route, Step, TimerPoint
from crm_tui.domain.route.route_net import Net
from crm_tui.domain.route.route_problem import Known, Problem


def graph_problems(route: Route, known: Known, *, whole: bool) -> list[Problem]:
    """``whole``: nothing is amiss with how it is written, so that its tokens can be followed."""
    found = [*_unreached(route), *_without_end(route)]
    if whole and not found:
        walk = Net(route, lambda _point: 0).walk(every_order=False)
        found += [Problem(fault.point, fault.code) for fault in walk.faults]
    return [*found, *_endless(route, known), *_failing_at_once(route, known)]


def _unreached(route: Route) -> Iterator[Problem]:
    reached = reached_from(route, starts(route))
    for point in route.points:
        if reached and point.id not in reached:
            yield Problem(point.id, "unreachable")


def _without_end(route: Route) -> Iterator[Problem]:
    ends = [point.id for point in route.points if isinstance(point, EndPoint)]
    hopeful = leading_to(route, ends)
    for point in route.points:
        if ends and point.id not in hopeful and route.leaving[point.id]:
            yield Problem(point.id, "no_way_to_end")


def _endless(route: Route, known: Known) -> Iterator[Problem]:
    """A circle that goes round by itself (assurance 20)."""
    round_trip = circle(route, lambda point: _goes_by_itself(point, known))
    if round_trip:
        first = min(round_trip, key=list(route.by_id).index)
        yield Problem(first, "endless", {"points": " → ".join(round_trip)})


def _failing_at_once(route: Route, known: Known) -> Iterator[Problem]:
    """An unsuccessful end that is come to before anybody could say why (BP-18): whoever starts it is refused."""
    passed = by_itself(route, lambda point: _goes_by_itself(point, known))
    for point in route.points:
        if isinstance(point, EndPoint) and not point.successful and point.id in passed:
            yield Problem(point.id, "fails_at_once")


def _goes_by_itself(point: Point, known: Known) -> bool:
    if isinstance(point, NestedPoint):
        nested = known.maps.get(point.map)
        return nested is not None and not nested.waits
    return not isinstance(point, Step | TimerPoint)
