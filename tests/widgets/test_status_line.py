"""The top line: the names of the modes stay as long as there is room for them beside what is told."""

import pytest
from textual.app import App, ComposeResult

from crm_tui.widgets.status_line import StatusLine
from tests.screens.keyboard import screen_text

MODES = ("Сегодня", "Почта", "Мои задачи", "Календарь", "Интересы")


class Line(App[None]):
    def compose(self) -> ComposeResult:
        line = StatusLine()
        line.places = tuple((str(digit), title, digit == 1) for digit, title in enumerate(MODES))
        line.parts = ("1 напоминание: Ctrl+G",)
        yield line


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (100, " 0 Сегодня [1 Почта] 2 Мои задачи  3 Календарь  4 Интересы "),
        (80, "0 Сегодня [1 Почта] 2 Мои задачи 3 Календарь 4 Интересы "),
        (60, " 0 [1 Почта] 2  3  4 "),
    ],
)
async def test_the_modes_draw_together_before_they_lose_their_names(width: int, shown: str) -> None:
    app = Line()
    async with app.run_test(size=(width, 3)):
        first = screen_text(app).splitlines()[0]
        assert first.startswith(shown)
        assert first.endswith(" 1 напоминание: Ctrl+G")
