"""A field with a few values, a line each: up and down go through them, a sign stands before the chosen one."""

from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size

from crm_tui.widgets import glyphs
from crm_tui.widgets.choice_field import ChoiceField


class ChoiceLines(ChoiceField):
    """As high as it has values."""

    def on_mount(self) -> None:
        self.styles.height = "auto"

    def render(self) -> RenderResult:
        sign = glyphs.current().cursor
        lines = [
            f"{sign if place == self.chosen else ' '} {text}"
            for place, (_value, text) in enumerate(self._options)
        ]
        return Content("\n".join(lines))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(self._options))

    def offer(self, options: "list[tuple[str, str]]", value: str = "") -> None:  # type: ignore[override]
        super().offer(options, value)
        self.refresh(layout=True)
