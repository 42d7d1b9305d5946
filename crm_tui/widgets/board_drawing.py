"""How a board is drawn: columns of cards by the line API. Only the cards that are seen are read."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from crm_tui.widgets import glyphs
from crm_tui.widgets.row_drawing import fit
from crm_tui.widgets.row_source import ROW_LOOKS

MIN_WIDTH = 19
"""Cells of a column, at least; as many columns are shown as have so much."""
_LOOKS = ("head", "cursor", "card", "dimmed", "stale", "mark", *(f"card-{look}" for look in ROW_LOOKS))
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
    """A card: the first line stands out, in the last one ``stale`` does; ``sign`` stands before the last line."""

    lines: tuple[str, ...]
    sign: str = ""
    stale: bool = False
    dimmed: bool = False
    look: str = ""
    """One of ``row_source.ROW_LOOKS``: how the first line is drawn, beside what it says."""


class CardSource(Protocol):
    """Where cards come from."""

    def cards(self, ids: Sequence[int]) -> Mapping[int, Card]:
        """The cards of these ids, those that are gone left out. Called in the loop, for a page at a time."""
        ...


class BoardDrawing(Widget):
    """The drawn half of the board: what stands where, as strips."""

    ALLOW_SELECT = False
    CARD_LINES = 3
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"board-view--{look}" for look in _LOOKS}
    DEFAULT_CSS = """
    BoardDrawing {
        height: 1fr;
        & > .board-view--head { text-style: bold; }
        & > .board-view--cursor { text-style: bold reverse; }
        & > .board-view--card { text-style: bold; }
        & > .board-view--dimmed { text-style: dim; }
        & > .board-view--card-bold { text-style: bold underline; }
        & > .board-view--card-accent { text-style: bold; color: $text-accent; }
        & > .board-view--card-warning { text-style: bold; color: $text-warning; }
        & > .board-view--card-muted { text-style: dim; }
        & > .board-view--stale { text-style: bold; color: $text-error; }
        & > .board-view--mark { text-style: bold; }
    }
    """

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
        self._strips: dict[int, Strip] = {}
        self._looks: dict[str, Style] = {}

    # What stands where

    @property
    def column(self) -> int | None:
        """The key of the column of the cursor."""
        return self._columns[self._here].key if self._columns else None

    @property
    def seen(self) -> range:
        """The columns that are seen, counted from 0."""
        return range(self._left, min(self._left + self._fitting, len(self._columns)))

    def _cursor_lines(self) -> range:
        """The lines of the card that the cursor was last drawn on."""
        key = self.column
        row = self._places.get(key, 0) - self._tops.get(key, 0) if key is not None else 0
        first = self._head + row * self.CARD_LINES
        return range(first, first + self.CARD_LINES)

    def _redraw(self, lines: set[int] | None = None) -> None:
        """Draw these lines anew, or all."""
        if lines is None:
            self._strips.clear()
            self.refresh()
            return
        for y in lines:
            self._strips.pop(y, None)
            self.refresh(Region(0, y, self.size.width, 1))

    # Drawing

    def notify_style_update(self) -> None:
        """The theme changed, or the focus."""
        super().notify_style_update()
        self._looks.clear()
        self._strips.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region; without border and padding they need no second cache and no styling."""
        strips = [self.render_line(y) for y in crop.line_range]
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """One line: a cell of each column that is seen, with a bar between."""
        strip = self._strips.get(y)
        if strip is None:
            plain = self.rich_style
            segments: list[Segment] = []
            for number in self.seen:
                if segments:
                    segments.append(Segment(glyphs.current().separator, plain))
                segments += self._cell(number, y, self._width(number), plain)
            strip = Strip(segments).adjust_cell_length(self.size.width, plain)
            self._strips[y] = strip
        return strip

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
        if look not in self._looks:
            self._looks[look] = self.get_component_rich_style(f"board-view--{look}", partial=True)
        return self._looks[look]

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
            look = f"card-{card.look}" if card.look else "card"
        elif card.stale and line == self.CARD_LINES - 1:
            look = "stale"
        style = plain + self._look(look) if look else plain
        gutter = signs.cursor if at_cursor else " "
        sign = card.sign if line == self.CARD_LINES - 1 else ""
        if line == 0 and key in self._marked:
            sign = signs.marked
        text = card.lines[line] if line < len(card.lines) else ""
        return [
            Segment(gutter, plain),
            Segment(sign or " ", plain + self._look("mark")),
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
