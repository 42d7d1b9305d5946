"""Commands of the list of templates of letters."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "everywhere.templates",
        N_("Templates"),
        N_("Show the templates of letters and the saved replies; make, change and delete them."),
        "g y",
    ),
    act("templates.add", N_("New"), N_("Write a new template."), "n", footer=True, repeatable=False),
    act("templates.change", N_("Change"), N_("Change the template under the cursor."), "e", repeatable=False),
    act("templates.delete", N_("Delete"), N_("Delete the template under the cursor."), "D", footer=True),
)
