"""A list of records that can be filtered, and whose rows look as the user says (CORP-07)."""

from typing import Protocol

from textual.content import Content

from crm_tui.screens.base import Topics
from crm_tui.screens.lists.chosen_columns import ColumnChoice
from crm_tui.screens.lists.list_filter import ListFilter, nothing_fits
from crm_tui.screens.lists.looked_rows import LookedSource, Looks
from crm_tui.screens.lists.narrowing import Narrowing
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order, RowSource


class Filtered(RowSource, Protocol):
    """Rows that a filter may narrow."""

    narrowing: Narrowing | None


class LookedList(ColumnChoice, ListFilter):
    """Of such a screen the rows go through ``looked``; when its store changes, ``take_looks`` is told."""

    _looks: Looks | None = None

    def looked_records(self) -> RecordList:
        """The list whose rows they are."""
        raise NotImplementedError

    def filtered_source(self) -> Filtered:
        """The rows before their looks."""
        raise NotImplementedError

    def empty_text(self) -> str:
        """What the list says where there is nothing to filter."""
        raise NotImplementedError

    def filtered_id(self) -> int | None:
        return self.looked_records().current_id

    def show_narrowed(self, keep: int | None) -> None:
        records, source = self.looked_records(), self.filtered_source()
        source.narrowing = self.narrowing
        is_on = self.narrowing.condition is not None
        records.set_empty(Content(nothing_fits() if is_on else self.empty_text()))
        shown, order = self.looked(source), records.order
        is_known = not order.column or order.column in {column.id for column in shown.columns}
        records.show(shown, order if is_known else Order("name"))
        if keep is not None:
            records.go_to(keep)

    def looked(self, source: RowSource) -> RowSource:
        """The rows of a source with the looks of this list."""
        if self._looks is None:
            ports = self.shell.ports
            self._looks = Looks(self.store, self.filtered_kind(), ports.clock, ports.zone, self.actor.user_id)
        return LookedSource(self.with_columns(source), self._looks)

    def columns_kind(self) -> str:
        return self.filtered_kind()

    def chosen_source(self) -> RowSource:
        return self.filtered_source()

    def show_columns(self) -> None:
        self.show_narrowed(self.filtered_id())

    def take_looks(self, topics: Topics) -> None:
        """Draw the rows anew when their looks may have changed."""
        if "custom_field" in topics and self.shows_own_fields():
            self.show_columns()
        elif "saved_filter" in topics:
            self.looked_records().reload()

    async def command_records_row_looks(self, argument: str = "") -> None:
        """The looks of this list, to be made and changed."""
        from crm_tui.screens.lists.row_looks import RowLooksScreen

        await self.app.push_screen_wait(RowLooksScreen(self.subject(), self.references))
