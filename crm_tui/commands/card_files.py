"""Commands of the files attached to cards, and of their versions."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "everywhere.card_files",
        N_("Files of the card"),
        N_("List the files attached to the record under the cursor, with all their versions."),
        "g A",
        argument="text",
    ),
    act(
        "card_files.attach",
        N_("Attach a file"),
        N_("Attach a file of this computer; one of that name gets a new version."),
        "a",
        argument="path",
        footer=True,
        repeatable=False,
    ),
    look(
        "card_files.open",
        N_("Open in a program"),
        N_("Hand the file to the program for its type."),
        "o",
        footer=True,
    ),
    look(
        "card_files.save",
        N_("Save"),
        N_("Save the file into a folder of this computer."),
        "s",
        argument="path",
        footer=True,
    ),
    look(
        "card_files.versions",
        N_("Versions"),
        N_("List all versions of the file: who put it here, when and why."),
        "v",
        footer=True,
    ),
    act(
        "card_files.rename",
        N_("Rename"),
        N_("Give the file another name."),
        "r",
        argument="text",
        repeatable=False,
    ),
    act(
        "card_files.remove",
        N_("Remove the file"),
        N_("Take the file away from the card with all its versions."),
        "D",
        takes_marks=True,
    ),
    act(
        "file_versions.revert",
        N_("Make it the newest"),
        N_("Let the version under the cursor be the newest again; those after it stay."),
        "r",
        footer=True,
        repeatable=False,
    ),
    act(
        "files.keep",
        N_("Keep on a card"),
        N_("Attach this file to the card of an Interest, customer, contact person or lead."),
        "c",
        argument="text",
        footer=True,
        repeatable=False,
    ),
)
