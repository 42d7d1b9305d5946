"""Commands of the screen of personal settings."""

from crm_tui.commands.command import look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "settings.change",
        N_("Change"),
        N_("Give the setting another value; it is in force at once."),
        "e",
        argument="text",
        footer=True,
    ),
    look("settings.reset", N_("Default"), N_("Give the setting its default value again."), "d", footer=True),
)
