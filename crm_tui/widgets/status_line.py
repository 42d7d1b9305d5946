"""The top line: the modes with their digits, the place, and what goes on behind, in words."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

GAP = 2


class StatusLine(Widget):
    """One line. ``places`` are (digit or nothing, title, whether we are in it); ``parts`` the texts at its end."""

    DEFAULT_CSS = "StatusLine { height: 1; dock: top; background: $panel; color: $foreground; }"

    places: reactive[tuple[tuple[str, str, bool], ...]] = reactive(())
    parts: reactive[tuple[str, ...]] = reactive(())

    def render(self) -> Content:
        width = self.size.width
        right = Content(" · ".join(self.parts))
        left = self._tabs(short=False)
        if left.cell_length + GAP + right.cell_length > width:
            left = self._tabs(short=True)
        right = right.truncate(max(0, width - left.cell_length - GAP), ellipsis=True)
        space = max(0, width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * space, right)

    def _tabs(self, *, short: bool) -> Content:
        shown = []
        for digit, title, here in self.places:
            if here:
                shown.append(Content(f"[{f'{digit} {title}'.strip()}]").stylize("bold"))
            else:
                shown.append(Content(f" {digit} " if short else f" {digit} {title} "))
        return Content("").join(shown)
