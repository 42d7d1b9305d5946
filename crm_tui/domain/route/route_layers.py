"""What a drawing of a route needs to know of its graph: ways back, and where ways that part go on together.

Of any route, sound or not. Sets of points are kept as bits of an integer: maps are small, and drawn at each key.
"""

from crm_tui.domain.route.route_map import Route, StartPoint

SHORT = 2
"""So many points may stand beside each other to the end of the map; a longer way on is drawn below."""


class Layers:
    """The graph of one route without its ways back."""

    def __init__(self, route: Route) -> None:
        self._route = route
        self._bits = {point.id: 1 << place for place, point in enumerate(route.points)}
        self._back: set[tuple[str, str]] = set()
        self._reached: dict[str, int] = {}
        self._chain: dict[str, int] = {}
        self._next: dict[str, str | None] = {}
        starts = [point.id for point in route.points if isinstance(point, StartPoint)]
        lonely = [point.id for point in route.points if not route.arriving[point.id]]
        self.roots = tuple(dict.fromkeys((*starts, *lonely, *route.by_id)))
        """Every point; those first from which a drawing begins."""
        for point in self._in_order_of_leaving():
            self._learn(point)

    def bit(self, point: str) -> int:
        """The point as a set of itself."""
        return self._bits.get(point, 0)

    def reached(self, point: str) -> int:
        """The points that lie ahead of one, itself too."""
        return self._reached[point]

    def is_back(self, source: str, target: str) -> bool:
        """Whether the way leads back to where it came from."""
        return (source, target) in self._back

    def merge(self, point: str) -> str | None:
        """Where most of the ways from a point meet again. Where none do: the way on that is longest, unless all of
        them end soon (None)."""
        return self._next[point]

    def _ahead(self, point: str) -> list[str]:
        targets = (self._route.flows[number].target for number in self._route.leaving[point])
        return [one for one in targets if one in self._bits and (point, one) not in self._back]

    def _in_order_of_leaving(self) -> list[str]:
        """The points, each after all that lie ahead of it; ways back are noted."""
        order: list[str] = []
        state: dict[str, bool] = {}  # True while what lies ahead is being looked at
        for root in self.roots:
            stack = [] if root in state else [(root, 0)]
            while stack:
                point, place = stack.pop()
                state[point] = True
                ways = self._route.leaving[point]
                if place == len(ways):
                    state[point] = False
                    order.append(point)
                    continue
                stack.append((point, place + 1))
                target = self._route.flows[ways[place]].target
                if state.get(target):
                    self._back.add((point, target))
                elif target in self._bits and target not in state:
                    stack.append((target, 0))
        return order

    def _learn(self, point: str) -> None:
        ahead = self._ahead(point)
        self._reached[point] = self.bit(point)
        for one in ahead:
            self._reached[point] |= self._reached[one]
        several = len(self._route.leaving[point]) > 1
        chosen = self._meeting(ahead) if several else next(iter(ahead), None)
        self._next[point] = chosen
        self._chain[point] = self.bit(point) | (self._chain[chosen] if chosen else 0)

    def _meeting(self, ahead: list[str]) -> str | None:
        best: str | None = None
        most = 1
        for first in ahead:
            one: str | None = first
            while one is not None:
                count = sum(1 for other in ahead if self._chain[other] & self.bit(one))
                if count > most:
                    best, most = one, count
                one = self._next[one]
        if best is not None:
            return best
        longest = max(ahead, key=lambda one: self._reached[one].bit_count(), default=None)
        if longest is None or self._reached[longest].bit_count() <= SHORT:
            return None
        return longest
