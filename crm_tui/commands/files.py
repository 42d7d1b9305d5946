"""Commands of the files of a letter, and of one that is shown."""

from crm_tui.commands.command import look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "files.open",
        N_("Open in a program"),
        N_("Hand the file to the program for its type."),
        "o",
        footer=True,
    ),
    look("files.save", N_("Save"), N_("Save this file into a folder."), "s", argument="path", footer=True),
    look(
        "files.save_all",
        N_("Save all"),
        N_("Save all files into a folder."),
        "a",
        argument="path",
        footer=True,
    ),
    look(
        "files.pipe",
        N_("Pipe into a program"),
        N_("Give the file to a program as its input, and show what it prints."),
        "|",
        "\\",
        argument="text",
        footer=True,
    ),
)
