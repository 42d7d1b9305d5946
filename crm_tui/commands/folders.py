"""Commands of the list of mail folders."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "everywhere.folders",
        N_("Manage folders"),
        N_("Make, rename, move and delete folders; choose which are synced, and how much of them."),
        "g F",
    ),
    act(
        "folders.new",
        N_("New folder"),
        N_("Make a folder within this one, or beside the first ones; the server gets it too."),
        "n",
        argument="text",
        footer=True,
    ),
    act(
        "folders.rename",
        N_("Rename"),
        N_("Give the folder another name."),
        "e",
        argument="text",
        footer=True,
    ),
    act("folders.move", N_("Move"), N_("Put the folder under another one."), "M", footer=True),
    act(
        "folders.delete",
        N_("Delete"),
        N_("Delete the folder; its letters go to the trash."),
        "D",
        footer=True,
    ),
    act(
        "folders.subscribe",
        N_("Subscribe"),
        N_("Sync the folder, or no longer; the server is told."),
        "s",
        footer=True,
        takes_marks=True,
    ),
    act(
        "folders.keep",
        N_("How much is kept here"),
        N_("Everything, only the headers (texts when they are opened), or nothing."),
        "o",
        argument="choice:full,headers,none",
        takes_marks=True,
    ),
    act(
        "folders.age",
        N_("How old texts are kept"),
        N_("Days after which texts are fetched only when they are opened."),
        "a",
        argument="text",
        takes_marks=True,
    ),
)
