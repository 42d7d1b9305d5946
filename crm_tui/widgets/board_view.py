"""A board: columns of cards, one cursor. Only the cards that are seen are read; a column may hold thousands."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from crm_tui.widgets import glyphs
from crm_tui.widgets.row_drawing import fit

MIN_WIDTH = 19
"""Cells of a column, at least; as many columns are shown as have so much."""
_LOOKS = ("head", "cursor", "card", "dimmed", "stale", "mark")
_KEPT = 2000
_AHEAD = 8
"""Cards read beyond those that are seen, so that not each step asks the store."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what stands over it, and the cards in it by their ids. ``head`` are lines of equal number."""

    key: int
    title: str
    head: tuple[str, ...]
    ids: "array[int]"


@dataclass(frozen=True, slots=True)
class Card:
    """A card: the first line stands out, in the last one ``stale`` does."""

    lines: tuple[str, ...]
    stale: bool = False
    dimmed: bool = False


class CardSource(Protocol):
    """Where cards come from."""

    def cards(self, ids: Sequence[int]) -> Mapping[int, Card]:
        """The cards of these ids, those that are gone left out. Called in the loop, for a page at a time."""
        ...


class BoardView(Widget, can_focus=True):
    """Draws by the line API. It binds no keys: the commands ``board.*`` and ``list.*`` call it."""

    SCOPES = ("board", "list")
    ALLOW_SELECT = False
    CARD_LINES = 3
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"board-view--{look}" for look in _LOOKS}
    DEFAULT_CSS = """
    BoardView {
        height: 1fr;
        & > .board-view--head { text-style: bold; }
        & > .board-view--cursor { text-style: bold reverse; }
        & > .board-view--card { text-style: bold; }
        & > .board-view--dimmed { text-style: dim; }
        & > .board-view--stale { text-style: bold; color: $text-error; }
        & > .board-view--mark { text-style: bold; }
    }
    """

    class Highlighted(Message):
        """The cursor stands elsewhere; ``key`` is None in an empty column."""

        def __init__(self, key: int | None) -> None:
            super().__init__()
            self.key = key

    class Opened(Message):
        """The card under the cursor is to be opened."""

        def __init__(self, key: int) -> None:
            super().__init__()
            self.key = key

    def __init__(self, source: CardSource) -> None:
        super().__init__()
        self._source = source
        self._columns: tuple[Column, ...] = ()
        self._here = 0
        self._left = 0
        self._places: dict[int, int] = {}
        self._tops: dict[int, int] = {}
        self._marked: set[int] = set()
        self._cards: dict[int, Card] = {}

    # What it shows

    @property
    def column(self) -> int | None:
        """The key of the column of the cursor."""
        return self._columns[self._here].key if self._columns else None

    @property
    def current_id(self) -> int | None:
        """The card under the cursor."""
        if not self._columns or not self._columns[self._here].ids:
            return None
        column = self._columns[self._here]
        return column.ids[self._places.get(column.key, 0)]

    @property
    def seen(self) -> range:
        """The columns that are seen, counted from 0."""
        return range(self._left, min(self._left + self._fitting, len(self._columns)))

    def marked_ids(self) -> tuple[int, ...]:
        """The marked cards in the order of the board."""
        return tuple(key for column in self._columns for key in column.ids if key in self._marked)

    def show(self, columns: Sequence[Column]) -> None:
        """Show these columns; the cursor stays on its card, or where it was when that is gone."""
        card, before = self.current_id, self.column
        self._columns = tuple(columns)
        self._cards.clear()
        everything = {key for column in columns for key in column.ids} if self._marked else set()
        self._marked &= everything
        keys = [column.key for column in columns]
        self._here = keys.index(before) if before in keys else min(self._here, max(0, len(keys) - 1))
        if card is None or not self.go_to(card):
            self._settle()

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
        self.refresh()

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

    def command_list_mark_all(self, argument: str = "") -> None:
        """All cards of the column, or none."""
        if not self._columns:
            return
        ids = set(self._columns[self._here].ids)
        self._marked = self._marked - ids if ids <= self._marked else self._marked | ids
        self.refresh()

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
        if self._columns:
            column = self._columns[self._here]
            place = max(0, min(len(column.ids) - 1, self._places.get(column.key, 0)))
            top = self._tops.get(column.key, 0)
            self._places[column.key] = place
            self._tops[column.key] = max(min(top, place), place - self._page + 1, 0)
            self._left = max(min(self._left, self._here), self._here - self._fitting + 1, 0)
            self._left = min(self._left, max(0, len(self._columns) - self._fitting))
        self.refresh()
        self.post_message(self.Highlighted(self.current_id))

    # Drawing

    def on_resize(self) -> None:
        """As many columns as now fit, the cursor among them."""
        self._settle()

    def render_line(self, y: int) -> Strip:
        """One line: a cell of each column that is seen, with a bar between."""
        plain = self.rich_style
        segments: list[Segment] = []
        for number in self.seen:
            if segments:
                segments.append(Segment(glyphs.current().separator, plain))
            segments += self._cell(number, y, self._width(number), plain)
        return Strip(segments).adjust_cell_length(self.size.width, plain)

    @property
    def _head(self) -> int:
        return 2 + max((len(column.head) for column in self._columns), default=0)

    @property
    def _page(self) -> int:
        return max(1, (self.size.height - self._head) // self.CARD_LINES)

    @property
    def _fitting(self) -> int:
        return max(1, min(len(self._columns), (self.size.width + 1) // (MIN_WIDTH + 1)))

    def _width(self, number: int) -> int:
        count = len(self.seen)
        whole = self.size.width - (count - 1)
        return whole // count + (number - self._left < whole % count)

    def _look(self, look: str) -> Style:
        return self.get_component_rich_style(f"board-view--{look}", partial=True)

    def _cell(self, number: int, y: int, width: int, plain: Style) -> list[Segment]:
        signs, column = glyphs.current(), self._columns[number]
        if y == 0:
            style = plain + self._look("cursor" if number == self._here else "head")
            return [Segment(fit(f" {column.title}", width, "left", signs), style)]
        if y < self._head - 1:
            text = column.head[y - 1] if y - 1 < len(column.head) else ""
            return [Segment(fit(f" {text}", width, "left", signs), plain)]
        if y == self._head - 1:
            return [Segment(signs.rule * width, plain)]
        row, line = divmod(y - self._head, self.CARD_LINES)
        place = self._tops.get(column.key, 0) + row
        if row >= self._page or place >= len(column.ids):
            return [Segment(" " * width, plain)]
        return self._card_line(number, place, line, width, plain)

    def _card_line(self, number: int, place: int, line: int, width: int, plain: Style) -> list[Segment]:
        signs, column = glyphs.current(), self._columns[number]
        key = column.ids[place]
        card = self._card(key)
        at_cursor = number == self._here and place == self._places.get(column.key, 0)
        look = ""
        if card.dimmed:
            look = "dimmed"
        elif line == 0:
            look = "card"
        elif card.stale and line == self.CARD_LINES - 1:
            look = "stale"
        style = plain + self._look(look) if look else plain
        gutter = signs.cursor if at_cursor else " "
        marked = signs.marked if key in self._marked and line == 0 else " "
        text = card.lines[line] if line < len(card.lines) else ""
        return [
            Segment(gutter, plain),
            Segment(marked, plain + self._look("mark")),
            Segment(fit(text, width - 2, "left", signs), style),
        ]

    def _card(self, key: int) -> Card:
        card = self._cards.get(key)
        if card is None:
            self._fetch()
            card = self._cards.setdefault(key, Card(()))
        return card

    def _fetch(self) -> None:
        """Read in one go what is seen, and a little beyond."""
        if len(self._cards) > _KEPT:
            self._cards.clear()
        missing: list[int] = []
        for number in self.seen:
            column = self._columns[number]
            top = self._tops.get(column.key, 0)
            page = column.ids[max(0, top - _AHEAD) : top + self._page + _AHEAD]
            missing += [key for key in page if key not in self._cards]
        self._cards.update(self._source.cards(missing))
