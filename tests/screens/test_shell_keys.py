"""Keys through the real app: modes, chords, layouts, text fields, marks of who may act."""

from collections.abc import Callable
from typing import ClassVar

import pytest
from textual import events
from textual.app import ComposeResult
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.app import CrmApp
from crm_tui.domain.errors import Refused
from crm_tui.screens.base import CrmScreen
from crm_tui.widgets.text_field import TextBox, TextField
from tests.waiting import settled

LETTERS = {
    "latin": "",
    "ru": dict(zip("qwertyuiop[]asdfghjkl;'zxcvbnm,.", "йцукенгшщзхъфывапролджэячсмитьбю", strict=True)),
    "uk": dict(zip("qwertyuiop[]asdfghjkl;'zxcvbnm,.", "йцукенгшщзхїфівапролджєячсмитьбю", strict=True)),
    "kk": dict(
        zip("qwertyuiop[]asdfghjkl;'zxcvbnm,.2345890", "йцукенгшщзхъфывапролджэячсмитьбюәіңғүұқ", strict=True)
    ),
}


class Desk(CrmScreen[None]):
    """A place with a few commands that write down what was done."""

    SCOPES: ClassVar[tuple[str, ...]] = ("mail",)

    def __init__(self) -> None:
        super().__init__()
        self.done: list[tuple[str, str]] = []

    def compose_body(self) -> "list[Widget]":
        return [Pane(), TextField(id="line"), TextBox(id="box")]

    def command_mail_accept(self, argument: str = "") -> None:
        self.done.append(("accept", argument))

    def command_mail_move(self, argument: str = "") -> None:
        self.done.append(("move", argument))

    def command_mail_delete(self, argument: str = "") -> None:
        raise Refused("needs_a_person")

    def can_mail_decline(self) -> str:
        return "no letter is open"

    def command_mail_decline(self, argument: str = "") -> None:
        self.done.append(("decline", argument))

    async def command_mail_task(self, argument: str = "") -> None:
        self.done.append(("task", argument))


class Pane(Static, can_focus=True):
    """Something without text to have the focus."""

    def compose(self) -> ComposeResult:
        return iter(())


async def type_as(pilot: Pilot[int], layout: str, keys: str) -> None:
    """Type what the keys of a US keyboard type in a layout."""
    for key in keys:
        letter = LETTERS[layout][key.lower()] if layout != "latin" and key.lower() in LETTERS[layout] else key
        letter = letter.upper() if key.isupper() else letter
        pilot.app.post_message(events.Key(_character_to_key(letter), letter))
        await pilot.pause()


async def at_desk(pilot: Pilot[int]) -> Desk:
    desk = Desk()
    await pilot.app.push_screen(desk)
    desk.query_one(Pane).focus()
    await pilot.pause()
    return desk


@pytest.mark.parametrize("layout", sorted(LETTERS))
async def test_c_20_chords_and_letters_work_in_every_layout(
    make_shell: Callable[..., CrmApp], layout: str
) -> None:
    shell = make_shell(f'[keys]\nlayout = "{layout}"\n')
    async with shell.run_test() as pilot:
        await type_as(pilot, layout, "gk")
        assert shell.current_mode == "calendar"
        await type_as(pilot, layout, "gM")
        assert shell.current_mode == "mail"
        desk = await at_desk(pilot)
        await type_as(pilot, layout, "aM")
        assert desk.done == [("accept", ""), ("move", "")]


@pytest.mark.parametrize(("layout", "digits"), [("latin", "1234"), ("ru", "1234"), ("kk", "2345")])
async def test_digits_go_to_modes(make_shell: Callable[..., CrmApp], layout: str, digits: str) -> None:
    shell = make_shell(f'[keys]\nlayout = "{layout}"\n')
    seen = []
    async with shell.run_test() as pilot:
        for digit in digits:
            await type_as(pilot, layout, digit)
            seen.append(shell.current_mode)
    modes = {"1": "mail", "2": "tasks", "3": "calendar", "4": "interests", "5": "interests"}
    assert seen == [modes[digit] for digit in digits]


async def test_f_keys_go_to_modes(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        for key, mode in (
            ("f2", "mail"),
            ("f3", "tasks"),
            ("f4", "calendar"),
            ("f5", "interests"),
            ("f6", "today"),
        ):
            await pilot.press(key)
            assert shell.current_mode == mode


@pytest.mark.parametrize(
    "key", ["ctrl+з", "ctrl+cyrillic_small_letter_ze", "ctrl+cyrillic_capital_letter_ze", "ctrl+p"]
)
@pytest.mark.parametrize("typing", [False, True])
async def test_ctrl_with_a_cyrillic_letter_is_the_latin_one(shell: CrmApp, key: str, typing: bool) -> None:
    async with shell.run_test() as pilot:
        desk = await at_desk(pilot)
        if typing:
            desk.query_one("#line").focus()
            await pilot.pause()
        shell.post_message(events.Key(key, None))
        await pilot.pause()
        assert type(shell.screen).__name__ == "Palette"


@pytest.mark.parametrize("field", ["#line", "#box"])
async def test_what_is_typed_is_never_eaten(shell: CrmApp, field: str) -> None:
    typed = "1qaGg?:.*иоИ Ж/"
    async with shell.run_test() as pilot:
        desk = await at_desk(pilot)
        desk.query_one(field).focus()
        await pilot.pause()
        for letter in typed:
            shell.post_message(events.Key("space" if letter == " " else _character_to_key(letter), letter))
        await pilot.pause()
        widget = desk.query_one(field)
        assert (widget.value if isinstance(widget, TextField) else widget.text) == typed  # type: ignore[attr-defined]
        assert desk.done == []
        assert shell.screen is desk


async def test_a_field_is_left_with_escape_and_f_keys_work_in_it(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        desk = await at_desk(pilot)
        desk.query_one("#line").focus()
        await pilot.pause()
        await pilot.press("f1")
        assert type(shell.screen).__name__ == "Help"
        await pilot.press("escape")
        assert shell.screen is desk
        await pilot.press("tab")
        assert desk.focused is desk.query_one("#box")
        await pilot.press("escape")
        assert isinstance(desk.focused, Pane)
        await pilot.press("a")
        assert desk.done == [("accept", "")]


async def test_an_unfinished_chord_shows_the_ways_on_and_escape_gives_it_up(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        desk = await at_desk(pilot)
        await pilot.press("g")
        footer = str(desk.query_one("Footer").render())  # type: ignore[attr-defined]
        assert "k Calendar" in footer
        await pilot.press("escape")
        assert shell.screen is desk
        assert "k Calendar" not in str(desk.query_one("Footer").render())  # type: ignore[attr-defined]
        await pilot.press("g", "z", "a")
        assert desk.done == [("accept", "")]
        assert shell.current_mode == "today"


async def test_a_refusal_says_why_and_changes_nothing(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        desk = await at_desk(pilot)
        await pilot.press("x")
        assert "no letter is open" in shell.message
        assert desk.done == []
        await pilot.press("D")
        assert shell.message == "! Only a person can do this."
        await pilot.press("a")
        assert shell.message == ""


async def test_l_20_repeat_does_the_last_act_again_with_its_argument(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        desk = await at_desk(pilot)
        await pilot.press(".")
        assert "Nothing to repeat" in shell.message
        shell.run_command("mail.move", "Archive")
        await pilot.press("a", ".", ".")
        assert desk.done == [("move", "Archive"), ("accept", ""), ("move", "Archive"), ("move", "Archive")]


@pytest.mark.parametrize(("layout", "key"), [("latin", "j"), ("ru", "о")])
async def test_a_key_that_nothing_takes_is_answered_and_text_is_not(
    make_shell: Callable[..., CrmApp], layout: str, key: str
) -> None:
    shell = make_shell(f'[keys]\nlayout = "{layout}"\n')
    async with shell.run_test() as pilot:
        desk = await at_desk(pilot)
        await pilot.press(key)
        await settled(pilot, lambda: shell.message.startswith("j does nothing here"))
        await pilot.press("g", "@")
        await settled(pilot, lambda: shell.message.startswith("g @ does nothing here"))
        desk.query_one("#line").focus()
        await pilot.press(key)
        await settled(pilot, lambda: desk.query_one("#line", TextField).value == key)
        assert shell.message == ""


async def test_a_coroutine_may_carry_out_a_command(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        desk = await at_desk(pilot)
        await pilot.press("t")
        await shell.workers.wait_for_complete()
        assert desk.done == [("task", "")]


async def test_a_users_key_gives_an_argument(make_shell: Callable[..., CrmApp]) -> None:
    shell = make_shell('[keys.mail]\n"A" = "move Archive"\n"zz" = "accept"\n')
    async with shell.run_test() as pilot:
        desk = await at_desk(pilot)
        await pilot.press("A", "z", "z")
        assert desk.done == [("move", "Archive"), ("accept", "")]


async def test_a_clash_of_keys_is_said_with_both_names(make_shell: Callable[..., CrmApp]) -> None:
    shell = make_shell('[keys.mail]\n"M" = "delete"\n')
    async with shell.run_test() as pilot:
        await pilot.pause()
        assert "Delete" in shell.message
        assert "Move to folder" in shell.message


async def test_escape_and_q_go_back_and_stop_at_the_base(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        await at_desk(pilot)
        await pilot.press("q")
        base = shell.screen
        assert not isinstance(base, Desk)
        await pilot.press("q", "escape")
        assert shell.screen is base


async def test_a_mode_keeps_its_place_and_its_key_again_goes_to_its_base(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        await pilot.press("1")
        desk = await at_desk(pilot)
        await pilot.press("2", "1")
        assert shell.screen is desk
        await pilot.press("1")
        assert shell.screen is not desk


async def test_l_20_every_command_may_be_run_by_name_without_a_crash_where_nothing_does_it(
    shell: CrmApp,
) -> None:
    async with shell.run_test() as pilot:
        await pilot.pause()
        assert shell.run_command("reminder.dismiss") is False
