"""Commands about colleagues: handing work over, absence."""

from crm_tui.commands.command import act
from crm_tui.i18n import N_

COMMANDS = (
    act(
        "everywhere.handover",
        N_("Hand over work"),
        N_("Hand the open work of one colleague over to another, for good or for an absence."),
        repeatable=False,
    ),
    act(
        "everywhere.absence",
        N_("Absence"),
        N_("Say that a colleague is away, and who stands in; or that an absence is over."),
        repeatable=False,
    ),
)
"""``everywhere``: work is handed over from any place."""
