"""Commands of the board: the cursor goes over columns, cards go from one to the next."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look("board.left", N_("Column to the left"), N_("Go to the column on the left."), "h", "left"),
    look("board.right", N_("Column to the right"), N_("Go to the column on the right."), "l", "right"),
    act(
        "board.on",
        N_("Card to next state"),
        N_("Move the marked cards, or the one under the cursor, to the column on the right."),
        "L",
        ">",
        footer=True,
        takes_marks=True,
    ),
    act(
        "board.back",
        N_("Card to state before"),
        N_("Move the marked cards, or the one under the cursor, to the column on the left."),
        "H",
        "<",
        footer=True,
        takes_marks=True,
    ),
    look(
        "board.scenario",
        N_("Another scenario"),
        N_("Show the board of the next scenario, or of the one named."),
        "S",
        argument="text",
    ),
)
