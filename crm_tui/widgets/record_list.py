"""The one widget for every long list: letters, tasks, interests, customers, notifications.

It shows a sorted vector of ids and a window of rows (``row_source``). It binds no keys: the command registry
calls its methods. The first screen is read at once in the loop, the whole vector in a thread behind it.
"""

from array import array
from collections.abc import Callable, Iterable

from textual.content import Content
from textual.message import Message

from crm_tui.i18n import _
from crm_tui.widgets.list_commands import ListCommands
from crm_tui.widgets.reading_list import ReadingList
from crm_tui.widgets.row_source import Order, RowSource
from crm_tui.widgets.row_window import RowWindow


class RecordList(ListCommands, ReadingList):
    """A list of records with one cursor, marks, sorting and a filter.

    ``empty`` is shown where there is nothing, ``nothing_found`` where the filter leaves nothing, and ``failed``
    makes the text for an error of the source; all three are ``Content``, never markup.
    """

    class Event(Message):
        """What a list tells its screen; ``control`` is the list."""

        def __init__(self, record_list: "RecordList") -> None:
            super().__init__()
            self.record_list = record_list

        @property
        def control(self) -> "RecordList":
            return self.record_list

    class Highlighted(Event):
        """The cursor stands on another record; ``id`` is None where the list is empty."""

        def __init__(self, record_list: "RecordList", row_id: int | None) -> None:
            super().__init__(record_list)
            self.id = row_id

    class Opened(Event):
        """The record under the cursor is to be opened."""

        def __init__(self, record_list: "RecordList", row_id: int) -> None:
            super().__init__(record_list)
            self.id = row_id

    class Marked(Event):
        """So many records are marked now."""

        def __init__(self, record_list: "RecordList", count: int) -> None:
            super().__init__(record_list)
            self.count = count

    class Loaded(Event):
        """The whole vector is known: ``count`` rows, headings not counted."""

        def __init__(self, record_list: "RecordList", count: int) -> None:
            super().__init__(record_list)
            self.count = count

    class Failed(Event):
        """The source raised; the list shows so."""

        def __init__(self, record_list: "RecordList", error: Exception) -> None:
            super().__init__(record_list)
            self.error = error

    def __init__(
        self,
        source: RowSource,
        order: Order,
        *,
        empty: Content | None = None,
        nothing_found: Content | None = None,
        failed: Callable[[Exception], Content] | None = None,
        header: bool = True,
        moved: Callable[[], None] | None = None,
        at_hand: Callable[[str], bool] | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """``moved``: called in place of ``Highlighted``, before anything is drawn; what follows from a message is
        drawn a sixtieth of a second after the cursor, in another frame. ``at_hand``: whether the source knows all
        ids for a needle within a few milliseconds; the loop then asks for them, and no thread."""
        super().__init__(source, order, header=header, id=id, classes=classes)
        self._follow = moved
        self._at_hand = at_hand
        self._empty = empty or Content(_("There is nothing here yet."))
        self._nothing_found = nothing_found or Content(_("Nothing found."))
        self._failed = failed or (lambda error: Content(_("The list could not be read.")))
        self._told: int | None = None

    def on_mount(self) -> None:
        """Read the first screen."""
        self._restart()

    # What it shows

    @property
    def source(self) -> RowSource:
        """Where the rows come from."""
        return self._window.source

    @property
    def order(self) -> Order:
        """The order of the rows."""
        return self._order

    @property
    def needle(self) -> str:
        """The filter; "" shows everything."""
        return self._needle

    @property
    def count(self) -> int:
        """How many rows, headings not counted; only the first ones until ``is_complete``."""
        return len(self._window) - self._window.headings

    @property
    def ids(self) -> "array[int]":
        """The vector as far as it is known: not to be changed."""
        return self._window.ids

    @property
    def is_complete(self) -> bool:
        """True once the whole vector is known."""
        return self._complete

    def show(self, source: RowSource, order: Order | None = None, *, expected: int = 0) -> None:
        """Show another source, from its top, without marks and filter; of so many rows where that is known."""
        self._window = RowWindow(source)
        self._order = order or self._order
        self._needle = ""
        self.unmark_all()
        self._restart(expected)

    def set_order(self, order: Order) -> None:
        """Sort by another column, from the top."""
        if order != self._order:
            self._order = order
            self._restart(expected=len(self._window) if self._complete else 0)

    def sort_by(self, column: str) -> None:
        """Sort by a column, the other way round when it is sorted by already."""
        falling = any(one.falling for one in self.source.columns if one.id == column)
        descending = not self._order.descending if self._order.column == column else falling
        self.set_order(Order(column, descending))

    def set_needle(self, needle: str) -> None:
        """Filter as the user types; an empty needle shows all again, the cursor on the record found."""
        if needle == self._needle:
            return
        found = self.current_id
        self._needle = needle
        self._restart()
        if not needle and found is not None:
            self.go_to(found)

    def set_empty(self, empty: Content) -> None:
        """What to show where there is nothing."""
        self._empty = empty
        self.refresh()

    def reload(self) -> None:
        """Read everything anew; the cursor stays on its record, or in its place when the record is gone."""
        if self._error is not None or not len(self._window):
            self._restart()
            return
        self._outdated = True
        self._read_vector()

    def patch(self, ids: Iterable[int]) -> None:
        """Draw these rows anew where they stand."""
        changed = set(ids)
        self._window.forget(changed)
        for position in self._shown():
            if self._window.ids[position] in changed:
                self._refresh_row(position)
        shown = self._shown()
        self._strips = {place: strip for place, strip in self._strips.items() if place in shown}

    def go_to(self, row_id: int) -> bool:
        """Put the cursor on a record, at once or when the whole vector is known; False when it is not there now."""
        position = None if self._waits else self._window.find(row_id)
        if position is not None:
            self._go(position)
        elif self._reading or not self._complete:
            self._keep = row_id
        return position is not None

    def end(self) -> None:
        """Go to the last row; when it is not known yet, as soon as it is."""
        self._to_end = not self._complete
        super().end()

    def mark_all(self) -> None:
        """Mark all rows that the filter leaves; those that are not known yet, as soon as they are."""
        self._to_mark = not self._complete
        if not self._waits:
            super().mark_all()

    def open(self) -> None:
        """Open the record under the cursor."""
        if self.current_id is not None:
            self.post_message(self.Opened(self, self.current_id))

    # What the reading half asks

    def _is_at_hand(self) -> bool:
        return self._at_hand is not None and self._at_hand(self._needle)

    def _completed(self) -> None:
        self._complete = True
        self.post_message(self.Loaded(self, self.count))

    def _fail(self, error: Exception) -> None:
        if self._error is not None:
            return
        self._error, self._complete, self._expected = error, True, 0
        self._window.replace(array("q"))
        self._place(0)
        self.post_message(self.Failed(self, error))
        self._moved()

    def _notice(self) -> Content | None:
        if self._error is not None or self._waits:
            return self._failed(self._error) if self._error is not None else None
        return self._nothing_found if self._needle else self._empty

    def _moved(self) -> None:
        if self._marks.in_range:
            self._tell_marks()
        if self.current_id != self._told:
            self._told = self.current_id
            if self._follow is not None:
                self._follow()
            else:
                self.post_message(self.Highlighted(self, self._told))

    def _activated(self) -> None:
        self.open()

    def _title_pressed(self, column: str) -> None:
        self.sort_by(column)

    def _tell_marks(self) -> None:
        self.post_message(self.Marked(self, len(self._marked)))
