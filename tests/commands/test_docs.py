"""docs/keys.md is what the tables say."""

from pathlib import Path

from crm_tui.commands import docs, registry
from crm_tui.commands.complaints import complaints
from crm_tui.commands.keymap import Keymap
from crm_tui.commands.places import HEADINGS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "keys.md"


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text("utf-8") == docs.page(), "python -m crm_tui.commands.docs > docs/keys.md"


def test_every_command_is_on_the_page_and_every_scope_has_a_name() -> None:
    text = PAGE.read_text("utf-8")
    assert [command.id for command in registry.all_commands() if command.id not in text] == []
    assert set(registry.by_scope()) == set(HEADINGS)


def test_complaints_name_both_commands_and_what_is_not_understood() -> None:
    lines = complaints(
        Keymap(
            {
                "mail": {"M": "delete", "Y": "explode", "ctrl+nokey": "delete"},
                "mial": {"q": "mail.move"},
                "": {"Q": "x"},
            }
        )
    )
    assert lines == [
        "key M: “Delete” (mail.delete) takes it from “Move to folder” (mail.move)",
        "[keys.mail] Y = explode: there is no such command",
        "[keys.mail] ctrl+nokey = delete: this is not a key",
        "[keys.mial] q = mail.move: there is no such place",
        "[keys] Q = x: there is no such command",
    ]


def test_the_tables_alone_give_no_complaint() -> None:
    assert complaints(Keymap()) == []
