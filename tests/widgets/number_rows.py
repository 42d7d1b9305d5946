"""A row source over numbers: id n, cells made of n; what a test changes, the source shows."""

from array import array
from collections.abc import Mapping, Sequence

from crm_tui.widgets.row_source import Column, Order, Row, RowFlag, with_headings

COLUMNS = (
    Column("number", "Number", width=8, align="right"),
    Column("name", "Name", flex=1, min_width=10),
    Column("note", "Note", width=12, drop=1),
)


class NumberRows:
    """Rows 1…count, sorted by number; the needle must occur in the name."""

    def __init__(self, count: int) -> None:
        self.numbers = list(range(1, count + 1))
        self.names: dict[int, str] = {}
        self.flags: dict[int, RowFlag] = {}
        self.sections: dict[int, int] = {}
        self.fetched: list[int] = []
        self.error: Exception | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        return COLUMNS

    def name(self, number: int) -> str:
        return self.names.get(number, f"name {number}")

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        found = self.rows(self.ids(order, needle)[:limit])
        return list(found.values())

    def ids(self, order: Order, needle: str) -> "array[int]":
        if self.error is not None:
            raise self.error
        wanted = [number for number in self.numbers if needle in self.name(number)]
        wanted.sort(reverse=order.descending)
        if self.sections:
            return with_headings(sorted(((n, self.sections[n]) for n in wanted), key=lambda pair: pair[1]))
        return array("q", wanted)

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        self.fetched += ids
        there = set(self.numbers)
        return {row_id: self._row(row_id) for row_id in ids if row_id < 0 or row_id in there}

    def _row(self, row_id: int) -> Row:
        if row_id < 0:
            return Row(row_id, (f"Section {-1 - row_id}",))
        return Row(row_id, (str(row_id), self.name(row_id), "note"), self.flags.get(row_id, RowFlag.NONE))
