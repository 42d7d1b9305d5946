"""The cheapest cursor move, and finding rows that moved as a block."""

from array import array
from collections.abc import Sequence

# The first cells of a row do not count when looking for it elsewhere: a list marks its cursor there.
_SIGN_CELLS = 2


def cheapest_move(cursor: tuple[int, int] | None, x: int, y: int) -> str:
    """The shortest bytes that bring the cursor to a cell; "" when it stands there."""
    absolute = f"\x1b[{y + 1};{x + 1}H" if x else (f"\x1b[{y + 1}H" if y else "\x1b[H")
    relative = None if cursor is None else _relative_move(*cursor, x, y)
    return absolute if relative is None or len(relative) >= len(absolute) else relative


def _relative_move(from_x: int, from_y: int, x: int, y: int) -> str | None:
    back = from_x - x
    if from_y == y:
        if x == 0 and back:
            return "\r"
        if back <= 0:
            return "" if not back else "\x1b[C" if back == -1 else f"\x1b[{-back}C"
        return "\b" * back if back < 5 else f"\x1b[{back}D"
    if from_y == y - 1 and x == 0:
        return "\r\n"  # y is on the screen, so this does not scroll
    if abs(from_y - y) == 1 and 0 <= back < 3:
        return "\b" * back + ("\x1b[B" if from_y < y else "\x1b[A")
    return None


def find_shift(
    front: "Sequence[array[int]]", back: "Sequence[array[int]]", changed: Sequence[int]
) -> tuple[int, int, int] | None:
    """The block of rows to scroll: first and last row, and by how many rows upwards (downwards if negative).

    None when too few of the changed rows would be right after it.
    """
    where: dict[bytes, int] = {}
    for y in range(changed[0], changed[-1] + 1):
        key = front[y][_SIGN_CELLS:].tobytes()
        where[key] = -1 if key in where else y
    moved: dict[int, list[int]] = {}
    for y in changed:
        source = where.get(back[y][_SIGN_CELLS:].tobytes(), -1)
        if source >= 0 and source != y:
            moved.setdefault(source - y, []).append(y)
    if not moved:
        return None
    shift, rows = max(moved.items(), key=lambda item: len(item[1]))
    if len(rows) < 3 or len(rows) * 3 < len(changed):
        return None
    return (rows[0], rows[-1] + shift, shift) if shift > 0 else (rows[0] + shift, rows[-1], shift)
