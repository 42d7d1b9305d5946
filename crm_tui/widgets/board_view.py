"""A board: columns of cards, one cursor; a column may hold thousands."""

from collections.abc import Sequence

from textual.message import Message

from crm_tui.widgets.board_drawing import BoardDrawing, CardSource, Column


class BoardView(BoardDrawing, can_focus=True):
    """It binds no keys: the commands ``board.*`` and ``list.*`` call it."""

    SCOPES = ("board", "list")

    class Highlighted(Message):
        """The cursor stands elsewhere, or other cards are marked; ``key`` is None in an empty column."""

        def __init__(self, key: int | None) -> None:
            super().__init__()
            self.key = key

    class Opened(Message):
        """The card under the cursor is to be opened."""

        def __init__(self, key: int) -> None:
            super().__init__()
            self.key = key

    def __init__(self, source: CardSource) -> None:
        super().__init__(source)
        self._told: tuple[int | None, int | None] = (None, None)

    # What it shows

    @property
    def current_id(self) -> int | None:
        """The card under the cursor."""
        if not self._columns or not self._columns[self._here].ids:
            return None
        column = self._columns[self._here]
        return column.ids[self._places.get(column.key, 0)]

    def marked_ids(self) -> tuple[int, ...]:
        """The marked cards in the order of the board."""
        return tuple(key for column in self._columns for key in column.ids if key in self._marked)

    def show(self, columns: Sequence[Column]) -> None:
        """Show these columns; the cursor stays on its card, or where it was when that is gone."""
        card, before = self.current_id, self.column
        self._columns = tuple(columns)
        self._cards.clear()
        self._strips.clear()
        everything = {key for column in columns for key in column.ids} if self._marked else set()
        self._marked &= everything
        keys = [column.key for column in columns]
        self._here = keys.index(before) if before in keys else min(self._here, max(0, len(keys) - 1))
        if card is None or not self.go_to(card):
            self._settle()
        self._redraw()

    def go_to(self, key: int) -> bool:
        """Put the cursor on a card; False when it is not there."""
        for number, column in enumerate(self._columns):
            if key in column.ids:
                self._here = number
                self._places[column.key] = column.ids.index(key)
                self._settle()
                return True
        return False

    def unmark_all(self) -> None:
        """Take all marks away."""
        self._marked.clear()
        self._marks_changed()

    def _marks_changed(self) -> None:
        self._redraw()
        self.post_message(self.Highlighted(self.current_id))

    # Commands

    def command_board_left(self, argument: str = "") -> None:
        self._step_sideways(-1)

    def command_board_right(self, argument: str = "") -> None:
        self._step_sideways(1)

    def command_list_down(self, argument: str = "") -> None:
        self._step(1)

    def command_list_up(self, argument: str = "") -> None:
        self._step(-1)

    def command_list_page_down(self, argument: str = "") -> None:
        self._step(self._page)

    def command_list_page_up(self, argument: str = "") -> None:
        self._step(-self._page)

    def command_list_first(self, argument: str = "") -> None:
        self._step(-len(self._columns[self._here].ids) if self._columns else 0)

    def command_list_last(self, argument: str = "") -> None:
        self._step(len(self._columns[self._here].ids) if self._columns else 0)

    def command_list_open(self, argument: str = "") -> None:
        if self.current_id is not None:
            self.post_message(self.Opened(self.current_id))

    def command_list_mark(self, argument: str = "") -> None:
        if self.current_id is not None:
            self._marked ^= {self.current_id}
            self._step(1)
            self._marks_changed()

    def command_list_mark_all(self, argument: str = "") -> None:
        """All cards of the column, or none."""
        if not self._columns:
            return
        ids = set(self._columns[self._here].ids)
        self._marked = self._marked - ids if ids <= self._marked else self._marked | ids
        self._marks_changed()

    def _step(self, by: int) -> None:
        if self._columns:
            key = self._columns[self._here].key
            self._places[key] = self._places.get(key, 0) + by
            self._settle()

    def _step_sideways(self, by: int) -> None:
        self._here = max(0, min(len(self._columns) - 1, self._here + by))
        self._settle()

    def _settle(self) -> None:
        """Keep cursor and pages within what is there, and show it."""
        before = self._cursor_lines()
        tops, left = dict(self._tops), self._left
        if self._columns:
            column = self._columns[self._here]
            place = max(0, min(len(column.ids) - 1, self._places.get(column.key, 0)))
            top = self._tops.get(column.key, 0)
            self._places[column.key] = place
            self._tops[column.key] = max(min(top, place), place - self._page + 1, 0)
            self._left = max(min(self._left, self._here), self._here - self._fitting + 1, 0)
            self._left = min(self._left, max(0, len(self._columns) - self._fitting))
        if (tops, left) == (self._tops, self._left):
            self._redraw({0, *before, *self._cursor_lines()})
        else:
            self._redraw()
        if (self.column, self.current_id) != self._told:
            self._told = self.column, self.current_id
            self.post_message(self.Highlighted(self.current_id))

    def on_resize(self) -> None:
        """As many columns as now fit, the cursor among them."""
        self._strips.clear()
        self._settle()
