"""The row source of a short list that fits in memory: folders, accounts, notifications, rules."""

from array import array
from collections.abc import Callable, Mapping, Sequence

from textual.content import Content

from crm_tui.domain.text import fold
from crm_tui.widgets.row_source import Cell, Column, Order, Row, is_heading


class SmallSource:
    """Rows in the order in which ``read`` gives them; it is called anew whenever the list is. The needle's words
    are sought in all cells; a heading stays while a row below it does."""

    def __init__(self, columns: Sequence[Column], read: Callable[[], Sequence[Row]]) -> None:
        self.columns = tuple(columns)
        self._read = read
        self._rows: dict[int, Row] = {}

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        """The first rows."""
        return [self._rows[key] for key in self.ids(order, needle)[:limit]]

    def ids(self, _order: Order, needle: str) -> "array[int]":
        """All ids, or those of the rows that contain the words."""
        return self._found(self._read(), needle)

    def _found(self, read: Sequence[Row], needle: str) -> "array[int]":
        self._rows = {row.id: row for row in read}
        words = fold(needle).split()
        found = array("q")
        for row in read:
            if is_heading(row.id):
                if found and is_heading(found[-1]):
                    found.pop()
                found.append(row.id)
            elif not words or _has(row, words):
                found.append(row.id)
        if found and is_heading(found[-1]):
            found.pop()
        return found

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids."""
        if not self._rows:
            self._rows = {row.id: row for row in self._read()}
        return {key: self._rows[key] for key in ids if key in self._rows}


def _has(row: Row, words: Sequence[str]) -> bool:
    text = fold(" ".join(_plain(cell) for cell in row.cells))
    return all(word in text for word in words)


def _plain(cell: Cell) -> str:
    return cell.plain if isinstance(cell, Content) else cell
