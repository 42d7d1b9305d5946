"""The command that says whether business processes are used."""

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
)
