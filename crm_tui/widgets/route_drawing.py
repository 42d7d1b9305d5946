"""A route drawn in text: top down, branches side by side, ways back and to points drawn elsewhere told by name.

Pure: what stands where. The kinds of points differ by their brackets, which every terminal has::

    (start) [step] <choice> =split= =join= [[nested process]] (timer) {action} ((end)) ((× unsuccessful end))
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from rich.cells import cell_len

from crm_tui.domain.route.route_layers import Layers
from crm_tui.domain.route.route_map import KINDS, EndPoint, Point, PointKind, Route
from crm_tui.i18n import N_, _
from crm_tui.widgets import glyphs
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
UP, DOWN, LEFT, RIGHT = 1, 2, 4, 8
_RAILS = " ││││┘┐┤│└┌├─┴┬┼"
"""By the sum of the directions that lines go to from a cell."""
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

Key = tuple[str, str | int]
"""``("point", id)``, or ``("flow", number)`` for one of several ways on."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that the cursor can stand on: a point, or one of several ways on from a point."""

    key: Key
    x: int
    y: int
    width: int
    text: str
    up: Key | None = None
    """What it comes from in the drawing."""
    leads: Key | None = None
    """The point that it leads to where that is drawn elsewhere."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines of text, and the items on them in reading order."""

    lines: tuple[str, ...]
    items: Mapping[Key, Item]
    width: int

    def neighbour(self, key: Key, direction: str) -> Key | None:
        """Where the cursor goes: ``up`` and ``down`` along the ways, ``left`` and ``right`` to the branch beside."""
        here = self.items[key]
        if direction == "up":
            return here.up
        if direction == "down":
            below = [one for one in self.items.values() if one.up == key]
            nearest = min(below, key=lambda one: (abs(one.x - here.x), one.y), default=None)
            return nearest.key if nearest else here.leads
        side = [
            one
            for one in self.items.values()
            if (one.x + one.width <= here.x if direction == "left" else one.x >= here.x + here.width)
        ]
        return min(side, key=lambda one: 3 * abs(one.y - here.y) + _gap(one, here), default=here).key


def _gap(one: Item, other: Item) -> int:
    return max(one.x - other.x - other.width, other.x - one.x - one.width, 0)


@dataclass
class _Block:
    """A part of the drawing with coordinates of its own; its way goes on, or not, in column 0 below it."""

    height: int = 0
    width: int = 0
    open: bool = False
    last: Key | None = None
    """The item that what comes below comes from."""
    items: list[Item] = field(default_factory=list)
    texts: list[tuple[int, int, str]] = field(default_factory=list)
    rails: dict[tuple[int, int], int] = field(default_factory=dict)

    def rail(self, x: int, y: int, directions: int) -> None:
        self.rails[x, y] = self.rails.get((x, y), 0) | directions

    def take(self, other: "_Block", x: int, y: int) -> None:
        """Put another block into this one."""
        self.items += [replace(one, x=one.x + x, y=one.y + y) for one in other.items]
        self.texts += [(left + x, top + y, text) for left, top, text in other.texts]
        for (left, top), directions in other.rails.items():
            self.rail(left + x, top + y, directions)
        self.width = max(self.width, other.width + x)
        self.height = max(self.height, other.height + y)


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

    def whole(self) -> _Block:
        """From the start, then what cannot be reached from there."""
        made = _Block()
        for root in self.layers.roots:
            if root not in self.drawn:
                y = made.height + 1 if made.height else 0
                made.take(self.sequence(root, _Around(), None), 0, y)
        return made

    def sequence(self, point: str, around: _Around, up: Key | None) -> _Block:
        """From a point on, until an end, the stop, or a point that is drawn elsewhere."""
        made = _Block(last=up)
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

    def point(self, made: _Block, here: str) -> None:
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

    def reference(self, made: _Block, source: str, target: str) -> None:
        sign = BACK if self.layers.is_back(source, target) else ON
        point = self.route.by_id.get(target)
        text = f"{sign} {target if point is None else shape(point)}"
        made.texts.append((0, made.height, text))
        made.width = max(made.width, cell_len(text))
        made.height += 1

    def branches(self, made: _Block, here: str, around: _Around) -> str | None:
        """The branches side by side, and the point that comes below them; None where the part ends with them."""
        merge = self.layers.merge(here)
        if merge is None or merge == around.stop or self.elsewhere(merge, around):
            merge, within = None, around
        else:
            within = around.within(merge, self.layers.reached(merge))
        within = replace(within, depth=around.depth + 1)
        fork, x = made.height, 0
        parts: list[tuple[int, _Block]] = []
        for number in self.route.leaving[here]:
            part = self.branch(number, within)
            parts.append((x, part))
            x += part.width + GAP
        _line(made, fork, parts[-1][0])
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
        _line(made, made.height, going[-1][0])
        made.rail(0, made.height, DOWN)
        made.height += 1
        made.last = going[0][1].last
        made.open = merge is None
        return merge

    def branch(self, number: int, around: _Around) -> _Block:
        """One branch: what the way is called, then where it goes."""
        flow = self.route.flows[number]
        text = self.way(number)
        item = Item(("flow", number), 2, 0, max(cell_len(text), 1), text, ("point", flow.source))
        made = _Block(height=1, width=2 + item.width, last=item.key)
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


def _line(made: _Block, y: int, to: int) -> None:
    """A line from column 0 to another one."""
    for column in range(to + 1):
        made.rail(column, y, (LEFT if column else 0) | (RIGHT if column < to else 0))


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

    block = _Drawer(route, name, lambda number: _cut(way(number), LONGEST_LABEL)).whole()
    items = sorted(block.items, key=lambda one: (one.y, one.x))
    texts = [*block.texts, *((item.x, item.y, item.text) for item in items)]
    pieces: dict[int, dict[int, str]] = {}
    for (x, y), directions in block.rails.items():
        pieces.setdefault(y, {})[x] = _RAILS[directions]
    for x, y, text in texts:
        pieces.setdefault(y, {})[x] = text
    lines = tuple(_joined(pieces.get(y, {})) for y in range(block.height))
    return Drawing(lines, {item.key: item for item in items}, max(map(cell_len, lines), default=0))


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


def _joined(pieces: Mapping[int, str]) -> str:
    line, width = [], 0
    for x in sorted(pieces):
        line.append(" " * (x - width) + pieces[x])
        width = x + cell_len(pieces[x])
    return "".join(line)
