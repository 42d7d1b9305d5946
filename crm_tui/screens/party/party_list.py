"""What the lists of customers, contact persons and leads have in common: `/`, marks, a preview below, the card."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.domain.errors import CrmError, Refused
from crm_tui.i18n import _
from crm_tui.screens.base import CrmScreen, Topics
from crm_tui.screens.lists.bulk_acts import BulkActs
from crm_tui.screens.lists.list_filter import NarrowedLine
from crm_tui.screens.lists.list_search import ListSearch, SearchBar
from crm_tui.screens.lists.looked_list import Filtered, LookedList
from crm_tui.screens.party.party_acts import TRASH, PartyActs
from crm_tui.screens.party.party_text import preview_lines
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order

REST_SECONDS = 0.08
"""How long the cursor rests before the record under it is shown."""


class PartyList(BulkActs, LookedList, ListSearch, PartyActs, CrmScreen[None]):
    """Of such a list its source, its order and what it says when it is empty are told."""

    TABLES: ClassVar[frozenset[str]] = frozenset()
    """What the list is made of and sorted by."""
    BESIDE: ClassVar[frozenset[str]] = frozenset()
    """What the rows say besides: a change of it draws them anew where they stand."""
    ORDER: ClassVar[Order] = Order("name")

    _rest: Timer | None = None

    def make_source(self) -> Filtered:
        """The rows."""
        raise NotImplementedError

    def empty_text(self) -> str:
        """What to do where there is nothing."""
        raise NotImplementedError

    def list_title(self) -> str:
        """Which records are listed; empty for all."""
        return ""

    def compose_body(self) -> Iterable[Widget]:
        self._filtered: Filtered = self.make_source()
        self._list = RecordList(self.looked(self._filtered), self.ORDER, empty=Content(self.empty_text()))
        yield NarrowedLine()
        yield Static(Content(""), classes="card-title party-which")
        yield self._list
        with Vertical(classes="party-preview"):
            yield Static(Content(""), classes="party-preview-text")
        yield SearchBar(self._list, waits=True)

    def on_mount(self) -> None:
        self._list.focus()
        self.show_which()

    def show_which(self) -> None:
        """Say over the list which records it holds, unless it holds all."""
        title = self.query_one(".party-which", Static)
        title.update(Content(self.list_title()))
        title.display = bool(self.list_title())

    def reload(self) -> None:
        self._list.reload()
        self._show_preview()

    def store_changed(self, topics: Topics) -> None:
        self.take_looks(topics)
        if topics.keys() & (self.TABLES | {"*"}):
            self.reload()
        elif topics.keys() & self.BESIDE:
            self._list.patch(self._list.ids)
            self._show_preview()

    def session_state(self) -> dict[str, Any]:
        return {
            "record": self._list.current_id,
            "needle": self._list.needle,
            "order": [self._list.order.column, self._list.order.descending],
            "preview": self.has_class("-previewed"),
            "filter": self.filter_state(),
        }

    def restore_session(self, state: Mapping[str, Any]) -> None:
        order = state.get("order")
        if isinstance(order, list) and order[0] in {column.id for column in self._list.source.columns}:
            self._list.set_order(Order(str(order[0]), bool(order[1])))
        if state.get("needle"):
            self.query_one(SearchBar).open(str(state["needle"]))
        if isinstance(state.get("record"), int):
            self._list.go_to(state["record"])
        self.set_class(bool(state.get("preview")), "-previewed")
        self.restore_filter(state.get("filter"), state.get("record"))

    def looked_records(self) -> RecordList:
        return self._list

    def filtered_kind(self) -> str:
        return self.KIND

    def filtered_source(self) -> Filtered:
        return self._filtered

    def bulk_kind(self) -> str:
        return self.KIND

    def bulk_ids(self) -> Sequence[int]:
        return self.party_ids()

    async def trash_parties(self) -> None:
        """The marked ones go to the trash, those that can; when all lie there, they come back."""
        if self.lie_in_trash(self.party_ids()):
            await super().trash_parties()
            return
        self.say_done(len(await self.act_on_each(f"{self.KIND}.trash", self.party_ids(), TRASH[self.KIND])))

    def bulk_found(self) -> Sequence[int]:
        return self._list.marked_ids() or self._list.ids

    def party_id(self) -> int:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._list.current_id

    def party_ids(self) -> Sequence[int]:
        return self._list.marked_ids() or (self.party_id(),)

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        self.shell.run_command(f"everywhere.show_{self.KIND}", str(event.id))

    def on_record_list_highlighted(self, _event: RecordList.Highlighted) -> None:
        self.session_changed()
        if self._rest is not None:
            self._rest.stop()
        if self.has_class("-previewed"):
            self._rest = self.set_timer(REST_SECONDS, self._show_preview)

    def toggle_preview(self) -> None:
        """Show the card of the row under the cursor below the list, or hide it."""
        self.toggle_class("-previewed")
        self._show_preview()
        self.session_changed()

    def _show_preview(self) -> None:
        self._rest = None
        if not self.has_class("-previewed") or not self.is_mounted:
            return
        lines: list[str] = []
        if self._list.current_id is not None:
            try:
                lines = preview_lines(self.store, self.party(), self._now(), self._zone())
            except CrmError:  # gone meanwhile: the list is about to lose it too
                lines = [_("This is not there any more.")]
        self.query_one(".party-preview-text", Static).update(Content("\n".join(lines)))
