"""Commands of a letter being written, and of the look at it before it is sent."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "compose.review",
        N_("Send …"),
        N_("Show the letter once more; there it is sent, changed or thrown away."),
        "ctrl+s",
        footer=True,
    ),
    act(
        "review.send",
        N_("Send the letter"),
        N_("Send the letter; for ten seconds undo calls it back."),
        "y",
        footer=True,
        repeatable=False,
    ),
    look("review.edit", N_("Edit"), N_("Go on writing."), "e", footer=True),
    act(
        "review.discard",
        N_("Throw the letter away"),
        N_("Throw the letter away; undo brings it back as a draft."),
        "q",
        footer=True,
        repeatable=False,
    ),
)
