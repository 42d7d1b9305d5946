"""Commands of how a list of records looks: its columns, and the looks of its rows in a list of their own."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "records.columns",
        N_("Columns"),
        N_("Choose the columns of the list and their order; fields of one's own are among them."),
        "Y",
        argument="text",
    ),
    look(
        "records.row_looks",
        N_("Looks of rows"),
        N_("How rows of this list are marked: conditions, each with a mark and a style."),
    ),
    act(
        "row_looks.add",
        N_("New look"),
        N_("Say which rows are to be marked, and how."),
        "n",
        footer=True,
        repeatable=False,
    ),
    act(
        "row_looks.change",
        N_("Change conditions"),
        N_("Change which rows the look under the cursor is for."),
        "e",
        repeatable=False,
    ),
    act(
        "row_looks.mark",
        N_("Mark"),
        N_("Choose another mark for the look under the cursor."),
        "b",
        argument="text",
        footer=True,
    ),
    act(
        "row_looks.style",
        N_("Style"),
        N_("Choose another style for the look under the cursor."),
        "s",
        argument="text",
        footer=True,
    ),
    act("row_looks.toggle", N_("On or off"), N_("Put the look on rows, or let it rest."), "x", footer=True),
    act("row_looks.up", N_("Earlier"), N_("Try the look earlier: the first that holds is put on."), "K"),
    act("row_looks.down", N_("Later"), N_("Try the look later."), "J"),
    act(
        "row_looks.share",
        N_("For everybody"),
        N_("Let everybody have the look, or keep it for oneself."),
        "S",
    ),
    look(
        "row_looks.try",
        N_("Try"),
        N_("Say of how many records each look's condition holds now. Nothing is written."),
        "t",
        footer=True,
    ),
    act("row_looks.delete", N_("Delete"), N_("Take the look away; the records stay."), "D", footer=True),
)
