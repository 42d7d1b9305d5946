"""All that is known of one event, over the calendar."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crm_tui.i18n import _
from crm_tui.screens.base import CrmDialog
from crm_tui.widgets.footer import Footer


class EventDetails(CrmDialog[str]):
    """Shows labelled lines. Enter answers ``open`` where there is an Interest to go to; Esc closes."""

    SCOPES = ("list",)

    def __init__(
        self, title: str, facts: Sequence[tuple[str, str]], text: str, *, has_interest: bool
    ) -> None:
        super().__init__()
        self._title = title
        self._facts = facts
        self._text = text
        self._has_interest = has_interest

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            for label, value in self._facts:
                yield Static(Content(f"{label:<16}{value}"))
            if self._text:
                with VerticalScroll(classes="event-text"):
                    yield Static(Content(self._text))
            if self._has_interest:
                yield Static(Content(_("Enter goes to the Interest.")), classes="dialog-note")
        yield Footer()

    def command_list_open(self, argument: str = "") -> None:
        self.dismiss("open" if self._has_interest else None)
