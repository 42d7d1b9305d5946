"""Commands of the lists of words that people choose from."""

from crm_tui.commands.command import act
from crm_tui.i18n import N_

COMMANDS = (
    act(
        "words.add",
        N_("New word"),
        N_("Add a word to the list that the cursor stands in."),
        "n",
        argument="text",
        footer=True,
        repeatable=False,
    ),
    act(
        "words.rename",
        N_("Rename"),
        N_("Show the word under another name; records keep it."),
        "e",
        argument="text",
        footer=True,
        repeatable=False,
    ),
    act("words.archive", N_("Offer no more"), N_("Offer the word no more, or again."), "D", footer=True),
    act("words.up", N_("Earlier"), N_("Move the word one place up."), "K"),
    act("words.down", N_("Later"), N_("Move the word one place down."), "J"),
)
