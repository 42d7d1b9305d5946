"""Commands of the list of notifications."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "everywhere.notifications",
        N_("Notifications"),
        N_("Show what you were told of, also while you were away."),
        "g n",
    ),
    act(
        "notifications.read",
        N_("Put away"),
        N_("Count as looked at, or as not looked at."),
        "d",
        "o",
        footer=True,
        takes_marks=True,
    ),
    act("notifications.read_all", N_("Put all away"), N_("Count all as looked at."), "A", footer=True),
)
