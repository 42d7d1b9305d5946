"""Commands of forms and dialogs."""

from crm_tui.commands.command import act
from crm_tui.i18n import N_

COMMANDS = (
    act(
        "form.save",
        N_("Save"),
        N_("Keep what is filled in and close."),
        "ctrl+s",
        footer=True,
        repeatable=False,
    ),
)
