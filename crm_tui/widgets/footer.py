"""The bottom line: the most useful keys of the place, or the message of the last act."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

GAP = "  "


class Footer(Widget):
    """One line. A message stays until the next key; keys that do not fit whole are left out."""

    DEFAULT_CSS = "Footer { height: 1; dock: bottom; background: $panel; color: $foreground; }"

    keys: reactive[tuple[tuple[str, str], ...]] = reactive(())
    message: reactive[str] = reactive("")
    count: reactive[str] = reactive("")
    """What is said at the right end: rows and marks."""

    def render(self) -> Content:
        width = self.size.width
        right = Content(self.count)
        room = width - right.cell_length - (len(GAP) if right else 0)
        left = (
            Content(self.message).truncate(max(0, room), ellipsis=True) if self.message else self._keys(room)
        )
        space = max(0, width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * space, right)

    def _keys(self, room: int) -> Content:
        shown = Content("")
        for key, title in self.keys:
            item = Content.assemble((key, "bold"), f" {title}")
            longer = Content.assemble(shown, GAP, item) if shown else item
            if longer.cell_length > room:
                continue
            shown = longer
        return shown
