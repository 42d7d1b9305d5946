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
        """As many keys as fit whole; the last one (help) has its room kept."""
        if not self.keys:
            return Content("")
        *others, last = (Content.assemble((key, "bold"), f" {title}") for key, title in self.keys)
        shown: list[Content] = []
        left = room - last.cell_length
        for item in others:
            if item.cell_length + len(GAP) <= left:
                shown.append(item)
                left -= item.cell_length + len(GAP)
        if left >= 0:
            shown.append(last)
        return Content(GAP).join(shown)
