"""Where the tokens of a process land when it goes on by another version of its map (C-15).

A token lands at the point of the same id, or where a person says. Whether the version can go on from there at all is
proved as for a whole map (``route_net``): a process that would wait at a join for ever, or run on in two tokens where
one is meant, is not moved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm_tui.domain.route.process import Token
from crm_tui.domain.route.route_map import KINDS, JoinPoint, Point, Route
from crm_tui.domain.route.route_net import Net


@dataclass(frozen=True, slots=True)
class Landed:
    """Where one token lands."""

    token: int
    source: str
    target: str
    """Point of the other version; empty where there is none of the same kind."""
    by: int
    """The flow of the other version that it would have come by; -1 where that cannot be told and is not asked for."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a process lands."""

    tokens: tuple[Landed, ...]
    trouble: str = ""
    """Why it cannot be moved: ``point_gone``, ``join_changed``, ``no_way_on``; empty when it can."""
    point: str = ""
    """The point that the trouble is about, of the version it stands in."""


def land(old: Route, new: Route, tokens: Sequence[Token], mapping: Mapping[str, str]) -> Landing:
    """Where tokens that wait by ``old`` land in ``new``; ``mapping`` says it of points that are gone, or are to go on
    elsewhere. Both routes are sound."""
    landed = tuple(_landed(old, new, token, mapping) for token in tokens)
    for one in landed:
        if not one.target:
            return Landing(landed, "point_gone", one.source)
        if isinstance(new.by_id[one.target], JoinPoint) and one.by < 0:
            return Landing(landed, "join_changed", one.source)
    if landed and not _goes_on(new, landed):
        return Landing(landed, "no_way_on", landed[0].source)
    return Landing(landed)


def places_like(route: Route, point: Point) -> list[Point]:
    """The points of another version at which a token that waits at this one could go on."""
    return [other for other in route.points if KINDS[type(other)] is KINDS[type(point)]]


def _landed(old: Route, new: Route, token: Token, mapping: Mapping[str, str]) -> Landed:
    target = mapping.get(token.point, token.point)
    here, there = old.by_id[token.point], new.by_id.get(target)
    if there is None or KINDS[type(there)] is not KINDS[type(here)]:
        return Landed(token.id, token.point, "", -1)
    source = old.flows[token.by].source if token.by >= 0 else ""
    source = mapping.get(source, source)
    ways = [number for number in new.arriving[target] if new.flows[number].source == source]
    return Landed(token.id, token.point, target, ways[0] if len(ways) == 1 else -1)


def _goes_on(route: Route, landed: Sequence[Landed]) -> bool:
    begin = []
    for one in landed:
        # A token that waits at a point goes on as one that comes to it, whichever way; at a join the way counts.
        arriving = route.arriving[one.target]
        begin.append(one.by if isinstance(route.by_id[one.target], JoinPoint) else arriving[0])
    walk = Net(route, lambda _point: 0).walk(every_order=False, begin=tuple(sorted(begin)))
    return not walk.faults
