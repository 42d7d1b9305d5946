"""A route as an outline: its points in the order in which they are gone through, branches indented (BP-06).

What several branches come to again stands once, after them; a way back to a point above is told, not drawn anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crm_tui.domain.route.route_map import Flow, Route, SplitPoint, StartPoint, Step

EXIT = ""
"""Where all ends lead: it has no point."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the outline."""

    point: str
    depth: int = 0
    flow: int = -1
    """Number of the flow that begins a branch with this line; -1 within a branch."""
    back: bool = False
    """The point stands elsewhere in the outline: the way goes there."""


def outline(route: Route) -> list[Line]:
    """The points that can be reached from the start. Also of a route that is not sound."""
    begin = next((point.id for point in route.points if isinstance(point, StartPoint)), EXIT)
    if begin == EXIT:
        return []
    return list(_Outline(route).drawn(begin, 0, (EXIT,), -1))


def side_points(route: Route) -> frozenset[str]:
    """The points of branches that do not control the Interest's state (BP-20)."""
    merges, found = _merges(route), set[str]()
    for split in route.points:
        if isinstance(split, SplitPoint):
            stop = merges.get(split.id, EXIT)
            for number in route.leaving[split.id]:
                if not route.flows[number].controls:
                    found |= _until(route, route.flows[number].target, stop)
    return frozenset(found)


def label(route: Route, flow: Flow) -> str:
    """The outcome by which the flow goes on, as a person calls it; empty for none."""
    source = route.by_id.get(flow.source)
    if isinstance(source, Step):
        return next((one.name for one in source.outcomes if one.code == flow.outcome), flow.outcome)
    return ""


class _Outline:
    def __init__(self, route: Route) -> None:
        self.route = route
        self.merges = _merges(route)
        self.seen: set[str] = set()

    def drawn(self, point: str, depth: int, stops: tuple[str, ...], flow: int) -> Iterator[Line]:
        """From this point to the innermost of the ``stops``, the points after branches that are open above."""
        while point != stops[-1] or flow >= 0:
            if point in self.seen or point in stops or point not in self.route.by_id:
                if point in self.route.by_id:
                    yield Line(point, depth, flow, back=True)
                return
            self.seen.add(point)
            yield Line(point, depth, flow)
            flow = -1
            ways = self.route.leaving[point]
            if len(ways) == 1:
                point = self.route.flows[ways[0]].target
                continue
            after = self.merges.get(point, EXIT)
            inner = (*stops, after) if after != EXIT else stops
            for way in ways:
                yield from self.drawn(self.route.flows[way].target, depth + 1, inner, way)
            if after == EXIT:
                return
            point = after


def _merges(route: Route) -> Mapping[str, str]:
    """Point with several ways on → the first point that all of them come to; left out where there is none."""
    after = _post_dominators(route)
    found = {}
    for point, ways in route.leaving.items():
        later = after.get(point, frozenset()) - {point, EXIT}
        if len(ways) > 1 and later:
            found[point] = max(later, key=lambda one: len(after[one]))
    return found


def _post_dominators(route: Route) -> dict[str, frozenset[str]]:
    """Point → those that every way from it to an end goes through; only points from which an end is reached."""
    onward = {
        point.id: {route.flows[number].target for number in route.leaving[point.id]} or {EXIT}
        for point in route.points
    }
    alive = _reaching_an_end(onward)
    everything = frozenset(alive | {EXIT})
    found = dict.fromkeys(alive, everything)
    found[EXIT] = frozenset({EXIT})
    changed = True
    while changed:
        changed = False
        for point in reversed(route.points):
            if point.id not in alive:
                continue
            common = frozenset.intersection(*(found[one] for one in onward[point.id] if one in found))
            new = common | {point.id}
            if new != found[point.id]:
                found[point.id], changed = new, True
    return found


def _reaching_an_end(onward: Mapping[str, set[str]]) -> set[str]:
    before: dict[str, list[str]] = {}
    for point, targets in onward.items():
        for target in targets:
            before.setdefault(target, []).append(point)
    found: set[str] = set()
    waiting = list(before.get(EXIT, ()))
    while waiting:
        point = waiting.pop()
        if point not in found:
            found.add(point)
            waiting += before.get(point, ())
    return found


def _until(route: Route, point: str, stop: str) -> set[str]:
    """The points from this one on, up to the ``stop``."""
    found: set[str] = set()
    waiting = [point]
    while waiting:
        one = waiting.pop()
        if one != stop and one not in found and one in route.by_id:
            found.add(one)
            waiting += [route.flows[number].target for number in route.leaving[one]]
    return found
