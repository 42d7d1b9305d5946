"""A list of what can be chosen, below a field that keeps the focus; the row chosen has a sign, not only a look."""

from rich.segment import Segment
from textual.strip import Strip
from textual.widgets import OptionList

from crm_tui.widgets import glyphs


class Offers(OptionList, can_focus=False):
    """Its texts are ``Content``, never markup."""

    DEFAULT_CSS = """
    Offers.-textual-compact > .option-list--option { padding: 0 0 0 2; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(markup=False, compact=True, id=id)

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        line = self.scroll_offset.y + y
        if self.highlighted is None or line >= len(self._lines) or self._lines[line] != (self.highlighted, 0):
            return strip
        style = next((segment.style for segment in strip), None)
        return Strip([Segment(glyphs.current().cursor, style), *strip.crop(1)], strip.cell_length)
