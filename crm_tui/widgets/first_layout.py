"""A list that is filled before it is laid out: its first frame shows it as it stays, and is the only one."""

from textual.geometry import Size
from textual.scroll_view import ScrollView


class FirstLayout(ScrollView):
    """The half of a list that waits for its place on the screen."""

    unplaced = False
    """The cursor went somewhere before there was anything to scroll in."""

    def _follow_cursor(self) -> bool:
        """Scroll as little as shows the cursor; True if rows moved."""
        raise NotImplementedError

    def _take_length(self, lines: int) -> None:
        """So many lines are to be scrolled through. Textual tells the scrollbar within the frame of the lines, and
        lays a list out twice that proves to need one: both would be drawn a frame later, at first nothing."""
        self.virtual_size = Size(0, lines)
        if not self.size and lines > self.app.size.height:
            self.show_vertical_scrollbar = True
        self.vertical_scrollbar.window_virtual_size = lines

    def _size_updated(
        self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        """The place is known, and not drawn yet: ``on_resize`` comes after its frame."""
        changed = super()._size_updated(size, virtual_size, container_size, layout)
        if self.unplaced:
            self._follow_cursor()
        return changed
