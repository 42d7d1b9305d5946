"""The marks of a list: a set of ids, and a range that is still being drawn up."""

from array import array
from collections.abc import Iterable, Sequence

from crm_tui.widgets.row_source import is_heading


class Marks:
    """Marked ids. While a range is open, what lies between its anchor and the cursor counts as marked."""

    def __init__(self) -> None:
        self._ids: set[int] = set()
        self._anchor: int | None = None

    @property
    def in_range(self) -> bool:
        """True while a range is open."""
        return self._anchor is not None

    def toggle(self, row_id: int) -> None:
        """Mark one record, or take its mark away."""
        self._ids ^= {row_id}

    def add(self, ids: Iterable[int]) -> None:
        """Mark these records; headings are not records."""
        self._ids.update(row_id for row_id in ids if not is_heading(row_id))

    def clear(self) -> bool:
        """Take all marks away and give up an open range; False when there was nothing to do."""
        anything = bool(self._ids) or self.in_range
        self._ids.clear()
        self._anchor = None
        return anything

    def toggle_range(self, row_id: int, ids: "array[int]", position: int) -> None:
        """Open a range at this record, or close the open one and keep its marks."""
        if self._anchor is None:
            self._anchor = row_id
        else:
            self.add(self._open_range(ids, position))
            self._anchor = None

    def keep_only(self, ids: Iterable[int]) -> None:
        """Forget marks of records that are gone."""
        if self._ids:
            self._ids.intersection_update(ids)

    def effective(self, ids: "array[int]", position: int) -> frozenset[int]:
        """All that counts as marked now, the cursor being at ``position``."""
        open_range = (row_id for row_id in self._open_range(ids, position) if not is_heading(row_id))
        return frozenset(self._ids.union(open_range))

    def sorted(self, ids: "array[int]", position: int) -> tuple[int, ...]:
        """The marked records in the order of the list, those not in the list last."""
        marked = self.effective(ids, position)
        if not marked:
            return ()
        shown = [row_id for row_id in ids if row_id in marked]
        return (*shown, *sorted(marked.difference(shown)))

    def _open_range(self, ids: "array[int]", position: int) -> Sequence[int]:
        if self._anchor is None or self._anchor not in ids:
            return ()
        anchor = ids.index(self._anchor)
        return ids[min(anchor, position) : max(anchor, position) + 1]
