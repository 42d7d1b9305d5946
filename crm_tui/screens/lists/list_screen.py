"""A screen that is one list: a title over it, the search line at its foot, read anew when its tables change."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Generic

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.screens.acting import Acting
from crm_tui.screens.base import CrmScreen, Result, Topics
from crm_tui.screens.lists.list_search import ListSearch, SearchBar
from crm_tui.widgets.record_list import RecordList


class ListScreen(ListSearch, Acting, CrmScreen[Result], Generic[Result]):
    """Of such a screen its list and its title are told, and what can be done with a row."""

    TABLES: ClassVar[frozenset[str]] = frozenset()
    """What the rows are read from."""
    CURSOR: ClassVar[str] = ""
    """Name under which the row of the cursor is kept for the next session; empty: it is not."""

    def list_title(self) -> str:
        """What stands over the list."""
        raise NotImplementedError

    def make_list(self) -> RecordList:
        """The list."""
        raise NotImplementedError

    def below(self) -> Iterable[Widget]:
        """What stands between the list and the search line."""
        return ()

    def compose_body(self) -> Iterable[Widget]:
        self._list = self.make_list()
        yield Static(Content(self.list_title()), classes="card-title")
        yield self._list
        yield from self.below()
        yield SearchBar(self._list)

    def on_mount(self) -> None:
        self._list.focus()

    def reload(self) -> None:
        self._list.reload()

    def store_changed(self, topics: Topics) -> None:
        if topics.keys() & (self.TABLES | {"*"}):
            self.reload()

    def session_state(self) -> dict[str, Any]:
        return {self.CURSOR: self._list.current_id} if self.CURSOR else {}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        if self.CURSOR and isinstance(state.get(self.CURSOR), int):
            self._list.go_to(state[self.CURSOR])
