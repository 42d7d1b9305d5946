"""The top line: the modes with their digits, the place, and what goes on behind, in words."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

GAP = 2
_LOOKS = ((" {digit} {title} ", ""), ("{digit} {title}", " "), (" {digit} ", ""))
"""How the modes stand there, and what is between them: with room, close together, by their digits alone."""


class StatusLine(Widget):
    """One line. ``places`` are (digit or nothing, title, whether we are in it); ``parts`` the texts at its end."""

    DEFAULT_CSS = "StatusLine { height: 1; dock: top; background: $panel; color: $foreground; }"

    places: reactive[tuple[tuple[str, str, bool], ...]] = reactive(())
    parts: reactive[tuple[str, ...]] = reactive(())

    def render(self) -> Content:
        width = self.size.width
        right = Content(" · ".join(self.parts))
        for pattern, gap in _LOOKS:
            left = self._tabs(pattern, gap)
            if left.cell_length + GAP + right.cell_length <= width:
                break
        right = right.truncate(max(0, width - left.cell_length - GAP), ellipsis=True)
        space = max(0, width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * space, right)

    def _tabs(self, pattern: str, gap: str) -> Content:
        """All the modes, those that we are not in by the ``pattern``."""
        return Content(gap).join(
            Content(f"[{f'{digit} {title}'.strip()}]").stylize("bold")
            if here
            else Content(pattern.format(digit=digit, title=title))
            for digit, title, here in self.places
        )
