"""A program for the tests: a list of numbers, and a line that shows the keys in the order they came.

Arguments: the number of rows, the driver. ``q`` quits.
"""

import sys

from textual import events
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui.widgets import glyphs, strip_guard
from crm_tui.widgets.driver import driver_class
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order
from tests.widgets.number_rows import NumberRows

MOVES = {
    "down": "cursor_down",
    "up": "cursor_up",
    "pagedown": "page_down",
    "pageup": "page_up",
    "home": "home",
    "end": "end",
    "space": "toggle_mark",
}


class PtyList(App[None]):
    """Keys are shown in the last line, the newest last."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "Static { dock: bottom; height: 1; }"

    def __init__(self, rows: int, driver: str) -> None:
        super().__init__(driver_class=driver_class(driver))
        self.pressed: list[str] = []
        self.pasted = 0
        self.rows = rows

    def compose(self) -> ComposeResult:
        yield RecordList(NumberRows(self.rows), Order("number"))
        yield Static(Content("ready"), id="keys")

    def on_key(self, event: events.Key) -> None:
        if event.key == "q":
            self.exit()
        elif event.key in MOVES:
            getattr(self.query_one(RecordList), MOVES[event.key])()
        else:
            self.pressed.append(event.key)
            self.tell()

    def on_paste(self, event: events.Paste) -> None:
        self.pasted += len(event.text)
        self.tell()

    def tell(self) -> None:
        text = f"keys {' '.join(self.pressed[-8:])} of {len(self.pressed)}, pasted {self.pasted}."
        self.query_one("#keys", Static).update(Content(text))


if __name__ == "__main__":
    strip_guard.install()
    glyphs.apply("auto")
    PtyList(int(sys.argv[1]), sys.argv[2]).run()
