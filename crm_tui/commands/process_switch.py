"""The commands that say whether business processes are used, and with which edition the company works."""

from crm_tui.commands.command import act
from crm_tui.i18n import N_

COMMANDS = (
    act(
        "everywhere.business_processes",
        N_("Business processes on, off"),
        N_(
            "Use business processes and tasks, or move states by hand; everybody at this store, by an administrator."
        ),
        argument="choice:on,off",
        repeatable=False,
    ),
    act(
        "everywhere.edition",
        N_("Edition"),
        N_("Say which edition the company works with: base, prof or corp; by an administrator."),
        argument="choice:base,prof,corp",
        repeatable=False,
    ),
)
