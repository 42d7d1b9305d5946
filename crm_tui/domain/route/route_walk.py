"""The first half of the flight simulator: what holds for every process of a map, before there is one (M-05, RM-20).

Whichever outcomes people choose and whichever conditions hold: which states and ends can be come to at all, with how
few touches and steps, and whether a token can be left standing. Outcomes and conditions are taken as free, so a
number is never too high; what a nested process demands is not counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm_tui.domain.errors import Refused
from crm_tui.domain.route.route_check_shape import shape_problems
from crm_tui.domain.route.route_graph import circle
from crm_tui.domain.route.route_map import EndPoint, Point, Route, Step
from crm_tui.domain.route.route_net import Fault, Net, Walk

TOUCHES = frozenset({"call", "meeting", "conference", "letter", "message"})
"""Kinds of documents that are a touch of the client; a proposal or an invoice is none (RM-20)."""


@dataclass(frozen=True, slots=True)
class Least:
    """The least that it takes to come somewhere; the one need not be on the way of the other."""

    touches: int
    steps: int
    """Completed before."""


@dataclass(frozen=True, slots=True)
class EndWalk:
    """An end point."""

    point: str
    successful: bool
    asks_reason: bool
    """An unsuccessful one always does (BP-18)."""
    least: Least | None
    """None where it cannot be come to."""


@dataclass(frozen=True, slots=True)
class RouteWalk:
    """What was found."""

    points: Mapping[str, Least]
    """Each point that can be come to."""
    states: Mapping[str, Least | None]
    """Each state that was asked about, and each of the map; None for one that no process comes to."""
    ends: tuple[EndWalk, ...]
    stuck: tuple[Fault, ...]
    """Where tokens can be left standing, or run on beside an end that was reached."""
    loops: bool
    """Whether a process can come to the same point again."""
    proved: bool
    """Whether all was looked at; if not, a number may be too high, and what was not found may be there."""
    markings: int
    """How many arrangements of tokens were looked at."""


def walk(route: Route, states: Sequence[str] = ()) -> RouteWalk:
    """Every way through the map. ``states``: codes of the scenario's states, in their order.

    Raises Refused ``map_not_whole`` for a map that is not written as one (``route_check``).
    """
    if shape_problems(route):
        raise Refused("map_not_whole", map=route.title)
    touched = _walked(Net(route, touches_of))
    stepped = _walked(Net(route, lambda point: int(isinstance(point, Step))))
    points = {
        point.id: Least(touched.costs[point.id], stepped.costs[point.id])
        for point in route.points
        if point.id in touched.costs and point.id in stepped.costs
    }
    stuck = [fault for fault in touched.faults if fault.code != "not_proved"]
    return RouteWalk(
        points=points,
        states=_states(route, points, states),
        ends=tuple(
            EndWalk(point.id, point.successful, not point.successful, points.get(point.id))
            for point in route.points
            if isinstance(point, EndPoint)
        ),
        stuck=tuple(stuck),
        loops=bool(circle(route, lambda _point: True)),
        proved=len(stuck) == len(touched.faults),
        markings=touched.markings,
    )


def touches_of(point: Point) -> int:
    """How many touches of the client a step demands before it is completed."""
    if not isinstance(point, Step):
        return 0
    return sum(one.count for one in point.requirements if one.kind == "document" and one.of in TOUCHES)


def _walked(net: Net) -> Walk:
    exact = net.walk(every_order=True)
    if any(fault.code == "not_proved" for fault in exact.faults):
        exact.costs = net.walk(every_order=False).costs | exact.costs
    return exact


def _states(route: Route, points: Mapping[str, Least], asked: Sequence[str]) -> dict[str, Least | None]:
    found: dict[str, Least | None] = dict.fromkeys(asked)
    if route.early_termination and route.termination_state:
        found[route.termination_state] = Least(0, 0)
    for point in route.points:
        if point.state:
            known, least = found.get(point.state), points.get(point.id)
            found[point.state] = _lesser(known, least) if known and least else known or least
    return found


def _lesser(one: Least, other: Least) -> Least:
    return Least(min(one.touches, other.touches), min(one.steps, other.steps))
