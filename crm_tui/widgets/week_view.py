"""A week as seven columns, each a stack of things in order of time. One cursor: a day, and a thing on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
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


@dataclass(frozen=True, slots=True)
class DayColumn:
    """A day: its title, and what stands on it in order."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class _Line:
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
        self._days: tuple[DayColumn, ...] = (DayColumn("", ()),) * 7
        self._day = 0
        self._places = [0] * 7
        self._tops = [0] * 7
        self._columns: dict[int, list[_Line]] = {}
        self._styles: dict[str, Style] = {}

    # What it shows

    @property
    def day(self) -> int:
        """The day of the cursor, counted from 0."""
        return self._day

    @property
    def key(self) -> int | None:
        """The thing under the cursor."""
        blocks = self._days[self._day].blocks
        return blocks[self._places[self._day]].key if blocks else None

    def show(self, days: Sequence[DayColumn], day: int, key: int | None = None) -> None:
        """Show seven days, the cursor on a day and, where it is there, on a thing."""
        self._days = tuple(days)
        self._day = day
        self._places, self._tops = [0] * 7, [0] * 7
        keys = [block.key for block in self._days[day].blocks]
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
        for changed in {before, day}:
            self._columns.pop(changed, None)
        self.refresh()
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

    def render_line(self, y: int) -> Strip:
        """One line: the seven columns with a bar between."""
        looks = glyphs.current()
        plain = self._style("")
        segments: list[Segment] = []
        whole, height = self.size
        for day in range(7):
            if day:
                segments.append(Segment(looks.separator, plain))
            width = (whole - 6) // 7 + (day < (whole - 6) % 7)
            segments += self._cell(day, y, width, height, plain)
        return Strip(segments).adjust_cell_length(whole, plain)

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

    def _cell(self, day: int, y: int, width: int, height: int, plain: Style) -> list[Segment]:
        looks = glyphs.current()
        if y == 0:
            style = self._style("cursor" if day == self._day else "head")
            return [Segment(fit(f" {self._days[day].title}", width, "left", looks), style)]
        if y == 1:
            return [Segment(looks.rule * width, plain)]
        lines = self._columns.get(day)
        if lines is None:
            lines = self._columns[day] = self._lay_out(day, width - 1, height - HEAD)
        line = lines[y - HEAD] if y - HEAD < len(lines) else _Line("")
        style = self._style(line.look)
        sign = looks.cursor if line.at_cursor else " "
        return [Segment(sign, plain), Segment(fit(line.text, width - 1, "left", looks), style)]

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
