"""`/` on a screen with a list: a line at the foot that narrows the list as it is typed."""

import asyncio
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from crm_tui.i18n import _
from crm_tui.widgets.text_field import TextField

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    Base = CrmScreen[Any]
else:
    Base = object


_BEGUN = re.compile(r"(?<!\w)\w\Z")
"""A word of which one letter is there."""


class Searched(Protocol):
    """What is narrowed: a list or something like it."""

    @property
    def needle(self) -> str: ...

    def set_needle(self, needle: str) -> None: ...

    def focus(self) -> object: ...


class SearchBar(Horizontal):
    """The line. Enter keeps the search and goes to the list; Esc gives it up, which is up to the screen.

    ``waits``: a word of which one letter is there is not looked for before its second, a space or Enter. For a
    list that is long: what begins with one letter is half of it, and dear to find. ``remark`` says what a person
    should know of the line typed: where it looks, what of it is not understood; it is asked in a thread.
    """

    def __init__(
        self, records: Searched, *, waits: bool = False, remark: Callable[[str], str] | None = None
    ) -> None:
        super().__init__()
        self._records = records
        self._waits = waits
        self._remark = remark

    def compose(self) -> ComposeResult:
        yield Static(Content("/"))
        yield TextField()
        yield Static(Content(_("one letter more, or Enter for this word")), classes="search-hint")
        yield Static(classes="search-remark")

    def open(self, typed: str = "") -> None:
        """Show the line, with ``typed`` in it or with what it held."""
        self.add_class("-open")
        self.screen.add_class("-searching")
        field = self.query_one(TextField)
        if typed:
            field.value = typed
            self._search(typed, is_whole=True)
            self._records.focus()
        else:
            field.focus()

    def close(self) -> None:
        """Take the line away; the whole list is shown again."""
        self.query_one(TextField).value = ""
        self.remove_class("-open")
        self.screen.remove_class("-searching")
        self._records.focus()

    @property
    def is_open(self) -> bool:
        """Whether the list is being narrowed."""
        return self.has_class("-open")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        typed = event.input.value  # the event may be behind: what is typed since counts
        self._search(typed, is_whole=typed.strip() == self._records.needle)

    def _search(self, typed: str, *, is_whole: bool = False) -> None:
        """Look for what is typed as far as it is ready to be looked for."""
        is_begun = self._waits and not is_whole and _BEGUN.search(typed) is not None
        self.set_class(is_begun, "-begun")
        self._records.set_needle((typed[:-1] if is_begun else typed).strip())
        if self._remark is not None:
            self.run_worker(self._tell(self._remark, typed))

    async def _tell(self, remark: Callable[[str], str], typed: str) -> None:
        text = await asyncio.to_thread(remark, typed) if typed.strip() else ""
        if typed == self.query_one(TextField).value:  # what is asked of an older line may come later
            self.query_one(".search-remark", Static).update(Content(text))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self._search(event.value, is_whole=True)
            self._records.focus()
        else:
            self.screen.command_everywhere_back()  # type: ignore[attr-defined]


class ListSearch(Base):
    """For a screen that yields a ``SearchBar`` in its body: gives it the key."""

    def command_list_search(self, argument: str = "") -> None:
        self.query_one(SearchBar).open(argument)

    def command_everywhere_back(self, argument: str = "") -> None:
        """Esc first gives up the search, then goes back."""
        bar = self.query_one(SearchBar)
        if bar.is_open:
            bar.close()
        else:
            self.app.command_everywhere_back()  # type: ignore[attr-defined]
