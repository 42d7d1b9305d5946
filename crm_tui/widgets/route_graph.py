"""The drawing of a route with a cursor on it, by the line API: to be read, and to be edited by whoever has it."""

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from crm_tui.widgets import glyphs
from crm_tui.widgets.route_block import Drawing, Item, Key

MARGIN = 1
"""Columns before the drawing: the sign of the cursor stands there."""
NOTHING = Drawing((), {}, 0)


class RouteGraph(ScrollView, can_focus=True, inherit_bindings=False):
    """It binds no keys: the commands ``route.left``, ``route.right`` and ``list.*`` call it."""

    SCOPES = ("route", "list")
    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"route-graph--cursor", "route-graph--point"}
    DEFAULT_CSS = """
    RouteGraph {
        height: 1fr; overflow: auto auto; scrollbar-size: 1 1;
        & > .route-graph--cursor { text-style: bold reverse; }
        & > .route-graph--point { text-style: bold; }
    }
    """

    class Highlighted(Message):
        """The cursor stands on another item; None where there is none."""

        def __init__(self, key: Key | None) -> None:
            super().__init__()
            self.key = key

    class Opened(Message):
        """The item under the cursor is to be opened."""

        def __init__(self, key: Key) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawing = NOTHING
        self._key: Key | None = None

    @property
    def current(self) -> Key | None:
        """The point, or the way on from one, under the cursor."""
        return self._key

    def show(self, drawing: Drawing, key: Key | None = None) -> None:
        """Show a drawing; the cursor goes to ``key``, stays on its item, or as near to it as can be."""
        before = self._drawing.items.get(self._key) if self._key else None
        self._drawing = drawing
        self.virtual_size = Size(drawing.width + MARGIN + 1, len(drawing.lines))
        if key not in drawing.items:
            key = self._key if self._key in drawing.items else _nearest(drawing, before)
        self._go(key)
        self.refresh()

    def go_to(self, key: Key) -> bool:
        """Put the cursor on an item; False when it is not drawn."""
        if key in self._drawing.items:
            self._go(key)
        return key in self._drawing.items

    def _go(self, key: Key | None) -> None:
        before, top = self._key, self.scroll_offset
        self._key = key
        if key is not None:
            self._follow(self._drawing.items[key])
        if self.scroll_offset != top:
            self.refresh()
        else:  # two lines, so that a move costs little over a slow line
            for moved in (before, key):
                item = self._drawing.items.get(moved) if moved else None
                if item is not None:
                    self.refresh(Region(0, item.y - top.y, self.size.width, 1))
        self.post_message(self.Highlighted(key))

    def _follow(self, item: Item) -> None:
        """Scroll as little as shows the item with a line around it; its beginning where it is too wide."""
        if not self.size:
            return
        width = min(item.width + MARGIN, self.scrollable_content_region.width)
        above = min(item.y, 1)
        self.scroll_to_region(
            Region(item.x, item.y - above, width, 2 + above), animate=False, force=True, immediate=True
        )

    def _step(self, direction: str) -> None:
        if self._key is None:
            return
        found = self._drawing.neighbour(self._key, direction)
        if found in self._drawing.items and found != self._key:
            self._go(found)

    # Commands

    def command_list_down(self, argument: str = "") -> None:
        self._step("down")

    def command_list_up(self, argument: str = "") -> None:
        self._step("up")

    def command_route_left(self, argument: str = "") -> None:
        self._step("left")

    def command_route_right(self, argument: str = "") -> None:
        self._step("right")

    def command_list_page_down(self, argument: str = "") -> None:
        self._page(self.scrollable_content_region.height)

    def command_list_page_up(self, argument: str = "") -> None:
        self._page(-self.scrollable_content_region.height)

    def command_list_first(self, argument: str = "") -> None:
        self._page(-len(self._drawing.lines))

    def command_list_last(self, argument: str = "") -> None:
        self._page(len(self._drawing.lines))

    def command_list_open(self, argument: str = "") -> None:
        if self._key is not None:
            self.post_message(self.Opened(self._key))

    def _page(self, lines: int) -> None:
        """To the item nearest to so many lines further in the drawing."""
        if self._key is None:
            return
        here = self._drawing.items[self._key]
        wanted = max(0, min(len(self._drawing.lines) - 1, here.y + lines))
        found = min(self._drawing.items.values(), key=lambda one: (abs(one.y - wanted), abs(one.x - here.x)))
        self._go(found.key)

    def on_resize(self) -> None:
        """Keep the cursor on the screen."""
        if self._key is not None:
            self._follow(self._drawing.items[self._key])

    def on_click(self, event: events.Click) -> None:
        """Go to what is pressed; a double click opens it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        x, y = offset.x + self.scroll_offset.x - MARGIN, offset.y + self.scroll_offset.y
        for item in self._drawing.items.values():
            if item.y == y and item.x <= x < item.x + item.width:
                self._go(item.key)
                if event.chain == 2:
                    self.command_list_open()

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One line of what is shown, from the top of the widget."""
        width, left = self.scrollable_content_region.width, self.scroll_offset.x
        row, plain = y + self.scroll_offset.y, self.rich_style
        if row >= len(self._drawing.lines):
            return Strip.blank(width, plain)
        here = self._drawing.items.get(self._key) if self._key else None
        strip = Strip([Segment(" " * MARGIN + self._drawing.lines[row], plain)])
        for item in self._drawing.items.values():
            if item.y == row and item.key[0] == "point" and item is not here:
                strip = _restyled(strip, item, self._look("point"))
        if here is not None and here.y == row:
            strip = _restyled(strip, here, self._look("cursor"))
            before, behind = strip.crop(0, here.x), strip.crop(here.x + 1)
            strip = Strip.join([before, Strip([Segment(glyphs.current().cursor, plain)]), behind])
        return strip.crop(left, left + width).adjust_cell_length(width, plain)

    def _look(self, name: str) -> Style:
        return self.get_component_rich_style(f"route-graph--{name}", partial=True)


def _restyled(strip: Strip, item: Item, style: Style) -> Strip:
    left = item.x + MARGIN
    before, own, behind = (
        strip.crop(0, left),
        strip.crop(left, left + item.width),
        strip.crop(left + item.width),
    )
    return Strip.join([before, own.apply_style(style), behind])


def _nearest(drawing: Drawing, before: Item | None) -> Key | None:
    items = drawing.items.values()
    if before is None:
        return next((item.key for item in items), None)
    found = min(items, key=lambda one: (abs(one.y - before.y), abs(one.x - before.x)), default=None)
    return found.key if found else None
