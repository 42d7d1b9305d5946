"""A week as seven columns, each a stack of things in order of time. One cursor: a day, and a thing on it."""

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple, overload

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from crm_tui.widgets import glyphs
from crm_tui.widgets.row_drawing import fit

HEAD = 2
"""Lines above the things: the days, and a rule."""
TITLE_LINES = 2
_LOOKS = ("head", "cursor", "time", "dimmed", "urgent")


class Block(NamedTuple):
    """One thing on a day; ``urgent`` puts a sign beside its time."""

    key: int
    time: str
    title: str
    urgent: bool = False
    dimmed: bool = False


class Blocks(Sequence[Block]):
    """Things known by their keys; how one looks is asked when it is seen, for a week may hold a thousand."""

    def __init__(self, keys: Sequence[int], look: Callable[[int], Block]) -> None:
        self.keys = keys
        self._look = look

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, place: int) -> Block: ...

    @overload
    def __getitem__(self, place: slice) -> list[Block]: ...

    def __getitem__(self, place: int | slice) -> Block | list[Block]:
        if isinstance(place, slice):
            return [self._look(key) for key in self.keys[place]]
        return self._look(self.keys[place])


class DayColumn(NamedTuple):
    """A day: its title, and what stands on it in order."""

    title: str
    blocks: Blocks


FREE_DAY = DayColumn("", Blocks((), lambda key: Block(key, "", "")))


class _Line(NamedTuple):
    text: str
    look: str = ""
    at_cursor: bool = False


class WeekView(Widget, can_focus=True):
    """Draws by the line API; a column is laid out only as far as it is seen."""

    SCOPES = ("list",)
    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"week-view--{look}" for look in _LOOKS}
    DEFAULT_CSS = """
    WeekView {
        height: 1fr;
        & > .week-view--head { text-style: bold; }
        & > .week-view--cursor { text-style: bold reverse; }
        & > .week-view--time { text-style: bold; }
        & > .week-view--dimmed { text-style: dim; }
        & > .week-view--urgent { text-style: bold; color: $text-error; }
    }
    """

    class Opened(Message):
        """The thing under the cursor is to be opened."""

        def __init__(self, key: int) -> None:
            super().__init__()
            self.key = key

    def __init__(self, moved: Callable[[], None]) -> None:
        """``moved``: called when the cursor stands elsewhere. A message would come after the first frame, and what
        follows from it a sixtieth of a second later, in another."""
        super().__init__()
        self._moved = moved
        self._days: tuple[DayColumn, ...] = (FREE_DAY,) * 7
        self._day = 0
        self._places = [0] * 7
        self._tops = [0] * 7
        self._columns: dict[int, list[Strip]] = {}
        """As drawn, line by line."""
        self._styles: dict[str, Style] = {}

    # What it shows

    @property
    def day(self) -> int:
        """The day of the cursor, counted from 0."""
        return self._day

    @property
    def key(self) -> int | None:
        """The thing under the cursor."""
        keys = self._days[self._day].blocks.keys
        return keys[self._places[self._day]] if keys else None

    def show(self, days: Sequence[DayColumn], day: int, key: int | None = None) -> None:
        """Show seven days, the cursor on a day and, where it is there, on a thing."""
        self._days = tuple(days)
        self._day = day
        self._places, self._tops = [0] * 7, [0] * 7
        keys = self._days[day].blocks.keys
        self._places[day] = keys.index(key) if key in keys else 0
        self._columns.clear()
        self.refresh()
        self._moved()

    def go(self, day: int, place: int | None = None) -> None:
        """Put the cursor on a day of this week, and on its n-th thing."""
        before, self._day = self._day, day
        if place is not None:
            last = len(self._days[day].blocks) - 1
            self._places[day] = max(0, min(last, place))
        spans = self._spans()
        for changed in {before, day}:
            self._columns.pop(changed, None)
            self.refresh(Region(spans[changed].start, 0, len(spans[changed]), self.size.height))
        self._moved()

    # Commands

    def command_list_down(self, argument: str = "") -> None:
        self.go(self._day, self._places[self._day] + 1)

    def command_list_up(self, argument: str = "") -> None:
        self.go(self._day, self._places[self._day] - 1)

    def command_list_page_down(self, argument: str = "") -> None:
        self.go(self._day, self._places[self._day] + self._page)

    def command_list_page_up(self, argument: str = "") -> None:
        self.go(self._day, self._places[self._day] - self._page)

    def command_list_first(self, argument: str = "") -> None:
        self.go(self._day, 0)

    def command_list_last(self, argument: str = "") -> None:
        self.go(self._day, len(self._days[self._day].blocks) - 1)

    def command_list_open(self, argument: str = "") -> None:
        if self.key is not None:
            self.post_message(self.Opened(self.key))

    # Drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region, of kept columns; without border and padding they need no second cache."""
        if self.styles.gutter != (0, 0, 0, 0) or self.opacity < 1:
            return super().render_lines(crop)
        background = self.background_colors[1]
        filters = self.get_line_filters()
        first, end = crop.column_span
        columns = [(self._drawn(day), span) for day, span in enumerate(self._spans())]
        seen = [(drawn, span) for drawn, span in columns if span.start < end and first < span.stop]
        left = seen[0][1].start if seen else 0
        strips = []
        for y in crop.line_range:
            parts = [drawn[y] for drawn, _span in seen]
            for line_filter in filters:  # a strip remembers what a filter made of it
                parts = [part.apply_filter(line_filter, background) for part in parts]
            strips.append(Strip.join(parts).crop(first - left, end - left))
        return strips

    def render_line(self, y: int) -> Strip:
        """One line: the seven columns with a bar between."""
        return Strip.join([self._drawn(day)[y] for day in range(7)])

    def on_resize(self) -> None:
        """Lay the columns out anew."""
        self._columns.clear()

    def notify_style_update(self) -> None:
        """The theme changed, or the focus."""
        super().notify_style_update()
        self._columns.clear()
        self._styles.clear()

    @property
    def _page(self) -> int:
        return max(1, (self.size.height - HEAD) // (1 + TITLE_LINES))

    def _spans(self) -> list[range]:
        """The cells of each column, with the bar before it."""
        width = self.size.width - 6
        widths = [width // 7 + (day < width % 7) for day in range(7)]
        begins = [day + sum(widths[:day]) for day in range(7)]
        return [range(max(0, begin - 1), begin + wide) for begin, wide in zip(begins, widths, strict=True)]

    def _drawn(self, day: int) -> list[Strip]:
        """A column with the bar before it, line by line."""
        column = self._columns.get(day)
        if column is None:
            column = self._columns[day] = self._draw(day)
        return column

    def _draw(self, day: int) -> list[Strip]:
        looks, plain = glyphs.current(), self._style("")
        bar = [Segment(looks.separator, plain)] if day else []
        span, height = self._spans()[day], self.size.height
        width = len(span) - len(bar)
        title = fit(f" {self._days[day].title}", width, "left", looks)
        head = Segment(title, self._style("cursor" if day == self._day else "head"))
        pieces = [[head], [Segment(looks.rule * width, plain)]]
        for line in self._lay_out(day, width - 1, height - HEAD)[: max(0, height - HEAD)]:
            sign = Segment(looks.cursor if line.at_cursor else " ", plain)
            pieces.append([sign, Segment(fit(line.text, width - 1, "left", looks), self._style(line.look))])
        blank = [Segment(" " * width, plain)]
        pieces += [blank] * (height - len(pieces))
        return [Strip([*bar, *piece], len(span)) for piece in pieces[:height]]

    def _style(self, look: str) -> Style:
        """One of ``_LOOKS`` on the widget's own style, or that alone; kept, for a week asks a thousand times."""
        style = self._styles.get(look)
        if style is None:
            style = self.rich_style
            if look:
                style += self.get_component_rich_style(f"week-view--{look}", partial=True)
            self._styles[look] = style
        return style

    def _lay_out(self, day: int, width: int, height: int) -> list[_Line]:
        blocks, place = self._days[day].blocks, self._places[day]
        if not blocks:
            return [_Line("–", "dimmed", at_cursor=day == self._day)]
        lines, shown = self._from(day, 0, width, height, gap=True)
        if shown == len(blocks):
            return lines
        top = self._tops[day] = self._top_for(blocks, place, min(self._tops[day], place), width, height)
        return self._from(day, top, width, height, gap=False)[0]

    @staticmethod
    def _top_for(blocks: Sequence[Block], place: int, top: int, width: int, height: int) -> int:
        """The first thing from ``top`` on from which a column shows the one at ``place``, too."""
        room = height - (place + 1 < len(blocks))
        first = place
        while first >= top:
            room -= 1 + len(_wrapped(blocks[first].title, width))
            if room < (first > 0) and first < place:
                return first + 1
            first -= 1
        return top

    def _from(self, day: int, top: int, width: int, height: int, *, gap: bool) -> tuple[list[_Line], int]:
        """The lines of a column from a thing on, and the number of the first thing that has no room."""
        looks = glyphs.current()
        blocks = self._days[day].blocks
        lines = [_Line(f"{looks.rising} {top}", "dimmed")] if top else []
        for index in range(top, len(blocks)):
            at_cursor = (day, index) == (self._day, self._places[day])
            block = _block_lines(blocks[index], width, at_cursor)
            if gap and index > top:
                lines.append(_Line(""))
            more = index + 1 < len(blocks)
            if len(lines) + len(block) + more > height and index > top:
                return [*lines, _Line(f"{looks.falling} {len(blocks) - index}", "dimmed")], index
            lines += block
        return lines, len(blocks)


def _block_lines(block: Block, width: int, at_cursor: bool) -> list[_Line]:
    look = "dimmed" if block.dimmed else ""
    sign = f" {glyphs.current().urgent}" if block.urgent else ""
    head = _Line(block.time + sign, look or ("urgent" if block.urgent else "time"), at_cursor)
    return [head, *(_Line(text, look, at_cursor) for text in _wrapped(block.title, width))]


def _wrapped(text: str, width: int) -> list[str]:
    """The text in at most ``TITLE_LINES`` lines, broken between words; the last is cut where it is drawn."""
    lines: list[str] = []
    for word in text.split():
        if lines and (len(lines) == TITLE_LINES or cell_len(lines[-1]) + 1 + cell_len(word) <= width):
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
