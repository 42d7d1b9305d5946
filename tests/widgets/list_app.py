"""A list alone on a screen, and what a test asks of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order, RowSource


class ListApp(App[None]):
    """Keeps what the list posts."""

    def __init__(self, source: RowSource, **options: Any) -> None:
        super().__init__()
        self.list = RecordList(source, Order("number"), **options)
        self.highlighted: list[int | None] = []
        self.opened: list[int] = []
        self.marked: list[int] = []
        self.loaded: list[int] = []
        self.failures: list[Exception] = []

    def compose(self) -> ComposeResult:
        yield self.list

    def on_record_list_highlighted(self, message: RecordList.Highlighted) -> None:
        self.highlighted.append(message.id)

    def on_record_list_opened(self, message: RecordList.Opened) -> None:
        self.opened.append(message.id)

    def on_record_list_marked(self, message: RecordList.Marked) -> None:
        self.marked.append(message.count)

    def on_record_list_loaded(self, message: RecordList.Loaded) -> None:
        self.loaded.append(message.count)

    def on_record_list_failed(self, message: RecordList.Failed) -> None:
        self.failures.append(message.error)


@asynccontextmanager
async def running(
    source: RowSource, size: tuple[int, int] = (60, 11), **options: Any
) -> AsyncIterator[tuple[ListApp, Pilot[None]]]:
    """The app with the whole vector read."""
    app = ListApp(source, **options)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        yield app, pilot


async def settle(pilot: Pilot[None]) -> None:
    """Until the thread that reads the vector has answered and all messages are handled."""
    while True:
        await pilot.pause()
        if not pilot.app.workers:
            break
        await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def lines(record_list: RecordList) -> list[str]:
    """What is on the screen, without blanks at the ends."""
    return [record_list.render_line(y).text.rstrip() for y in range(record_list.size.height)]
