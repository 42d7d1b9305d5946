"""The cheapest cursor move, and finding rows that moved as a block."""

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from operator import ne

_PIECE = 8
"""Cells of the pieces of rows that are looked for elsewhere."""
_SHIFTS_TRIED = 2
_LEAST_SAVED = 40
"""Cells from which on a shift is worth its sequences."""


def cheapest_move(cursor: tuple[int, int] | None, x: int, y: int, stops: Sequence[int] = ()) -> str:
    """The shortest bytes that bring the cursor to a cell; "" when it stands there.

    ``stops`` are the columns at which the terminal's tabulator stops, in order; () where that is not known.
    """
    absolute = f"\x1b[{y + 1};{x + 1}H" if x else (f"\x1b[{y + 1}H" if y else "\x1b[H")
    relative = None if cursor is None else _relative_move(*cursor, x, y, stops)
    return absolute if relative is None or len(relative) >= len(absolute) else relative


def _relative_move(from_x: int, from_y: int, x: int, y: int, stops: Sequence[int]) -> str | None:
    if from_y == y:
        return _along(from_x, x, stops)
    if from_y == y - 1:
        # the tabulator of old goes down as a line feed does, and no tty makes anything else of it
        return "\v" + _along(from_x, x, stops)
    return "\x1b[A" + _along(from_x, x, stops) if from_y == y + 1 else None


def _along(from_x: int, x: int, stops: Sequence[int]) -> str:
    """The shortest move within a row."""
    home = "\r" + _forth(0, x, stops)
    if x >= from_x:
        return min(_forth(from_x, x, stops), home, key=len)
    back = from_x - x
    return min("\b" * back, f"\x1b[{back}D", home, key=len)


def _forth(from_x: int, x: int, stops: Sequence[int]) -> str:
    by = x - from_x
    plain = "" if not by else "\x1b[C" if by == 1 else f"\x1b[{by}C"
    passed = bisect_right(stops, x)
    tabs = passed - bisect_right(stops, from_x)
    if tabs <= 0:
        return plain
    return min(plain, "\t" * tabs + _forth(stops[passed - 1], x, ()), key=len)


def find_shift(
    front: "Sequence[array[int]]",
    back: "Sequence[array[int]]",
    changed: Sequence[int],
    blank: "array[int]",
) -> tuple[int, int, int] | None:
    """The block of rows to scroll: first and last row, and by how many rows upwards (downwards if negative).

    What stands beside a list is scrolled with it and drawn again, where that is less than to draw the rows of the
    list. ``blank`` is about what is scrolled in. None when no shift saves enough.
    """
    blocks = (_block(front, back, changed, shift, blank) for shift in _likely_shifts(front, back, changed))
    best = max((block for block in blocks if block is not None), default=None)
    return best[1:] if best is not None else None


def _likely_shifts(
    front: "Sequence[array[int]]", back: "Sequence[array[int]]", changed: Sequence[int]
) -> list[int]:
    """The shifts that most pieces of the changed rows speak for."""
    votes: Counter[int] = Counter()
    for start in range(0, len(back[0]), _PIECE):
        piece = slice(start, start + _PIECE)
        where: dict[bytes, int] = {}
        for y in range(changed[0], changed[-1] + 1):
            key = front[y][piece].tobytes()
            where[key] = -1 if key in where else y
        for y in changed:
            source = where.get(back[y][piece].tobytes(), -1)
            if source >= 0 and source != y:
                votes[source - y] += 1
    return [shift for shift, _count in votes.most_common(_SHIFTS_TRIED)]


def _block(
    front: "Sequence[array[int]]",
    back: "Sequence[array[int]]",
    changed: Sequence[int],
    shift: int,
    blank: "array[int]",
) -> tuple[int, int, int, int] | None:
    """How many cells the shift saves, and the block of rows that it makes more right."""
    better = [
        y
        for y in changed
        if 0 <= y + shift < len(front)
        and _differences(back[y], front[y + shift]) < _differences(back[y], front[y])
    ]
    if not better:
        return None
    top, bottom = (better[0], better[-1] + shift) if shift > 0 else (better[0] + shift, better[-1])
    saved = 0
    for y in range(top, bottom + 1):
        source = front[y + shift] if top <= y + shift <= bottom else blank
        saved += _differences(back[y], front[y]) - _differences(back[y], source)
    return (saved, top, bottom, shift) if saved > _LEAST_SAVED else None


def _differences(one: "array[int]", other: "array[int]") -> int:
    return sum(map(ne, one, other))
