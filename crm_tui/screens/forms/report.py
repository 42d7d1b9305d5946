"""What became of an act on many records: lines to read, Esc closes."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crm_tui.screens.base import CrmDialog
from crm_tui.widgets.footer import Footer


class Report(CrmDialog[None]):
    """A title and lines."""

    DEFAULT_CSS = """
    Report VerticalScroll { height: auto; max-height: 16; }
    Report VerticalScroll > Static { height: auto; }
    """

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self._title = title
        self._lines = lines

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            with VerticalScroll():
                yield Static(Content("\n".join(self._lines)))
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()
