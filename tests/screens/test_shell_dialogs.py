"""Palette, command line, help and the small dialogs, by keyboard alone."""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from textual import events
from textual.widgets import OptionList, Static

from crm_tui import paths
from crm_tui.app import CrmApp
from crm_tui.domain.errors import Invalid
from crm_tui.screens.forms.prompt import Choice, Confirm, Prompt
from crm_tui.screens.shell.command_line import CommandLine, History
from crm_tui.screens.shell.help import Help
from crm_tui.screens.shell.palette import Palette
from crm_tui.services.ports import Found, Ports
from crm_tui.widgets.text_field import TextField
from tests.screens.keyboard import screen_text, type_text
from tests.screens.test_shell_keys import Desk, at_desk
from tests.waiting import settled


def prompts(screen: Palette | Choice) -> list[str]:
    return [str(option.prompt) for option in screen.query_one(OptionList).options]


def found_text(app: CrmApp) -> str:
    return str(app.screen.query_one("#help-text", Static).content)


@pytest.mark.parametrize("typed", ["calend", "сфдутв", "ВКЛ"])
async def test_the_palette_finds_a_command_also_in_the_wrong_layout(shell: CrmApp, typed: str) -> None:
    async with shell.run_test() as pilot:
        await pilot.press("ctrl+p")
        palette = shell.screen
        assert isinstance(palette, Palette)
        palette.query_one(TextField).value = typed
        await pilot.pause()
        if typed == "ВКЛ":
            assert prompts(palette) == []
            assert "Nothing found." in screen_text(shell)
            await pilot.press("enter", "escape")
            assert shell.current_mode == "today"
        else:
            assert prompts(palette)[0].startswith("Calendar")
            await pilot.press("enter")
            assert shell.current_mode == "calendar"


async def test_the_palette_puts_commands_of_the_place_first_and_says_what_cannot_be(shell: CrmApp) -> None:
    async with shell.run_test(size=(120, 40)) as pilot:
        desk = await at_desk(pilot)
        await pilot.press("ctrl+p")
        assert isinstance(shell.screen, Palette)
        lines = prompts(shell.screen)
        assert lines[0].startswith("Accept inquiry")
        assert any(line.startswith("Decline inquiry") and "no letter is open" in line for line in lines)
        await pilot.press(*"move", "down", "up", "enter")
        assert desk.done == [("move", "")]


async def test_the_menu_holds_the_place_alone(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        await at_desk(pilot)
        await pilot.press("m")
        assert isinstance(shell.screen, Palette)
        lines = prompts(shell.screen)
        assert lines[0].startswith("Accept inquiry")
        assert not any(line.startswith(("Quit", "Calendar", "Undo")) for line in lines)


async def test_the_palette_finds_records_and_shows_hostile_ones_as_text(shell: CrmApp, ports: Ports) -> None:
    asked = []

    def search(text: str) -> Sequence[Found]:
        asked.append(text)
        return [Found("letter", "[/] [@click=app.quit]x[/] \x1b]52;", "mail.move", "7")]

    ports.search_records = search
    async with shell.run_test(size=(120, 40)) as pilot:
        desk = await at_desk(pilot)
        await pilot.press("ctrl+p", *"zzq")
        palette = shell.screen
        assert isinstance(palette, Palette)
        await settled(pilot, lambda: prompts(palette))
        assert prompts(palette) == ["Letter: [/] [@click=app.quit]x[/] ␛]52;"]
        await pilot.press("enter")
        assert desk.done == [("move", "7")]
        assert "zzq" in asked


async def test_enter_in_the_palette_waits_for_the_records(shell: CrmApp, ports: Ports) -> None:
    """What is typed quickly, and Enter with it, opens what is found for it."""
    asked, let_go = threading.Event(), threading.Event()

    def search(text: str) -> Sequence[Found]:
        asked.set()
        let_go.wait(60)
        return [Found("letter", text, "mail.move", text)]

    ports.search_records = search
    async with shell.run_test(size=(120, 40)) as pilot:
        desk = await at_desk(pilot)
        await pilot.press("ctrl+p")
        for key in ("z", "z", "q", "enter"):
            shell.post_message(events.Key(key, key if len(key) == 1 else None))
        while not (asked.is_set() and shell.keys_wait):  # a pause would wait for the search
            await asyncio.sleep(0.01)
        assert not shell.screen.query_one(".dialog-note").display, (
            "nothing found is said when it was looked for"
        )
        let_go.set()
        await settled(pilot, lambda: desk.done)
        assert desk.done == [("move", "zzq")]


async def test_the_command_line_runs_a_command_with_its_argument(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        desk = await at_desk(pilot)
        await pilot.press(":", *"move Archive 2026", "enter")
        assert desk.done == [("move", "Archive 2026")]
        await pilot.press(":", *"ьщму X", "enter")
        assert desk.done[1:] == [("move", "X")]


async def test_the_command_line_completes_and_recalls(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        desk = await at_desk(pilot)
        await pilot.press(":", *"acc", "tab", "enter")
        assert desk.done == [("accept", "")]
        await pilot.press(":", *"mov", "tab", *"A", "enter", ":", "up")
        field = shell.screen.query_one(TextField)
        assert field.value == "move A"
        await pilot.press("up")
        assert field.value == "accept"
        await pilot.press("up", "down", "down", "down")
        assert field.value == ""


async def test_the_command_line_says_where_a_command_belongs(shell: CrmApp) -> None:
    async with shell.run_test(size=(80, 24)) as pilot:
        await at_desk(pilot)
        await pilot.press("colon")
        await type_text(pilot, "filters.save\n")
        await settled(pilot, lambda: shell.message)
        assert shell.message == "! “Save current” can be done elsewhere: Saved filters."
        await pilot.press("colon")
        await type_text(pilot, "rename\n")
        await settled(pilot, lambda: "“rename” can be done elsewhere: " in screen_text(shell))


async def test_the_command_line_says_what_it_does_not_know_and_stays(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        await pilot.press(":", *"explode", "enter")
        assert isinstance(shell.screen, CommandLine)
        assert "explode" in str(shell.screen.query_one("#completions", Static).content)
        await pilot.press("escape")
        assert not isinstance(shell.screen, CommandLine)


async def test_help_is_two_columns_at_any_width(shell: CrmApp) -> None:
    async with shell.run_test(size=(60, 24)) as pilot:
        await at_desk(pilot)
        await pilot.press("?")
        await pilot.pause()
        for size in ((60, 24), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            rows = [line for line in found_text(shell).splitlines() if line.startswith(" ")]
            assert rows
            assert all(line.startswith(" " * 17) and line[17] != " " for line in rows)
            assert max(map(len, rows)) <= size[0] - 4


@pytest.mark.parametrize("theme", ["dark", "ansi16", "mono"])
async def test_the_command_line_leaves_the_screen_in_sight(shell: CrmApp, theme: str) -> None:
    async with shell.run_test() as pilot:
        shell.wear(theme)
        await at_desk(pilot)
        behind = screen_text(shell).splitlines()[0]
        assert behind.strip()
        await pilot.press(":")
        assert isinstance(shell.screen, CommandLine)
        assert screen_text(shell).splitlines()[0] == behind


async def test_completion_of_a_choice(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        await pilot.press(":", *"calendar.view ag", "tab")
        assert shell.screen.query_one(TextField).value == "calendar.view agenda "


def test_the_history_is_private_and_survives_damage(crm_home: Path) -> None:
    file = paths.command_history()
    history = History(file)
    history.add("move A")
    history.add("quit")
    history.add("move A")
    assert History(file).lines == ["quit", "move A"]
    assert file.stat().st_mode & 0o077 == 0
    file.write_bytes(b"\xff\xfe")
    assert History(file).lines == []


@pytest.mark.parametrize("key", ["?", "f1"])
async def test_help_begins_with_the_place_and_narrows(shell: CrmApp, key: str) -> None:
    async with shell.run_test(size=(120, 40)) as pilot:
        await at_desk(pilot)
        await pilot.press(key)
        assert isinstance(shell.screen, Help)
        text = found_text(shell)
        assert text.index("Accept inquiry") < text.index("Go to the Mail screen.")
        assert "Go one week back" not in text
        await pilot.press(*"undo")
        assert "Take back the last change." in found_text(shell)
        assert "Accept inquiry" not in found_text(shell)
        await pilot.press(*"zzz")
        assert found_text(shell) == "Nothing found."
        await pilot.press("escape")
        assert isinstance(shell.screen, Desk)


async def test_everywhere_is_not_everywhere_in_a_dialog(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        shell.push_screen(Choice("Which?", [("a", "A")]))
        await pilot.pause()
        await pilot.press("f2", "ctrl+p")
        assert isinstance(shell.screen, Choice)
        assert shell.current_mode == "today"


async def test_a_prompt_says_what_is_understood_and_refuses_what_is_not(shell: CrmApp) -> None:
    def understand(text: str) -> str:
        if text != "tomorrow":
            raise Invalid("not_a_date", value=text)
        return "Friday 20 November"

    answers: list[str | None] = []
    async with shell.run_test() as pilot:
        shell.push_screen(Prompt("When?", preview=understand), answers.append)
        await pilot.pause()
        note = shell.screen.query_one(".dialog-note", Static)
        await pilot.press("enter")
        assert str(note.content).startswith("! ")
        await pilot.press(*"tom", "enter")
        assert "tom is not a date" in str(note.content)
        await pilot.press(*"orrow")
        assert str(note.content) == "Friday 20 November"
        await pilot.press("ctrl+s")
        assert answers == ["tomorrow"]


@pytest.mark.parametrize(
    ("keys", "answer"),
    [(["2"], "b"), (["enter"], "a"), (["down", "enter"], "b"), ([*"gam", "enter"], "c"), (["escape"], None)],
)
async def test_a_choice_by_digit_by_cursor_and_by_letters(
    shell: CrmApp, keys: list[str], answer: str | None
) -> None:
    answers: list[str | None] = []
    async with shell.run_test() as pilot:
        shell.push_screen(
            Choice("Which?", [("a", "Alpha [/]"), ("b", "Beta"), ("c", "Gamma")]), answers.append
        )
        await pilot.pause()
        await pilot.press(*keys)
        assert answers == [answer]


async def test_a_choice_says_that_nothing_is_left(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        choice = Choice("Which?", [("a", "Alpha"), ("b", "Beta")], note="Enter takes it.")
        shell.push_screen(choice)
        await pilot.pause()
        await pilot.press(*"zz")
        await pilot.pause()
        note = choice.query_one(".dialog-note", Static)
        assert str(note.content) == "Nothing found."
        await pilot.press("backspace", "backspace")
        await pilot.pause()
        assert str(note.content) == "Enter takes it."


@pytest.mark.parametrize(
    ("keys", "answer"),
    [([*"yes", "enter"], True), (["y", "enter"], False), (["escape"], None), (["ctrl+s"], True)],
)
async def test_a_question_needs_the_whole_word(shell: CrmApp, keys: list[str], answer: bool | None) -> None:
    answers: list[bool | None] = []
    async with shell.run_test() as pilot:
        shell.push_screen(Confirm("Delete 30 letters for good?"), answers.append)
        await pilot.pause()
        await pilot.press(*keys)
        assert answers == [answer]
