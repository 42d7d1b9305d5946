"""A letter as lines to read: wrapped to the width, drawn by the line API, long ones only as far as they are read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from crm_tui.i18n import _
from crm_tui.widgets.wrapping import wrap

LOOKS = ("title", "label", "own", "quote", "notice")
MOST_CHARACTERS = 256 * 1024
MOST_LINES = 5000
WIDEST = 100
"""Cells of a line of text: longer ones tire the eye."""
EDGES = 2
"""Cells beside the text: the padding and the scrollbar."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the letter before it is wrapped; ``look`` is one of ``LOOKS``. Fit to show."""

    text: str
    look: str = "own"


class LetterView(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows paragraphs. It binds no keys: the commands of lists scroll it."""

    SCOPES = ("list",)
    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"letter-view--{look}" for look in LOOKS}
    DEFAULT_CSS = """
    LetterView {
        height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; padding: 0 0 0 1;
        & > .letter-view--title { text-style: bold; }
        & > .letter-view--label { color: $foreground; }
        & > .letter-view--own { color: $foreground; }
        & > .letter-view--quote { text-style: dim; }
        & > .letter-view--notice { text-style: italic; }
    }
    """

    class Moved(Message):
        """The reader scrolled; ``at_end`` when the last line is in view."""

        def __init__(self, *, at_end: bool) -> None:
            super().__init__()
            self.at_end = at_end

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._paragraphs: Sequence[Paragraph] = ()
        self._lines: list[tuple[str, str]] = []
        self._width = 0
        self._screens_shown = 1
        self._looks: dict[str, Style] | None = None

    # What it shows

    def show(self, paragraphs: Sequence[Paragraph], *, keep_place: bool = False) -> None:
        """Show these, from the top unless ``keep_place``."""
        self._paragraphs = paragraphs
        if not keep_place:
            self._screens_shown = 1
        self._lay_out()
        if not keep_place:
            self.scroll_to(y=0, animate=False, force=True, immediate=True)
        self.refresh()

    @property
    def lines(self) -> list[str]:
        """The lines as wrapped, as far as they are laid out."""
        return [text for text, _look in self._lines]

    @property
    def is_cut(self) -> bool:
        """Whether there is more than is laid out."""
        return self._cut

    def more(self) -> None:
        """Lay out as much again."""
        if self._cut:
            self._screens_shown += 1
            self._lay_out()
            self.refresh()

    _cut = False

    def _lay_out(self) -> None:
        self._width = self._fitting()
        most_characters, most_lines = MOST_CHARACTERS * self._screens_shown, MOST_LINES * self._screens_shown
        lines: list[tuple[str, str]] = []
        characters = 0
        self._cut = False
        for paragraph in self._paragraphs:
            text = paragraph.text
            if characters + len(text) > most_characters:
                text, self._cut = text[: most_characters - characters], True
            characters += len(text) + 1
            lines += [(piece, paragraph.look) for piece in wrap(text, self._width)]
            if len(lines) > most_lines:
                del lines[most_lines:]
                self._cut = True
            if self._cut:
                lines += [("", "own"), (_("The letter is longer: Enter shows more of it."), "notice")]
                break
        self._lines = lines
        self.virtual_size = Size(0, len(lines))

    def _fitting(self) -> int:
        """Cells of a line. Before it is placed: those it has in the whole window, mostly right, and soon mended."""
        width = self.scrollable_content_region.width if self.size else self.app.size.width - EDGES
        return max(1, min(width, WIDEST))

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One line of what is shown."""
        width = self.scrollable_content_region.width
        looks = self._current_looks()
        number = self.scroll_offset.y + y
        if number >= len(self._lines):
            return Strip.blank(width, looks["own"])
        text, look = self._lines[number]
        return Strip([Segment(text, looks[look])]).adjust_cell_length(width, looks["own"])

    def _current_looks(self) -> dict[str, Style]:
        if self._looks is None:
            self._looks = {look: self.get_component_rich_style(f"letter-view--{look}") for look in LOOKS}
        return self._looks

    def notify_style_update(self) -> None:
        """The theme changed, or the focus."""
        super().notify_style_update()
        self._looks = None

    def on_resize(self) -> None:
        """Wrap anew where the width changed."""
        if self._fitting() != self._width:
            self._lay_out()
            self.refresh()

    # Moving

    def _scroll(self, by: int) -> None:
        self.scroll_to(y=self.scroll_offset.y + by, animate=False, force=True, immediate=True)
        self.post_message(self.Moved(at_end=self.scroll_offset.y >= self.max_scroll_y))

    @property
    def _page(self) -> int:
        return max(1, self.scrollable_content_region.height - 1)

    def command_list_down(self, argument: str = "") -> None:
        self._scroll(1)

    def command_list_up(self, argument: str = "") -> None:
        self._scroll(-1)

    def command_list_page_down(self, argument: str = "") -> None:
        self._scroll(self._page)

    def command_list_page_up(self, argument: str = "") -> None:
        self._scroll(-self._page)

    def command_list_first(self, argument: str = "") -> None:
        self._scroll(-len(self._lines))

    def command_list_last(self, argument: str = "") -> None:
        self._scroll(len(self._lines))

    def command_list_open(self, argument: str = "") -> None:
        self.more()


def paragraphs(text: str, look: str = "own") -> Iterator[Paragraph]:
    """A text of several lines as paragraphs."""
    return (Paragraph(line.replace("\t", "    "), look) for line in text.split("\n"))
