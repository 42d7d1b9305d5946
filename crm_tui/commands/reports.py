"""Commands of the reports and of the dynamics of deals."""

from crm_tui.commands.command import look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "everywhere.report",
        N_("Reports"),
        N_(
            "Show a report: the funnel, how fast Interests go, why they end, what everybody did, what stands."
        ),
        argument="choice:funnel,speed,reasons,activity,stale",
    ),
    look(
        "report.which", N_("Another report"), N_("Choose another report."), "r", argument="text", footer=True
    ),
    look(
        "everywhere.dynamics",
        N_("Deal dynamics"),
        N_("Show what came into each state of a scenario, what went on, and what is stuck."),
    ),
    look(
        "figures.period",
        N_("Period"),
        N_("Look back over another period: last month, this quarter, or any days."),
        "p",
        argument="text",
        footer=True,
    ),
    look("figures.scenario", N_("Scenario"), N_("Choose another scenario."), "o", footer=True),
    look("figures.mine", N_("Mine, all"), N_("Only what is mine, or everybody's."), "v", footer=True),
)
