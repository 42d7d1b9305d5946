"""What an edit of a route never breaks: everything is reached, every way ends, parallel branches meet again.

What the settings lack (a state, a template) is for ``route_check`` to tell; here only the graph is looked at.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from crm_tui.domain.errors import Refused
from crm_tui.domain.route.route_blocks import Block, arriving_block, blocks, flow_block
from crm_tui.domain.route.route_map import EndPoint, JoinPoint, Route, StartPoint

Fault = tuple[str, str]
"""A code, and the point that it is about."""


def kept(before: Route, after: Route) -> Route:
    """The route after an edit. Raises Refused with a code of ``route_edit_…`` and the name of the ``point`` where the
    edit broke what was whole; faults that were there before stand in nobody's way."""
    news = set(faults(after)) - set(faults(before))
    for code, point in faults(after):
        if (code, point) in news:
            raise Refused(code, point=after.by_id[point].name or point)
    return after


def faults(route: Route) -> list[Fault]:
    """What is broken in the graph, point by point."""
    within = blocks(route)
    ending = reaching(route, [point.id for point in route.points if isinstance(point, EndPoint)])
    found: list[Fault] = []
    for point in route.points:
        if point.id not in within:
            found.append(("route_edit_cut_off", point.id))
            continue
        if point.id not in ending:
            found.append(("route_edit_no_end", point.id))
        if isinstance(point, EndPoint) and point.successful and within[point.id]:
            found.append(("route_edit_end_in_branch", point.id))
        found += [
            ("route_edit_across", point.id)
            for number in route.leaving[point.id]
            if _crosses(route, within, number)
        ]
        if isinstance(point, StartPoint) and route.arriving[point.id]:
            found.append(("route_edit_to_start", point.id))
        if isinstance(point, JoinPoint) and not _meets(route, within, point.id):
            found.append(("route_edit_join", point.id))
    return found


def reaching(route: Route, targets: Iterable[str]) -> set[str]:
    """The points from which one of the targets is reached, those themselves too."""
    found, waiting = set(targets), list(targets)
    while waiting:
        for number in route.arriving[waiting.pop()]:
            source = route.flows[number].source
            if source not in found:
                found.add(source)
                waiting.append(source)
    return found


def reached(route: Route, begin: str) -> set[str]:
    """The points that can be reached from one, itself too."""
    found, waiting = {begin}, [begin]
    while waiting:
        for number in route.leaving[waiting.pop()]:
            target = route.flows[number].target
            if target not in found and target in route.by_id:
                found.add(target)
                waiting.append(target)
    return found


def without(route: Route, gone: set[str]) -> Route:
    """The route without these points and the flows from and to them."""
    return replace(
        route,
        points=tuple(point for point in route.points if point.id not in gone),
        flows=tuple(flow for flow in route.flows if flow.source not in gone and flow.target not in gone),
    )


def _crosses(route: Route, within: Mapping[str, Block], number: int) -> bool:
    """Whether the flow leads into a parallel branch or out of one by another way than split and join."""
    flow = route.flows[number]
    return flow.target in within and within[flow.target] != arriving_block(route, within[flow.source], number)


def _meets(route: Route, within: Mapping[str, Block], join: str) -> bool:
    """Whether each branch of one split comes to the join exactly once, and nothing else does."""
    coming: list[tuple[str, int]] = []
    for number in route.arriving[join]:
        around = flow_block(route, within.get(route.flows[number].source, ()), number)
        if not around:
            return False
        coming.append(around[-1])
    if not coming:
        return False
    split = coming[0][0]
    return sorted(coming) == [(split, number) for number in sorted(route.leaving[split])]
