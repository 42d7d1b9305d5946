"""Commands of every list."""

from crm_tui.commands.command import look
from crm_tui.i18n import N_

COMMANDS = (
    look("list.open", N_("Open"), N_("Open the row under the cursor."), "enter", footer=True),
    look("list.down", N_("Down"), N_("Move the cursor one row down."), "j", "down"),
    look("list.up", N_("Up"), N_("Move the cursor one row up."), "k", "up"),
    look("list.page_down", N_("Page down"), N_("Move the cursor one page down."), "pagedown", "ctrl+d"),
    look("list.page_up", N_("Page up"), N_("Move the cursor one page up."), "pageup", "ctrl+u"),
    look("list.first", N_("First row"), N_("Move the cursor to the first row."), "g g", "home"),
    look("list.last", N_("Last row"), N_("Move the cursor to the last row."), "G", "end"),
    look(
        "list.search",
        N_("Search"),
        N_("Show only the rows that contain the words."),
        "/",
        "ctrl+f",
        footer=True,
    ),
    look("list.mark", N_("Mark"), N_("Mark the row, or take the mark off, and go one down."), "space"),
    look("list.mark_all", N_("Mark all found"), N_("Mark all rows shown, or take all marks off."), "V"),
    look(
        "list.mark_range",
        N_("Mark a range"),
        N_("Mark every row the cursor passes from here on; again, to stop."),
        "ctrl+space",
    ),
    look(
        "list.sort",
        N_("Sort"),
        N_("Sort by the next column, or by the column named; again turns the order round."),
        "O",
        argument="text",
    ),
)
