"""The commands of every list, by keyboard, over a real list."""

from collections.abc import Iterable

import pytest
from textual.widget import Widget

from crm_tui.app import CrmApp
from crm_tui.screens.base import CrmScreen
from crm_tui.screens.lists.list_search import ListSearch, SearchBar
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order
from crm_tui.widgets.text_field import TextField
from tests.screens.test_shell_keys import type_as
from tests.waiting import settled
from tests.widgets.number_rows import NumberRows


class Shelf(ListSearch, CrmScreen[None]):
    """A list and its search line."""

    SCOPES = ("mail",)

    def compose_body(self) -> Iterable[Widget]:
        records = RecordList(NumberRows(200), Order("number"))
        return [records, SearchBar(records)]

    def on_mount(self) -> None:
        self.query_one(RecordList).focus()


async def opened(app: CrmApp) -> RecordList:
    shelf = Shelf()
    await app.push_screen(shelf)
    return shelf.query_one(RecordList)


@pytest.mark.parametrize("layout", ["latin", "ru"])
async def test_the_cursor_goes_where_it_is_told(shell: CrmApp, layout: str) -> None:
    async with shell.run_test() as pilot:
        records = await opened(shell)
        await settled(pilot, lambda: records.is_complete)
        await type_as(pilot, layout, "jjjk")
        assert records.position == 2
        await pilot.press("down", "up", "up")
        assert records.position == 1
        await type_as(pilot, layout, "G")
        assert records.position == 199
        await type_as(pilot, layout, "gg")
        assert records.position == 0
        await pilot.press("end", "home", "pagedown")
        page = records.position
        assert page > 5
        await pilot.press("ctrl+u")
        assert records.position == 0


async def test_marks(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        records = await opened(shell)
        await settled(pilot, lambda: records.is_complete)
        await pilot.press("space", "space")
        assert len(records.marked_ids()) == 2
        await pilot.press("V")
        assert records.marked_ids() == ()
        await pilot.press("V")
        assert len(records.marked_ids()) == 200
        await pilot.press("V", "ctrl+@", "j", "j", "ctrl+@", "j")
        assert len(records.marked_ids()) == 3


async def test_search_narrows_as_it_is_typed_and_escape_gives_it_up(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        records = await opened(shell)
        await settled(pilot, lambda: records.is_complete)
        await pilot.press("/", *"199")
        await settled(pilot, lambda: records.needle == "199")
        await pilot.press("enter")
        assert shell.focused is records
        assert shell.screen.query_one(SearchBar).is_open
        await pilot.press("escape")
        assert records.needle == ""
        assert not shell.screen.query_one(SearchBar).is_open
        assert isinstance(shell.screen, Shelf)
        await pilot.press("ctrl+f", "escape")
        assert shell.focused is records
        await pilot.press("escape")
        assert not isinstance(shell.screen, Shelf)


async def test_a_search_may_be_given_on_the_command_line(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        records = await opened(shell)
        await pilot.press(":", *"search 42", "enter")
        await settled(pilot, lambda: records.needle == "42")
        assert shell.screen.query_one(TextField).value == "42"


async def test_sort_goes_through_the_columns_or_to_the_one_named(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        records = await opened(shell)
        await settled(pilot, lambda: records.is_complete)
        sortable = [column.id for column in records.source.columns if column.sortable]
        seen = []
        for _column in sortable:
            await pilot.press("O")
            seen.append(records.order.column)
        assert sorted(seen) == sorted(sortable)
        shell.run_command("list.sort", records.source.columns[0].title[:3])
        assert records.order.column == sortable[0]
