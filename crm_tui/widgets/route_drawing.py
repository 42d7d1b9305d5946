"""A route drawn in text: top down, branches side by side, ways back and to points drawn elsewhere told by name.

Pure: what stands where. The kinds of points differ by their brackets, which every terminal has::

    (start) [step] <choice> =split= =join= [[nested process]] (timer) {action} ((end)) ((× unsuccessful end))
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from rich.cells import cell_len

from crm_tui.domain.route.route_layers import Layers
from crm_tui.domain.route.route_map import KINDS, EndPoint, Point, PointKind, Route
from crm_tui.i18n import N_, _
from crm_tui.widgets import glyphs
from crm_tui.widgets.route_block import DOWN, UP, Block, Drawing, Item, Key
from crm_tui.widgets.row_drawing import fit

GAP = 3
"""Cells between branches."""
LONGEST = 30
"""Cells of a name."""
LONGEST_LABEL = 22
_BRACKETS = {
    PointKind.START: ("(", ")"),
    PointKind.STEP: ("[", "]"),
    PointKind.CHOICE: ("<", ">"),
    PointKind.SPLIT: ("=", "="),
    PointKind.JOIN: ("=", "="),
    PointKind.NESTED: ("[[", "]]"),
    PointKind.TIMER: ("(", ")"),
    PointKind.ACTION: ("{", "}"),
    PointKind.END: ("((", "))"),
}
BACK, ON = "↑", "▶"
"""Before the name of a point that a way leads to and that is drawn elsewhere."""
UNSUCCESSFUL = "×"
DEEPEST = 40
"""Branches within branches that are drawn; deeper ones stand by themselves below."""
NOTHING: Mapping[str, str] = {}
KIND_NAMES = {
    PointKind.START: N_("start"),
    PointKind.STEP: N_("step"),
    PointKind.CHOICE: N_("choice"),
    PointKind.SPLIT: N_("split"),
    PointKind.JOIN: N_("join"),
    PointKind.NESTED: N_("nested process"),
    PointKind.TIMER: N_("timer"),
    PointKind.ACTION: N_("action"),
    PointKind.END: N_("end"),
}


@dataclass(frozen=True, slots=True)
class _Around:
    """What a part of the drawing must not draw: it comes below, or beside."""

    stop: str | None = None
    """Where the part goes on below."""
    outer: frozenset[str] = frozenset()
    later: int = 0
    """Points that lie ahead of what comes below."""
    depth: int = 0

    def within(self, merge: str, later: int) -> "_Around":
        outer = self.outer | ({self.stop} if self.stop else set())
        return _Around(merge, outer, self.later | later, self.depth)


class _Drawer:
    def __init__(self, route: Route, name: Callable[[str], str], way: Callable[[int], str]) -> None:
        self.route = route
        self.layers = Layers(route)
        self.name = name
        self.way = way
        self.drawn: set[str] = set()

    def whole(self) -> Block:
        """From the start, then what cannot be reached from there."""
        made = Block()
        for root in self.layers.roots:
            if root not in self.drawn:
                y = made.height + 1 if made.height else 0
                made.take(self.sequence(root, _Around(), None), 0, y)
        return made

    def sequence(self, point: str, around: _Around, up: Key | None) -> Block:
        """From a point on, until an end, the stop, or a point that is drawn elsewhere."""
        made = Block(last=up)
        here: str | None = point
        while here is not None:
            self.point(made, here)
            ways = self.route.leaving[here]
            if len(ways) > 1:
                here = self.branches(made, here, around)
                continue
            target = self.route.flows[ways[0]].target if ways else None
            if target is None or self.comes_below(target, around):
                made.open = target is not None
                return made
            made.rail(0, made.height, UP | DOWN)
            made.height += 1
            if self.elsewhere(target, around):
                made.items[-1] = replace(made.items[-1], leads=("point", target))
                self.reference(made, here, target)
                return made
            here = target
        return made

    def point(self, made: Block, here: str) -> None:
        self.drawn.add(here)
        text = self.name(here)
        made.items.append(Item(("point", here), 0, made.height, cell_len(text), text, made.last))
        made.last = ("point", here)
        made.width = max(made.width, cell_len(text))
        made.height += 1

    def comes_below(self, target: str, around: _Around) -> bool:
        return target == around.stop and target not in self.drawn

    def elsewhere(self, target: str, around: _Around) -> bool:
        """Whether the point is drawn in another place: it is only named."""
        known = target in self.drawn or target not in self.route.by_id
        return known or target in around.outer or bool(self.layers.bit(target) & around.later)

    def reference(self, made: Block, source: str, target: str) -> None:
        sign = BACK if self.layers.is_back(source, target) else ON
        point = self.route.by_id.get(target)
        text = f"{sign} {target if point is None else shape(point)}"
        made.texts.append((0, made.height, text))
        made.width = max(made.width, cell_len(text))
        made.height += 1

    def branches(self, made: Block, here: str, around: _Around) -> str | None:
        """The branches side by side, and the point that comes below them; None where the part ends with them."""
        merge = self.layers.merge(here)
        if merge is None or merge == around.stop or self.elsewhere(merge, around):
            merge, within = None, around
        else:
            within = around.within(merge, self.layers.reached(merge))
        within = replace(within, depth=around.depth + 1)
        fork, x = made.height, 0
        parts: list[tuple[int, Block]] = []
        for number in self.route.leaving[here]:
            part = self.branch(number, within)
            parts.append((x, part))
            x += part.width + GAP
        made.line(fork, parts[-1][0])
        made.rail(0, fork, UP)
        for x, part in parts:
            made.rail(x, fork, DOWN)
            made.take(part, x, fork + 1)
        going = [(x, part) for x, part in parts if part.open]
        if not going:
            return None
        for x, part in going:
            for y in range(fork + 1 + part.height, made.height):
                made.rail(x, y, UP | DOWN)
            made.rail(x, made.height, UP)
        made.line(made.height, going[-1][0])
        made.rail(0, made.height, DOWN)
        made.height += 1
        made.last = going[0][1].last
        made.open = merge is None
        return merge

    def branch(self, number: int, around: _Around) -> Block:
        """One branch: what the way is called, then where it goes."""
        flow = self.route.flows[number]
        text = self.way(number)
        item = Item(("flow", number), 2, 0, max(cell_len(text), 1), text, ("point", flow.source))
        made = Block(height=1, width=2 + item.width, last=item.key)
        made.rail(0, 0, UP | DOWN)
        made.items.append(item)
        if self.comes_below(flow.target, around):
            made.open = True
        elif self.elsewhere(flow.target, around) or around.depth > DEEPEST:
            made.items[0] = replace(item, leads=("point", flow.target))
            self.reference(made, flow.source, flow.target)
        else:
            below = self.sequence(flow.target, around, item.key)
            made.take(below, 0, 1)
            made.open, made.last = below.open, below.last
        return made


def draw(
    route: Route,
    *,
    way: Callable[[int], str],
    before: Mapping[str, str] = NOTHING,
    beside: Mapping[str, str] = NOTHING,
) -> Drawing:
    """The drawing of a route, sound or not: every point stands in it once.

    ``way`` says one of several ways on, by its number. A sign may stand before a point (where a process stands, what
    was passed, what is wrong) and a few words behind it.
    """

    def name(point: str) -> str:
        parts = (before.get(point, ""), shape(route.by_id[point]), beside.get(point, ""))
        return " ".join(part for part in parts if part)

    return _Drawer(route, name, lambda number: _cut(way(number), LONGEST_LABEL)).whole().drawn()


def shape(point: Point) -> str:
    """A point in the brackets of its kind."""
    kind = KINDS[type(point)]
    opening, closing = _BRACKETS[kind]
    name = _cut(point.name or _(KIND_NAMES[kind]), LONGEST)
    if isinstance(point, EndPoint) and not point.successful:
        name = f"{UNSUCCESSFUL} {name}"
    return f"{opening}{name}{closing}"


def _cut(text: str, most: int) -> str:
    text = " ".join(text.split())
    return fit(text, most, "left", glyphs.current()).rstrip() if cell_len(text) > most else text
