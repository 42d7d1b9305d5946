"""The vector of ids and the rows fetched for it: memory does not depend on the length of the list."""

from array import array
from collections.abc import Iterable, Sequence

from crm_tui.widgets.row_source import Order, Row, RowSource, is_heading

PAGE = 64
PAGES_KEPT = 48


class RowWindow:
    """Random access to the rows of a source; ids by position, rows fetched in pages of 64 and forgotten."""

    def __init__(self, source: RowSource) -> None:
        self.source = source
        self.ids: array[int] = array("q")
        self.headings = 0
        self._rows: dict[int, Row] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def first(self, order: Order, needle: str, limit: int) -> bool:
        """Hold only the first ``limit`` rows, until the whole vector is known; False where they are not at hand, and
        what is held stays."""
        rows = self.source.first(order, needle, limit)
        if rows is not None:
            self._rows = {row.id: row for row in rows}
            self.replace(array("q", [row.id for row in rows]))
        return rows is not None

    def replace(self, ids: "array[int]") -> None:
        """Take a new vector; rows already fetched stay."""
        self.ids = ids
        self.headings = sum(1 for row_id in ids if row_id < 0) if self._grouped(ids) else 0

    def forget(self, ids: Iterable[int] | None = None) -> None:
        """Fetch these rows anew when they are next drawn; all of them without an argument."""
        if ids is None:
            self._rows.clear()
            return
        for row_id in ids:
            self._rows.pop(row_id, None)

    def row(self, position: int) -> Row:
        """The row at a position; one that is gone from the store comes back with no cells."""
        row_id = self.ids[position]
        row = self._rows.get(row_id)
        if row is None:
            self._fetch(position)
            row = self._rows[row_id]
        return row

    def is_heading(self, position: int) -> bool:
        """True when the line at a position is a heading."""
        return position < len(self.ids) and is_heading(self.ids[position])

    def find(self, row_id: int) -> int | None:
        """The position of an id."""
        try:
            return self.ids.index(row_id)
        except ValueError:
            return None

    def step(self, position: int, by: int) -> int:
        """The position ``by`` rows away, within the list; on a heading only where there is no row."""
        last = len(self.ids) - 1
        target = max(0, min(last, position + by))
        for onward in (1 if by > 0 else -1, -1 if by > 0 else 1):
            place = target
            while 0 <= place <= last and is_heading(self.ids[place]):
                place += onward
            if 0 <= place <= last:
                return place
        return target

    def _grouped(self, ids: "array[int]") -> bool:
        """A list with headings begins with one."""
        return bool(ids) and is_heading(ids[0])

    def _fetch(self, position: int) -> None:
        start = position - position % PAGE
        missing = [row_id for row_id in self.ids[start : start + PAGE] if row_id not in self._rows]
        if len(self._rows) + len(missing) > PAGE * PAGES_KEPT:
            self._rows.clear()
            missing = list(self.ids[start : start + PAGE])
        self._keep(missing)

    def _keep(self, ids: Sequence[int]) -> None:
        found = self.source.rows(ids)
        for row_id in ids:
            self._rows[row_id] = found.get(row_id) or Row(row_id, ())
