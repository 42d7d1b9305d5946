"""A few lines over the foot of a screen that tell what has just come. They take no keys and no focus."""

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget


class NewsStrip(Widget):
    """One line a piece of news, the newest first; nothing is shown while there is none."""

    DEFAULT_CSS = """
    NewsStrip {
        dock: bottom;
        margin-bottom: 1;
        height: auto;
        background: $panel;
        color: $foreground;
        display: none;
    }
    """
    can_focus = False

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Content] = []

    def show(self, lines: Sequence[Content]) -> None:
        """Show these lines, each cut to the width; without any the strip goes away."""
        self._lines = list(lines)
        self.display = bool(lines)
        self.styles.height = len(self._lines)
        self.refresh()

    def render(self) -> Content:
        width = self.size.width
        lines = [line.truncate(width, ellipsis=True) for line in self._lines]
        return Content("\n").join(lines)
