"""Rows that were scrolled in and are not drawn yet, because the line is slow: they come first, as they were then."""

from array import array
from operator import ne

_MARKED = 2
"""Cells that may have changed since: the cursor of the list came by, or went on."""


class Undrawn:
    """While a key is held, the cursor of the list runs through the rows that are being drawn.

    Were each drawn with it and the trail wiped out afterwards, a third more bytes would be sent. So a row is drawn as
    it was when it was scrolled in, and what was changed in it since comes last.
    """

    def __init__(self) -> None:
        self._rows: dict[int, array[int]] = {}

    def scrolled(self, top: int, bottom: int, shift: int, rows: "dict[int, array[int]]") -> None:
        """A block was moved upwards (downwards if negative), and these rows came in."""
        kept = {}
        for y, row in self._rows.items():
            is_moved = top <= y <= bottom
            if not is_moved or top <= y - shift <= bottom:
                kept[y - shift if is_moved else y] = row
        self._rows = kept | rows

    def first(self, changed: list[int]) -> list[int]:
        """The rows in the order in which to draw them."""
        return sorted(changed, key=lambda y: (y not in self._rows, y))

    def row(self, y: int, newest: "array[int]") -> "array[int]":
        """How to draw a row now: as it was, if it is nearly so still. It counts as drawn then."""
        then = self._rows.pop(y, None)
        if then is None or sum(map(ne, then, newest)) > _MARKED:
            return newest
        return then

    def forget(self) -> None:
        """All is drawn, or will be drawn anew."""
        self._rows.clear()
