"""The key of a command as it is shown in a text."""

from typing import TYPE_CHECKING

from crm_tui.commands import registry, strokes

if TYPE_CHECKING:
    from crm_tui.screens.base import Shell


def key_of(shell: "Shell", command: str) -> str:
    """The first key of the command as the person has it now; empty where it has none."""
    chords = shell.keymap.chords(registry.by_id()[command])
    return strokes.show(chords[0]).replace(" ", "") if chords else ""
