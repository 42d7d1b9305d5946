"""What a person does in a list with the keyboard: moving the cursor and marking records."""

from crm_tui.widgets.line_list import LineList
from crm_tui.widgets.list_mouse import MenuAsked, SignPressed
from crm_tui.widgets.row_source import Row, is_heading


class MarkingList(LineList):
    """The cursor and the marks; methods for the command registry to call."""

    @property
    def position(self) -> int:
        """The cursor's place in the vector, from 0."""
        return self._position

    @property
    def current_id(self) -> int | None:
        """The id under the cursor; None on an empty list."""
        ids = self._window.ids
        row_id = ids[self._position] if self._position < len(ids) else None
        return None if row_id is None or is_heading(row_id) else row_id

    @property
    def current_row(self) -> Row | None:
        """The row under the cursor; None on an empty list."""
        return None if self.current_id is None else self._window.row(self._position)

    # The cursor

    def cursor_down(self, count: int = 1) -> None:
        """Go down by so many rows."""
        self._step(count)

    def cursor_up(self, count: int = 1) -> None:
        """Go up by so many rows."""
        self._step(-count)

    def page_down(self) -> None:
        """Go down by what is shown at once."""
        self._step(self._page)

    def page_up(self) -> None:
        """Go up by what is shown at once."""
        self._step(-self._page)

    def home(self) -> None:
        """Go to the first row."""
        self._step(-len(self._window))

    def end(self) -> None:
        """Go to the last row."""
        self._step(len(self._window))

    # Marks

    def toggle_mark(self, advance: bool = True) -> None:
        """Mark the record under the cursor or take its mark away, and go on to the next."""
        if self.current_id is None:
            return
        self._marks.toggle(self.current_id)
        self._marked = self._marks.effective(self._window.ids, self._position)
        self._refresh_row(self._position)
        self._tell_marks()
        if advance:
            self._step(1)

    def mark_range(self) -> None:
        """Begin to mark from here to wherever the cursor goes; the second time, end it and keep the marks."""
        if self.current_id is None:
            return
        self._marks.toggle_range(self.current_id, self._window.ids, self._position)
        self._marks_changed()
        self._tell_marks()

    def mark_all(self) -> None:
        """Mark all rows that the filter leaves."""
        self._marks.add(self._window.ids)
        self._marks_changed()
        self._tell_marks()

    def unmark_all(self) -> None:
        """Take all marks away."""
        if self._marks.clear():
            self._marks_changed()
            self._tell_marks()

    def marked_ids(self) -> tuple[int, ...]:
        """The marked records in the order of the list; those that the filter hides come last."""
        return self._marks.sorted(self._window.ids, self._position)

    # The mouse

    def _sign_pressed(self, sign: str) -> None:
        if sign == "mark":
            self.toggle_mark(advance=False)
        elif self.current_id is not None:
            self.post_message(SignPressed(self.current_id, sign))

    def _menu_asked(self) -> None:
        self.post_message(MenuAsked())

    def _tell_marks(self) -> None:
        """So many records are marked now."""
        raise NotImplementedError
