"""Commands of the outbox."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look("outbox.edit", N_("Edit"), N_("Take the letter back and go on writing it."), "e", footer=True),
    act(
        "outbox.cancel",
        N_("Cancel"),
        N_("Do not send the letter, or take back what the server does not know yet."),
        "D",
        "x",
        footer=True,
        takes_marks=True,
    ),
    act(
        "outbox.send_now",
        N_("Send now"),
        N_("Send the letter at once, without waiting for its time or the next try."),
        "y",
        footer=True,
        takes_marks=True,
    ),
    act(
        "outbox.resolve",
        N_("Was it sent?"),
        N_("Say what became of a letter of which nobody knows whether the server took it."),
        "a",
        footer=True,
        repeatable=False,
    ),
)
