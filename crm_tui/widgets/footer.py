"""The bottom line: the most useful keys of the place, or the message of the last act."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from crm_tui.widgets.wrapping import wrap

GAP = "  "
MOST_LINES = 2
LONG_MESSAGE = "-long-message"
"""Class of a screen whose footer takes more than a line: what stands over the footer moves up."""


class Footer(Widget):
    """One line; keys that do not fit whole are left out. A message stays until the next key, and has the lines that
    it needs, up to two: its end says what to do."""

    DEFAULT_CSS = "Footer { height: 1; dock: bottom; background: $panel; color: $foreground; }"

    keys: reactive[tuple[tuple[str, str], ...]] = reactive(())
    message: reactive[str] = reactive("")
    count: reactive[str] = reactive("")
    """What is said at the right end: rows and marks."""

    def watch_message(self) -> None:
        self._make_room()

    def on_resize(self) -> None:
        self._make_room()

    def _make_room(self) -> None:
        lines = len(self._said())
        if self.styles.height is None or self.styles.height.value != lines:
            self.styles.height = lines
            self.screen.set_class(lines > 1, LONG_MESSAGE)

    def _said(self) -> list[str]:
        """The lines of the message; one, perhaps empty, at the least."""
        lines = wrap(self.message, self.size.width)
        return lines if len(lines) <= MOST_LINES else [lines[0], " ".join(lines[1:])]

    def render(self) -> Content:
        width = self.size.width
        right = Content(self.count)
        if self.message:
            *above, last = (Content(line) for line in self._said())
            if above or last.cell_length + len(GAP) + right.cell_length > width:
                right = Content("")
            return Content("\n").join([*above, self._filled(last.truncate(width, ellipsis=True), right)])
        return self._filled(self._keys(width - right.cell_length - (len(GAP) if right else 0)), right)

    def _filled(self, left: Content, right: Content) -> Content:
        space = max(0, self.size.width - left.cell_length - right.cell_length)
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
