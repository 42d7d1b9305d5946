"""Commands of import and export."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "everywhere.import",
        N_("Import a file"),
        N_("Bring customers, contact persons, leads or Interests in from a file: `:import leads fair.csv`."),
        argument="text",
    ),
    look(
        "list.export",
        N_("Export the list"),
        N_(
            "Write the list as filtered, or its marked rows, into a file: `:export FILE.csv` (xlsx, vcf, json)."
        ),
        argument="text",
    ),
    act(
        "imports.go_on",
        N_("Go on"),
        N_("Try the import without writing anything; then, its figures seen, carry it out."),
        "y",
        footer=True,
        repeatable=False,
    ),
    look(
        "imports.change",
        N_("Change"),
        N_("Say where the column goes, or how the file is read."),
        "e",
        footer=True,
    ),
    look("imports.leave_out", N_("Leave the column out"), N_("The column goes nowhere."), "D", footer=True),
    look(
        "imports.fix",
        N_("For every row"),
        N_("Say what every row gets that says nothing itself."),
        "n",
        footer=True,
    ),
    look("imports.back", N_("Other mapping"), N_("Go back to where the columns go."), "o"),
)
