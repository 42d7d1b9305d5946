"""The folders of the mailboxes as a tree that can be folded, drawn by the line API."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from crm_tui.domain.text import shorten
from crm_tui.i18n import _
from crm_tui.widgets import glyphs

_THOUSAND = 10_000
"""From here on numbers are told in thousands, so that they fit."""
_LOOKS = ("cursor", "account", "unread", "dimmed")


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One line of the tree: an account, a folder, or a level of names that is no folder itself.

    ``key`` stays the same from one reading to the next; rows of a deeper ``depth`` that follow hang below.
    """

    key: str
    title: str
    depth: int = 0
    folder_id: int | None = None
    total: int = 0
    unread: int = 0
    note: str = ""
    """What is said instead of counts."""


class FolderTree(ScrollView, can_focus=True, inherit_bindings=False):
    """Binds no keys: the commands of lists move its cursor, Enter opens a folder or folds a branch."""

    SCOPES = ("list",)
    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"folder-tree--{look}" for look in _LOOKS}
    DEFAULT_CSS = """
    FolderTree {
        overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1;
        & > .folder-tree--cursor { text-style: reverse; }
        & > .folder-tree--account { text-style: bold; }
        & > .folder-tree--unread { text-style: bold; }
        & > .folder-tree--dimmed { text-style: dim; }
    }
    """

    class Event(Message):
        """What the tree tells its screen of a row."""

        def __init__(self, row: TreeRow) -> None:
            super().__init__()
            self.row = row

    class Highlighted(Event):
        """The cursor stands on another row."""

    class Opened(Event):
        """The folder under the cursor, or a row that is none and has nothing below it, is to be opened."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._all: Sequence[TreeRow] = ()
        self._rows: list[TreeRow] = []
        self._parents: set[str] = set()
        self.folded: set[str] = set()
        """Keys of the rows whose branches are not shown."""
        self._position = 0
        self._looks: dict[str, Style] | None = None

    # What it shows

    def set_rows(self, rows: Sequence[TreeRow]) -> None:
        """Show these rows; the cursor stays on its row when that is still there."""
        if tuple(rows) == tuple(self._all):
            return
        self._all = tuple(rows)
        self._parents = {row.key for row, below in pairwise(rows) if below.depth > row.depth}
        self._unfold()

    @property
    def current(self) -> TreeRow | None:
        """The row under the cursor."""
        return self._rows[self._position] if self._position < len(self._rows) else None

    def folder(self, folder_id: int) -> TreeRow | None:
        """The row of a folder, shown or folded away."""
        return next((row for row in self._all if row.folder_id == folder_id), None)

    def go_to(self, folder_id: int) -> bool:
        """Put the cursor on a folder; branches above it are unfolded. False when it is not there."""
        row = self.folder(folder_id)
        if row is None:
            return False
        self.folded -= set(self._above(row))
        self._unfold()
        self._go(next(place for place, shown in enumerate(self._rows) if shown.key == row.key))
        return True

    def _above(self, row: TreeRow) -> Iterable[str]:
        depth = row.depth
        for earlier in reversed(self._all[: self._all.index(row)]):
            if earlier.depth < depth:
                depth = earlier.depth
                yield earlier.key

    def _unfold(self) -> None:
        here = self.current
        shown: list[TreeRow] = []
        hidden_below: int | None = None
        for row in self._all:
            if hidden_below is not None and row.depth > hidden_below:
                continue
            hidden_below = row.depth if row.key in self.folded else None
            shown.append(row)
        self._rows = shown
        self.virtual_size = Size(0, len(shown))
        keys = [row.key for row in shown]
        if here is not None and here.key in keys:
            self._position = keys.index(here.key)
        self._position = max(0, min(self._position, len(shown) - 1))
        self.refresh()

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One line of the tree."""
        width = self.scrollable_content_region.width
        plain = self.rich_style
        number = self.scroll_offset.y + y
        if number >= len(self._rows):
            return Strip.blank(width, plain)
        row = self._rows[number]
        looks = self._current_looks()
        style = plain
        if row.folder_id is None:
            style += looks["account"] if row.depth == 0 else looks["dimmed"]
        elif row.unread:
            style += looks["unread"]
        at_cursor = number == self._position
        if at_cursor and self.has_focus:
            style += looks["cursor"]
        text = (glyphs.current().cursor if at_cursor else " ") + self._line(row, width - 2)
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

    def _line(self, row: TreeRow, width: int) -> str:
        signs = glyphs.current()
        sign = (signs.closed if row.key in self.folded else signs.opened) if row.key in self._parents else " "
        counts = row.note or _counts(row)
        head = " " * max(0, row.depth - 1) + (
            f"{sign} " if row.depth == 0 or row.key in self._parents else "  "
        )
        title = shorten(row.title, max(1, width - len(head) - len(counts) - 1))
        gap = width - len(head) - cell_len(title) - len(counts)
        return head + title + " " * max(1, gap) + counts

    def _current_looks(self) -> dict[str, Style]:
        if self._looks is None:
            self._looks = {
                look: self.get_component_rich_style(f"folder-tree--{look}", partial=True) for look in _LOOKS
            }
        return self._looks

    def notify_style_update(self) -> None:
        """The theme changed, or the focus."""
        super().notify_style_update()
        self._looks = None

    # Moving

    def _go(self, position: int) -> None:
        position = max(0, min(position, len(self._rows) - 1))
        if position == self._position or not self._rows:
            return
        self._position = position
        height = max(1, self.scrollable_content_region.height)
        top = min(max(self.scroll_offset.y, position - height + 1), position)
        self.scroll_to(y=top, animate=False, force=True, immediate=True)
        self.refresh()
        self.post_message(self.Highlighted(self._rows[position]))

    def fold(self, row: TreeRow, *, folded: bool) -> None:
        """Hide or show what hangs below a row."""
        if row.key in self._parents and folded != (row.key in self.folded):
            self.folded ^= {row.key}
            self._unfold()

    def command_list_down(self, argument: str = "") -> None:
        self._go(self._position + 1)

    def command_list_up(self, argument: str = "") -> None:
        self._go(self._position - 1)

    def command_list_page_down(self, argument: str = "") -> None:
        self._go(self._position + self.scrollable_content_region.height)

    def command_list_page_up(self, argument: str = "") -> None:
        self._go(self._position - self.scrollable_content_region.height)

    def command_list_first(self, argument: str = "") -> None:
        self._go(0)

    def command_list_last(self, argument: str = "") -> None:
        self._go(len(self._rows) - 1)

    def command_list_open(self, argument: str = "") -> None:
        if self.current is None:
            return
        if self.current.folder_id is None and self.current.key in self._parents:
            self.fold(self.current, folded=self.current.key not in self.folded)
        else:
            self.post_message(self.Opened(self.current))

    def command_mail_fold(self, argument: str = "") -> None:
        if self.current is not None:
            self.fold(self.current, folded=self.current.key not in self.folded)

    def can_mail_fold(self) -> bool | str:
        if self.current is not None and self.current.key in self._parents:
            return True
        return _("Nothing hangs below this.")

    def on_click(self, event: events.Click) -> None:
        """Go to the row; a double click opens it."""
        offset = event.get_content_offset(self)
        if offset is not None and self.scroll_offset.y + offset.y < len(self._rows):
            self._go(self.scroll_offset.y + offset.y)
            if event.chain == 2:
                self.command_list_open()


def _counts(row: TreeRow) -> str:
    if row.folder_id is None:
        return ""
    return (
        f"{_short(row.unread)}/{_short(row.total)}" if row.unread else _short(row.total) if row.total else ""
    )


def _short(number: int) -> str:
    return str(number) if number < _THOUSAND else f"{number // 1000}k"
