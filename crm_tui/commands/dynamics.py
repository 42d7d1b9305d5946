"""Commands of the dynamics of deals."""

from crm_tui.commands.command import look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "everywhere.dynamics",
        N_("Deal dynamics"),
        N_("Show what came into each state of a scenario, what went on, and what is stuck."),
    ),
    look("dynamics.period", N_("Period"), N_("Look back over the next longer period."), "p", footer=True),
    look("dynamics.which", N_("Scenario"), N_("Choose another scenario."), "o", footer=True),
    look("dynamics.mine", N_("Mine, all"), N_("Only my Interests, or everybody's."), "v", footer=True),
)
