"""What a route drawn in text is put together from: items that the cursor can stand on, and the lines between."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rich.cells import cell_len

UP, DOWN, LEFT, RIGHT = 1, 2, 4, 8
_RAILS = " ││││┘┐┤│└┌├─┴┬┼"
"""By the sum of the directions that lines go to from a cell."""

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
class Block:
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

    def take(self, other: "Block", x: int, y: int) -> None:
        """Put another block into this one."""
        self.items += [replace(one, x=one.x + x, y=one.y + y) for one in other.items]
        self.texts += [(left + x, top + y, text) for left, top, text in other.texts]
        for (left, top), directions in other.rails.items():
            self.rail(left + x, top + y, directions)
        self.width = max(self.width, other.width + x)
        self.height = max(self.height, other.height + y)

    def line(self, y: int, to: int) -> None:
        """A line from column 0 to another one."""
        for column in range(to + 1):
            self.rail(column, y, (LEFT if column else 0) | (RIGHT if column < to else 0))

    def drawn(self) -> Drawing:
        """The block as the whole drawing."""
        items = sorted(self.items, key=lambda one: (one.y, one.x))
        texts = [*self.texts, *((item.x, item.y, item.text) for item in items)]
        pieces: dict[int, dict[int, str]] = {}
        for (x, y), directions in self.rails.items():
            pieces.setdefault(y, {})[x] = _RAILS[directions]
        for x, y, text in texts:
            pieces.setdefault(y, {})[x] = text
        lines = tuple(_joined(pieces.get(y, {})) for y in range(self.height))
        return Drawing(lines, {item.key: item for item in items}, max(map(cell_len, lines), default=0))


def _joined(pieces: Mapping[int, str]) -> str:
    line, width = [], 0
    for x in sorted(pieces):
        line.append(" " * (x - width) + pieces[x])
        width = x + cell_len(pieces[x])
    return "".join(line)
