"""Commands of the reminder popup and of its list when several are due."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look("reminder.open", N_("Open"), N_("Open what it reminds of."), "enter", footer=True),
    act(
        "reminder.done",
        N_("Done"),
        N_("Say that what it reminds of is done."),
        "d",
        footer=True,
        takes_marks=True,
    ),
    act(
        "reminder.snooze",
        N_("Snooze"),
        N_("Remind again later: 1 in 10 minutes, 2 in an hour, 3 tomorrow morning, or a time in words."),
        "z",
        argument="date",
        footer=True,
        takes_marks=True,
    ),
    act("reminder.dismiss", N_("Dismiss"), N_("Do not remind again."), "X", footer=True, takes_marks=True),
)
