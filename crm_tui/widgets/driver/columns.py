"""Lines downwards, drawn as such: row by row, each cell of one would be a change of colour and another back."""

from array import array
from collections.abc import Iterator, Sequence
from itertools import groupby

from crm_tui.widgets.driver.cells import Palette

_COLUMN = 3  # rows from which on a line downwards is drawn as one


def lines_down(
    front: "Sequence[array[int]]", back: "Sequence[array[int]]", changed: list[int], palette: Palette
) -> Iterator[tuple[int, int, int]]:
    """The column, first and last row of each line to be drawn. It looks at ``front`` anew after each."""
    for first, last in _blocks(changed):
        for y in (first, last):  # new rows stand at one end of what was scrolled
            row, shown = back[y], front[y]
            for x in range(1, len(row) - 1):
                if row[x] != shown[x] and row[x] not in palette.odd and _is_apart(row, x, palette):
                    top, bottom = _ends(x, y, first, last, front, back)
                    if bottom - top + 1 >= _COLUMN:
                        yield x, top, bottom


def _is_apart(row: "array[int]", x: int, palette: Palette) -> bool:
    """Whether a sign differs in style from the signs on both sides of it."""
    cells = palette.cells
    char, style = cells[row[x]]
    if char in (" ", "") or style in (cells[row[x - 1]][1], cells[row[x + 1]][1]):
        return False
    before = next((cells[cell] for cell in reversed(row[:x]) if cells[cell][0] != " "), None)
    after = next((cells[cell] for cell in row[x + 1 :] if cells[cell][0] != " "), None)
    return all(one is None or one[1] != style for one in (before, after))


def _ends(
    x: int, y: int, first: int, last: int, front: "Sequence[array[int]]", back: "Sequence[array[int]]"
) -> tuple[int, int]:
    """Where the line through a cell begins and ends, within some rows."""
    cell = back[y][x]
    top = bottom = y
    while top > first and back[top - 1][x] == cell != front[top - 1][x]:
        top -= 1
    while bottom < last and back[bottom + 1][x] == cell != front[bottom + 1][x]:
        bottom += 1
    return top, bottom


def _blocks(rows: list[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each rows that follow one another, where they are enough for a line."""
    for _, group in groupby(enumerate(rows), key=lambda one: one[1] - one[0]):
        block = [row for _, row in group]
        if len(block) >= _COLUMN:
            yield block[0], block[-1]
