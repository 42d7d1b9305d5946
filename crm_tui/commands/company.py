"""Commands that say something for the whole company."""

from crm_tui.commands.command import act
from crm_tui.i18n import N_

COMMANDS = (
    act(
        "everywhere.currency",
        N_("Currency of the company"),
        N_("Say in which currency amounts are where none is typed; by an administrator."),
        argument="text",
        repeatable=False,
    ),
)
