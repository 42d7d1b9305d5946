"""A short list that a filter narrows: its condition is looked for in the thread that reads all ids."""

from array import array
from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement

from crm_tui.screens.lists.narrowing import Narrowing, clause_of
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.widgets.row_source import Column, Order, Row

Read = Callable[[ColumnElement[bool] | None], Sequence[Row]]


class NarrowedSource(SmallSource):
    """Reads the rows for which the clause of ``narrowing`` holds."""

    def __init__(self, columns: Sequence[Column], read: Read) -> None:
        self.narrowing: Narrowing | None = None
        self._narrowed = read
        super().__init__(columns, lambda: self._rows_now(anew=False))

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        """The first rows, by what the filter found when it was last asked."""
        read = {row.id: row for row in self._rows_now(anew=False)}
        return [read[key] for key in self._found(list(read.values()), needle)[:limit]]

    def ids(self, _order: Order, needle: str) -> "array[int]":
        """All ids, the filter asked anew."""
        return self._found(self._rows_now(anew=True), needle)

    def _rows_now(self, *, anew: bool) -> Sequence[Row]:
        return self._narrowed(clause_of(self.narrowing, anew=anew))
