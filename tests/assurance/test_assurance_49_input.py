"""Row 49: what the terminal sends is never a command by accident; what is pasted is text."""

from collections.abc import Callable

import pytest
from textual import events

from crm_tui.app import CrmApp
from crm_tui.widgets.driver.keyboard import Keyboard, Text
from crm_tui.widgets.driver.kitty_keys import normal
from tests.screens.conftest import make_shell, ports, shell, store  # noqa: F401 - fixtures
from tests.screens.test_shell_keys import Desk, Pane

PASTED = "D\nDelete\r\nxQ\x1b[31m:quit\n"


async def test_assurance_49_a_paste_without_a_field_does_nothing(shell: CrmApp) -> None:  # noqa: F811
    async with shell.run_test() as pilot:
        desk = Desk()
        await shell.push_screen(desk)
        desk.query_one(Pane).focus()
        await pilot.pause()
        shell.post_message(events.Paste(PASTED))
        await pilot.pause()
        assert desk.done == []
        assert shell.screen is desk


@pytest.mark.parametrize(
    ("field", "text"), [("#line", "D Delete xQ␛[31m:quit"), ("#box", "D\nDelete\nxQ␛[31m:quit\n")]
)
async def test_assurance_49_a_paste_is_text_without_control_characters(
    make_shell: Callable[..., CrmApp],  # noqa: F811
    field: str,
    text: str,
) -> None:
    shell = make_shell()  # noqa: F811
    async with shell.run_test() as pilot:
        desk = Desk()
        await shell.push_screen(desk)
        widget = desk.query_one(field)
        widget.focus()
        await pilot.pause()
        shell.post_message(events.Paste(PASTED))
        await pilot.pause()
        assert getattr(widget, "value" if field == "#line" else "text") == text
        assert desk.done == []


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("1089::99;5", "99;5"),
        ("1089:1057:99;6", "99;6"),
        ("1086::106;1;1086", "1086;1;1086"),
        ("1086:1054:106;2;1054", "1086;2;1054"),
        ("99;5:1", "99;5"),
        ("1089::99", "1089"),
        ("1089::;5", "1089;5"),
    ],
)
def test_assurance_49_kitty_keys_with_alternates_are_plain_ones(sent: str, read: str) -> None:
    assert normal(sent) == read
    if ":" in sent:
        assert Keyboard().feed(f"\x1b[{sent}u") == [Text(f"\x1b[{read}u")]
