"""A program for the tests: every widget that shows text shows the payload of a file, one screen after another.

Arguments: the file (UTF-8, surrogates passed), the driver. ``n`` goes on, the last screen is followed by "finished".
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich.style import Style
from rich.text import Text
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import (
    DataTable,
    Footer,
    Header,
    Input,
    Label,
    Log,
    OptionList,
    RichLog,
    Static,
    Tab,
    Tabs,
    TextArea,
    Tree,
)

from crm_tui.widgets import strip_guard
from crm_tui.widgets.driver import driver_class
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order
from tests.widgets.number_rows import NumberRows


def record_list(payload: str) -> Widget:
    """Our list, with the payload in a cell and in its heading."""
    source = NumberRows(4)
    source.names = {1: payload, 2: f"{payload} {payload}"}
    return RecordList(source, Order("number"))


def table(payload: str) -> Widget:
    data: DataTable[Text] = DataTable()
    data.add_column(Text(payload))
    data.add_row(Text(payload))
    return data


def tree(payload: str) -> Widget:
    made: Tree[None] = Tree(Text(payload))
    made.root.add_leaf(Text(payload))
    made.root.expand()
    return made


def bordered(payload: str) -> Widget:
    made = Static(Content("inside"))
    made.styles.border = ("round", "white")
    made.border_title = Content(payload)
    made.border_subtitle = Content(payload)
    return made


class Logs(Vertical):
    """Both logs."""

    def __init__(self, payload: str) -> None:
        super().__init__(Log(), RichLog(markup=False))
        self.payload = payload

    def on_mount(self) -> None:
        self.query_one(Log).write_line(self.payload)
        self.query_one(RichLog).write(Text(self.payload))


SINKS: Mapping[str, Callable[[str], Widget]] = {
    "record list": record_list,
    "static": lambda payload: Static(payload, markup=False),
    "content": lambda payload: Label(Content(payload)),
    "text": lambda payload: Static(Text(payload)),
    "link": lambda payload: Static(Text("link", style=Style(link=payload))),
    "options": lambda payload: OptionList(payload, markup=False),
    "input": lambda payload: Input(payload, placeholder=payload),
    "area": lambda payload: TextArea(payload),
    "table": table,
    "tree": tree,
    "border": bordered,
    "tabs": lambda payload: Tabs(Tab(Content(payload))),
    "logs": Logs,
}


class Sinks(App[None]):
    """One widget at a time between a title and a line that names it."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "#place { height: 1fr; } #named { height: 1; }"

    def __init__(self, payload: str, driver: str, names: Sequence[str]) -> None:
        super().__init__(driver_class=driver_class(driver))
        self.payload = payload
        self.title = payload
        self.names = list(names)

    def compose(self) -> ComposeResult:
        yield Header()
        yield Vertical(id="place")
        yield Static(id="named")
        yield Footer()

    async def on_ready(self) -> None:
        await self.show_next()

    async def show_next(self) -> None:
        place, named = self.query_one("#place"), self.query_one("#named", Static)
        await place.remove_children()
        if self.names:
            name = self.names.pop(0)
            await place.mount(SINKS[name](self.payload))
            named.update(Content(f"shows {name}."))
            self.notify(self.payload, title=self.payload, markup=False)
        else:
            named.update(Content("finished."))

    async def on_event(self, event: object) -> None:
        if getattr(event, "key", None) == "f5":
            await self.show_next()
        else:
            await super().on_event(event)  # type: ignore[arg-type]


if __name__ == "__main__":
    strip_guard.install()
    Sinks(Path(sys.argv[1]).read_text("utf-8", "surrogatepass"), sys.argv[2], list(SINKS)).run()
