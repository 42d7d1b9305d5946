"""Where the tokens of a route can get, whichever outcomes and conditions come: the proof that none is left standing.

A token on its own is a walk over the graph (``Strand``). Only splits and joins bring tokens together, so what is
walked exhaustively is where tokens stand *between* those: a marking is the flows by which they set out, or wait at a
join. A split whose branches meet in one join, each by its own flow, is one thing with the sum of their costs (a
block); a map of blocks, however deep, needs no walk at all. What is left is walked up to ``MOST_WORK``.

The choices of one token never hinder another (the net is free-choice), so for finding what is stuck it is enough to
move one token at a time (a persistent set); for least costs, every order is looked at.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise

from crm_tui.domain.route.route_graph import inner_first, leading_to
from crm_tui.domain.route.route_map import EndPoint, JoinPoint, Point, Route, SplitPoint, StartPoint

MOST_WORK = 300_000
"""Tokens in all the markings that are looked at before a map is called too tangled to be proved: about a second."""

Marking = tuple[int, ...]
"""Flows by which tokens set out or wait at a join, ascending."""


@dataclass(slots=True)
class Strand:
    """Where a token gets from a flow on without any other."""

    reached: dict[str, int] = field(default_factory=dict)
    """Point → least cost of coming to it, within blocks too."""
    exits: dict[Marking, int] = field(default_factory=dict)
    """The flows that the token may become, at a join or a split → least cost."""
    ends: set[str] = field(default_factory=set)
    """Successful ends that it may come to."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``split_not_joined``, ``join_starves``, ``comes_twice`` or ``not_proved``, with the point that it is about."""

    code: str
    point: str


@dataclass(slots=True)
class Walk:
    """What was found."""

    costs: dict[str, int] = field(default_factory=dict)
    """Point → least cost of coming to it; those that cannot be come to are not there."""
    faults: list[Fault] = field(default_factory=list)
    markings: int = 0


class Net:
    """The net of a well-shaped route (``route_check_shape`` found nothing), with a cost of leaving each point."""

    def __init__(self, route: Route, cost: Callable[[Point], int]) -> None:
        self.route = route
        self.cost = cost
        self._strands: dict[int, Strand] = {}
        self._blocks: dict[str, tuple[str, int] | None] = {}
        successful = {one.id for one in route.points if isinstance(one, EndPoint) and one.successful}
        self._hopeful = leading_to(route, successful)
        for point in inner_first(route):  # so that each block is known before the one that it stands in
            if isinstance(route.by_id[point], SplitPoint):
                self._blocks[point] = self._met(point)

    def walk(self, *, every_order: bool, begin: Marking | None = None) -> Walk:
        """All markings, the cheapest first. ``every_order``: exact costs, at the price of more markings.

        ``begin``: the flows by which tokens set out that stand in the midst already; the start otherwise.
        """
        start = next(point.id for point in self.route.points if isinstance(point, StartPoint))
        walk = Walk({start: 0})
        queue: list[tuple[int, Marking]] = [(0, self.route.leaving[start] if begin is None else begin)]
        seen: set[Marking] = set()
        work = 0
        while queue:
            cost, marking = heappop(queue)
            if marking in seen:
                continue
            seen.add(marking)
            if work > MOST_WORK:
                walk.faults.append(Fault("not_proved", ""))
                break
            for further, after in self._steps(marking, cost, walk, every_order=every_order):
                heappush(queue, (further, after))
                work += len(after) + 1
        walk.markings = len(seen)
        walk.faults = list(dict.fromkeys(walk.faults))
        return walk

    def _steps(
        self, marking: Marking, cost: int, walk: Walk, *, every_order: bool
    ) -> Iterator[tuple[int, Marking]]:
        twice = next(
            (one for one, other in pairwise(marking) if one == other and self._is_hopeful(one)), None
        )
        if twice is not None:
            walk.faults.append(Fault("comes_twice", self.route.flows[twice].target))
            return
        waiting = {flow for flow in marking if self._is_join(flow)}
        for join in {self.route.flows[flow].target for flow in waiting}:
            arriving = self.route.arriving[join]
            if waiting.issuperset(arriving):
                _least(walk.costs, join, cost)
                yield cost, _replaced(marking, arriving, self.route.leaving[join])
                return
        movable = [flow for flow in marking if flow not in waiting]
        if not movable:
            walk.faults += [Fault("join_starves", self.route.flows[flow].target) for flow in marking]
            return
        if not every_order:
            # The others first: where only an end that takes all tokens away is left, nothing more is to be seen.
            movable = [min(movable, key=lambda flow: (not self._is_hopeful(flow), flow))]
        for flow in movable:
            strand = self.strand(flow)
            for point, more in strand.reached.items():
                _least(walk.costs, point, cost + more)
            if strand.ends and len(marking) > 1:
                walk.faults.append(Fault("split_not_joined", self._blamed(marking, flow)))
            for after, more in strand.exits.items():
                yield cost + more, _replaced(marking, (flow,), after)

    def strand(self, flow: int) -> Strand:
        """Where a token gets that goes by this flow."""
        found = self._strands.get(flow)
        if found is None:
            self._strands[flow] = found = Strand()
            self._spin(flow, found)
        return found

    def _spin(self, first: int, strand: Strand) -> None:
        queue = [(0, first)]
        done: set[str] = set()
        while queue:
            cost, flow = heappop(queue)
            point = self.route.by_id[self.route.flows[flow].target]
            if self._is_join(flow):
                _least(strand.exits, (flow,), cost)
                continue
            if point.id in done:
                continue
            done.add(point.id)
            _least(strand.reached, point.id, cost)
            if isinstance(point, SplitPoint):
                for onward in self._over(point.id, cost, strand):
                    heappush(queue, onward)
            elif isinstance(point, EndPoint):
                if point.successful:
                    strand.ends.add(point.id)
            else:
                for further in self.route.leaving[point.id]:
                    heappush(queue, (cost + self.cost(point), further))

    def _over(self, split: str, cost: int, strand: Strand) -> list[tuple[int, int]]:
        """Over a block to what comes after its join; a split that is none is where the strand ends."""
        block = self._blocks.get(split)
        if block is None:
            _least(strand.exits, tuple(sorted(self.route.leaving[split])), cost)
            return []
        join, whole = block
        for flow in self.route.leaving[split]:
            if not self._is_join(flow):
                for point, more in self.strand(flow).reached.items():
                    _least(strand.reached, point, cost + more)
        _least(strand.reached, join, cost + whole)
        return [(cost + whole, further) for further in self.route.leaving[join]]

    def _met(self, split: str) -> tuple[str, int] | None:
        """The join in which all branches of the split meet and nothing else does, and what they cost together."""
        last: list[int] = []
        whole = 0
        for flow in self.route.leaving[split]:
            strand = Strand(exits={(flow,): 0}) if self._is_join(flow) else self.strand(flow)
            if strand.ends or len(strand.exits) != 1:
                return None
            ((after, cost),) = strand.exits.items()
            if len(after) > 1:
                return None  # it comes to a split that is no block
            last.append(after[0])
            whole += cost
        join = self.route.flows[last[0]].target
        return (join, whole) if sorted(last) == sorted(self.route.arriving[join]) else None

    def _is_join(self, flow: int) -> bool:
        return isinstance(self.route.by_id[self.route.flows[flow].target], JoinPoint)

    def _is_hopeful(self, flow: int) -> bool:
        return self.route.flows[flow].target in self._hopeful

    def _blamed(self, marking: Marking, flow: int) -> str:
        """The split whose branches do not meet: one that another token came from, if any did straight away."""
        sources = [self.route.flows[one].source for one in (*_replaced(marking, (flow,), ()), flow)]
        splits = [one for one in sources if isinstance(self.route.by_id[one], SplitPoint)]
        return splits[0] if splits else min(self.strand(flow).ends)


def _replaced(marking: Marking, gone: Marking, come: Marking) -> Marking:
    left = list(marking)
    for flow in gone:
        left.remove(flow)
    return tuple(sorted((*left, *come)))


def _least(costs: dict, key: object, cost: int) -> None:  # type: ignore[type-arg]
    costs[key] = min(cost, costs.get(key, cost))
