"""The drawn half of the record list: lines, cursor, scrolling and mouse over a window of rows."""

from typing import ClassVar

from rich.style import Style
from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip

from crm_tui.widgets import glyphs
from crm_tui.widgets.column_layout import lay_out
from crm_tui.widgets.first_layout import FirstLayout
from crm_tui.widgets.list_marks import Marks
from crm_tui.widgets.row_drawing import GUTTER, Looks, draw_header, draw_row
from crm_tui.widgets.row_source import ROW_LOOKS, Order, RowSource
from crm_tui.widgets.row_window import RowWindow

WHEEL_ROWS = 3
RIGHT = 3
"""The button of a mouse that asks for a menu."""
SIGN_CELLS = {1: "mark", 2: "unread", 3: "important"}
"""Cells before a row that can be pressed, and what they show; the cursor stands in the first."""
_LOOKS = ("header", "cursor", "cursor-row", "unread", "urgent", "dimmed", "heading")
_HEADER = -1
"""Place of the header among the lines that are drawn already."""
_ROWS = {look: f"row-{look}" for look in ROW_LOOKS}


class LineList(FirstLayout, can_focus=True, inherit_bindings=False):
    """Draws rows by the line API: a cursor that moves within the page draws two lines anew."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"record-list--{look}" for look in (*_LOOKS, *_ROWS.values())}
    DEFAULT_CSS = """
    LineList {
        height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1;
        & > .record-list--header { text-style: bold underline; }
        & > .record-list--cursor { text-style: bold; }
        & > .record-list--cursor-row { text-style: reverse; }
        & > .record-list--unread { text-style: bold; }
        & > .record-list--urgent { text-style: bold; color: $text-error; }
        & > .record-list--dimmed { text-style: dim; }
        & > .record-list--heading { text-style: bold; }
        & > .record-list--row-bold { text-style: bold; }
        & > .record-list--row-accent { color: $text-accent; }
        & > .record-list--row-warning { color: $text-warning; }
        & > .record-list--row-muted { text-style: dim; }
    }
    """
    full_row_cursor: reactive[bool] = reactive(False)
    """Draw the cursor as a full reversed row: for one colour and for screen readers."""
    scroll_jump = 1
    """Rows to scroll when the cursor leaves the page: more where a pane stands beside the list, so that the terminal
    cannot scroll by itself and each step would be sent as a page."""

    def __init__(
        self, source: RowSource, order: Order, *, header: bool, id: str | None, classes: str | None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._window = RowWindow(source)
        self._order = order
        self._head = 1 if header else 0
        self._position = 0
        self._expected = 0
        """Rows there are, as far as that is known before they are read: the scrollbar stays as it is."""
        self._marks = Marks()
        self._marked: frozenset[int] = frozenset()
        self._looks: Looks | None = None
        self._strips: dict[int, Strip] = {}

    # What the other half decides

    def _notice(self) -> Content | None:
        """What is shown in place of rows."""
        raise NotImplementedError

    def _moved(self) -> None:
        """The cursor stands elsewhere."""
        raise NotImplementedError

    def _fail(self, error: Exception) -> None:
        """The rows could not be read."""
        raise NotImplementedError

    def _activated(self) -> None:
        """The row under the cursor was asked for by the mouse."""
        raise NotImplementedError

    def _title_pressed(self, column: str) -> None:
        """The title of a sortable column was pressed."""
        raise NotImplementedError

    def _sign_pressed(self, sign: str) -> None:
        """A cell before the row under the cursor was pressed: one of ``SIGN_CELLS``."""
        raise NotImplementedError

    def _menu_asked(self) -> None:
        """The right button was pressed on the row under the cursor."""
        raise NotImplementedError

    # The cursor

    @property
    def _page(self) -> int:
        return max(1, self.scrollable_content_region.height - self._head)

    def _step(self, by: int) -> None:
        if len(self._window):
            self._go(self._window.step(self._position, by))

    def _go(self, position: int) -> None:
        before, self._position = self._position, position
        scrolled = self._follow_cursor()
        if before == position:
            return
        if self._marks.in_range:
            self._marks_changed()
        else:
            for changed in (before, position):
                self._strips.pop(changed, None)
                if not scrolled:
                    self._refresh_row(changed)
        self._moved()

    def _follow_cursor(self) -> bool:
        """Scroll as little as shows the cursor, and a heading above the first row; True if rows moved."""
        self.unplaced = not self.size
        if self.unplaced:  # the first layout comes back here
            return False
        top = self.scroll_offset.y
        wanted = min(max(top, self._position - self._page + 1), self._position)
        if wanted == 1 and self._position < self._page and self._window.is_heading(0):
            wanted = 0
        if 0 < abs(wanted - top) < self.scroll_jump:
            wanted = self._jumped(top, down=wanted > top)
        if wanted != top:
            self.scroll_to(y=wanted, animate=False, force=True, immediate=True)
        return wanted != top

    def show_below(self, rows: int) -> None:
        """Scroll as little as shows so many rows below the cursor, which stays in sight itself."""
        top = self.scroll_offset.y
        last = min(self._position + rows, len(self._window) - 1)
        wanted = min(max(top, last - self._page + 1), self._position)
        if wanted != top:
            self.scroll_to(y=wanted, animate=False, force=True, immediate=True)

    def _jumped(self, top: int, *, down: bool) -> int:
        """The first row shown after a jump; the cursor stays on the page."""
        if down:
            return min(top + self.scroll_jump, self._position, max(0, len(self._window) - self._page))
        return max(top - self.scroll_jump, self._position - self._page + 1, 0)

    def _place(self, position: int, *, drawn: bool = False) -> None:
        """Put the cursor where a new vector has it, and draw everything, unless it is drawn as it is."""
        rows, before = len(self._window), self._position
        self._take_length(max(rows, self._expected) + self._head)
        self._position = self._window.step(position, 0) if rows else 0
        self._follow_cursor()
        if not drawn or self._position != before:
            self._marks_changed()

    # Drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region; without border and padding they need no second cache and no styling."""
        if self.styles.gutter != (0, 0, 0, 0) or self.opacity < 1:
            return super().render_lines(crop)
        looks, top = self._current_looks(), self.scroll_offset.y
        strips = [self._line(y, looks, top) for y in crop.line_range]
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """One line of what is shown, from the top of the widget."""
        return self._line(y, self._current_looks(), self.scroll_offset.y)

    def _line(self, y: int, looks: Looks, top: int) -> Strip:
        if y < self._head:
            if _HEADER not in self._strips:
                self._strips[_HEADER] = draw_header(looks, self._order, self._window.source.columns)
            return self._strips[_HEADER]
        line = y - self._head
        position = top + line
        if position < len(self._window):
            return self._row_strip(position, looks)
        notice = self._notice() if line and not len(self._window) else None
        pieces = notice.wrap(max(1, looks.width - GUTTER)) if notice is not None else []
        if not 0 < line <= len(pieces):
            return Strip.blank(looks.width, looks.plain)
        text = Content(" " * GUTTER).append(pieces[line - 1].rstrip())
        return Strip(text.render_segments(looks.base)).adjust_cell_length(looks.width, looks.plain)

    def _row_strip(self, position: int, looks: Looks) -> Strip:
        strip = self._strips.get(position)
        if strip is None:
            if len(self._strips) > 1024:
                self._strips.clear()
            try:
                row = self._window.row(position)
            except Exception as error:
                self.call_later(self._fail, error)
                return Strip.blank(looks.width, looks.plain)
            strip = self._strips[position] = draw_row(
                row, looks, at_cursor=position == self._position, marked=row.id in self._marked
            )
        return strip

    def _current_looks(self) -> Looks:
        width = self.scrollable_content_region.width
        if self._looks is None or self._looks.width != width:
            self._strips.clear()
            styles = {look.replace("-", "_"): self._style_of(look) for look in _LOOKS}
            self._looks = Looks(
                width=width,
                placed=lay_out(self._window.source.columns, width - GUTTER),
                glyphs=glyphs.current(),
                base=self.visual_style,
                plain=self.rich_style,
                full_row=self.full_row_cursor,
                rows={look: self._style_of(name) for look, name in _ROWS.items()},
                **styles,
            )
        return self._looks

    def _style_of(self, look: str) -> Style:
        return self.get_component_rich_style(f"record-list--{look}", partial=True)

    def _shown(self) -> range:
        """The positions on the screen."""
        top = self.scroll_offset.y
        return range(top, min(top + self._page, len(self._window)))

    def cursor_place(self) -> tuple[int, int, int, int] | None:
        """Where its sign can go without scrolling: column and first row of the screen, how many rows, and the present
        one of them. None where it cannot, or is no sign."""
        shown = self._shown()
        between = [place for place in shown if self._window.is_heading(place)]
        first = max((place + 1 for place in between if place < self._position), default=shown.start)
        end = min((place for place in between if place > self._position), default=shown.stop)
        if self.full_row_cursor or self._position not in shown or end - first < 2:
            return None
        corner = self.content_region.offset
        top = corner.y + self._head + first - shown.start
        return corner.x, top, end - first, self._position - first

    def _refresh_row(self, position: int) -> None:
        self._strips.pop(position, None)
        line = position - self.scroll_offset.y
        if 0 <= line < self._page:
            self.refresh(Region(0, line + self._head, self.size.width, 1))

    def _redraw(self) -> None:
        self._strips.clear()
        self.refresh()

    def _marks_changed(self) -> None:
        self._marked = self._marks.effective(self._window.ids, self._position)
        self._redraw()

    def notify_style_update(self) -> None:
        """The theme changed, or the focus."""
        super().notify_style_update()
        self._looks = None

    def watch_full_row_cursor(self) -> None:
        """Draw the other cursor."""
        self._looks = None

    def on_resize(self) -> None:
        """Keep the cursor on the screen."""
        self._follow_cursor()

    # Mouse

    def on_click(self, event: events.Click) -> None:
        """Go to the row, open it on a double click, sort by a title, press a sign, ask for the menu."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        if offset.y < self._head:
            for placed in self._current_looks().placed:
                if 0 <= offset.x - GUTTER - placed.x < placed.width and placed.column.sortable:
                    self._title_pressed(placed.column.id)
            return
        position = self.scroll_offset.y + offset.y - self._head
        if position < len(self._window) and not self._window.is_heading(position):
            self._go(position)
            if event.button == RIGHT:
                self._menu_asked()
            elif offset.x in SIGN_CELLS:
                self._sign_pressed(SIGN_CELLS[offset.x])
            elif event.chain == 2:
                self._activated()

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, WHEEL_ROWS)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -WHEEL_ROWS)

    def _wheel(self, event: events.MouseEvent, rows: int) -> None:
        """Scroll, and take the cursor along when it would leave the screen."""
        event.stop()
        event.prevent_default()
        self.scroll_to(y=self.scroll_offset.y + rows, animate=False, force=True, immediate=True)
        top = self.scroll_offset.y
        inside = min(max(self._position, top), top + self._page - 1)
        if inside != self._position and len(self._window):
            self._go(self._window.step(inside, 0))
