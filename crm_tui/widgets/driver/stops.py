"""Stops of the tabulator where the fields of a list begin: on a slow line a move to one is a byte instead of five."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

_FIELDS_APART = 2
"""Blanks before what is taken for the beginning of a field, not of a word."""
_SAVED = 4
"""Bytes saved by a stop in each row."""
_LEAST_ROWS = 6
"""Fewer are no list."""
_USUAL = 8
"""Columns from one stop to the next, as terminals are switched on."""


def worthwhile_stops(
    front: "Sequence[array[int]]",
    back: "Sequence[array[int]]",
    changed: Sequence[int],
    is_blank: Callable[[int], bool],
    stops: Sequence[int],
) -> tuple[int, ...]:
    """The columns where fields begin in most of the rows to be drawn; ``stops`` where setting others does not pay."""
    if len(changed) < _LEAST_ROWS:
        return tuple(stops)
    begun: Counter[int] = Counter()
    for y in changed:
        row, shown = back[y], front[y]
        blanks = 0
        for x, cell in enumerate(row):
            if is_blank(cell):
                blanks += 1
                continue
            if blanks >= _FIELDS_APART and cell != shown[x]:
                begun[x] += 1
            blanks = 0
    wanted = tuple(sorted(x for x, rows in begun.items() if 2 * rows >= len(changed)))
    saved = _SAVED * sum(begun[x] for x in wanted if x not in stops)
    return wanted if saved > len(set_stops(wanted)) else tuple(stops)


def set_stops(stops: Iterable[int]) -> str:
    """Make the tabulator stop at these columns alone. The cursor is left at the last of them."""
    out, at = "\x1b[3g\r", 0
    for x in stops:
        out += f"\x1b[{x - at}C" + "\x1bH"
        at = x
    return out


def usual_stops(width: int) -> str:
    """Give the tabulator the stops of a terminal just switched on."""
    return set_stops(range(_USUAL, width, _USUAL))
