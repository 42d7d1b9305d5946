"""Keys that come faster than the program shows what they open, as over a slow line."""

import asyncio

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from crm_tui.app import CrmApp
from crm_tui.screens.shell import type_ahead
from crm_tui.screens.task.tasks import TasksScreen
from crm_tui.services.ports import Ports
from crm_tui.store.tables import Task, table_of
from tests.screens.keyboard import screen_text, settle


async def _burst(pilot: Pilot[int], text: str) -> None:
    """All keys at once, before the program has done anything about the first."""
    for character in text:
        key = {"\r": "enter", "\x1b": "escape", " ": "space"}.get(character, character)
        pilot.app.post_message(events.Key(key, None if key in ("enter", "escape") else character))
    await settle(pilot)
    await settle(pilot)


def _titles(ports: Ports) -> list[str]:
    task = table_of(Task)
    with ports.store.read() as connection:
        return [row.title for row in connection.execute(task.select().order_by(task.c.id))]


async def test_a_mode_a_dialog_and_its_text_in_one_burst(app: CrmApp, ports: Ports) -> None:
    async with app.run_test() as pilot:
        await _burst(pilot, "2nCall Olga\r")
        assert _titles(ports) == ["Call Olga"]
        assert app.current_mode == "tasks"
        assert len(app.screen_stack) == 1


async def test_words_to_search_for_are_no_commands(app: CrmApp, ports: Ports) -> None:
    async with app.run_test() as pilot:
        await _burst(pilot, "2nudder\r")
        await _burst(pilot, "/dud")
        field = app.focused
        assert isinstance(field, Input)
        assert field.value == "dud"
        assert _titles(ports) == ["udder"]


async def test_a_paste_goes_to_what_the_key_before_it_opened(app: CrmApp, ports: Ports) -> None:
    async with app.run_test() as pilot:
        await pilot.press("2")
        app.post_message(events.Key("n", "n"))
        app.post_message(events.Paste("Pay the invoice"))
        await settle(pilot)
        await _burst(pilot, "\r")
        assert _titles(ports) == ["Pay the invoice"]


async def test_keys_after_a_dialog_was_closed_go_to_the_list_below(app: CrmApp, ports: Ports) -> None:
    async with app.run_test() as pilot:
        await _burst(pilot, "2none\rntwo\r")
        assert _titles(ports) == ["one", "two"]
        await _burst(pilot, "nthree\x1bnfour\r")
        assert _titles(ports) == ["one", "two", "four"]


async def test_what_is_typed_for_a_command_that_hangs_is_no_command(
    app: CrmApp, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type_ahead, "LONGEST_SECONDS", 0.1)
    hangs = asyncio.Event()

    async def new_task(self: TasksScreen, argument: str = "") -> None:
        await hangs.wait()

    monkeypatch.setattr(TasksScreen, "command_tasks_new", new_task)
    async with app.run_test() as pilot:
        await _burst(pilot, "2")
        await _burst(pilot, "n4 pumps")
        assert app.current_mode == "tasks", "4 would go to the Interests"
        assert "what was typed meanwhile is not used" in screen_text(app)
        await _burst(pilot, "4")
        assert app.current_mode == "interests"
        hangs.set()


async def test_a_dialog_that_enter_opened_keeps_no_key_waiting(
    app: CrmApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type_ahead, "LONGEST_SECONDS", 0.1)
    async with app.run_test() as pilot:
        await _burst(pilot, "gs/undo_s\r")
        await _burst(pilot, "\r")
        app.post_message(events.Key("end", None))
        await _burst(pilot, "5")
        field = app.focused
        assert isinstance(field, Input)
        assert field.value == "105"
        assert not app.message
