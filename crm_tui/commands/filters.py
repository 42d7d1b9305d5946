"""Commands of filters: on every list that can be filtered, in the forms, and in the tree of saved filters."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "list.filter",
        N_("Filter"),
        N_("Show only what fits a form: period, names, words, or one field compared with a value."),
        "f",
        argument="text",
    ),
    look(
        "list.saved_filters",
        N_("Saved filters"),
        N_("Choose one of the saved filters, or keep the filter in force."),
        "F",
    ),
    look("filter.find", N_("Find"), N_("Show what fits the form."), "ctrl+s", footer=True),
    look(
        "filter.more",
        N_("More conditions"),
        N_("Go on in the editor of conditions: groups of any, all and none, with every field."),
        "ctrl+e",
        footer=True,
    ),
    look(
        "filters.apply_everywhere",
        N_("Apply to all folders"),
        N_("Apply the filter under the cursor to everything, not only to what is shown."),
        "a",
        footer=True,
    ),
    act(
        "filters.save",
        N_("Save current"),
        N_("Keep the filter in force under a name, in the folder under the cursor."),
        "n",
        argument="text",
        footer=True,
        repeatable=False,
    ),
    act(
        "filters.folder",
        N_("New folder"),
        N_("Make a folder of filters."),
        "N",
        argument="text",
        repeatable=False,
    ),
    act(
        "filters.change",
        N_("Change conditions"),
        N_("Change what the filter asks for; a folder of filters gets another name."),
        "e",
        footer=True,
        repeatable=False,
    ),
    act(
        "filters.rename",
        N_("Rename"),
        N_("Give the filter or folder another name."),
        "r",
        argument="text",
        repeatable=False,
    ),
    act(
        "filters.move",
        N_("Move"),
        N_("Put the filter or folder into another folder, one's own or everybody's."),
        "M",
        repeatable=False,
    ),
    act(
        "filters.delete",
        N_("Delete"),
        N_("Remove the filter or the empty folder."),
        "D",
        footer=True,
        repeatable=False,
    ),
    look(
        "condition.add", N_("Add condition"), N_("Add a comparison to the group at hand."), "n", footer=True
    ),
    look("condition.add_group", N_("Add group"), N_("Add a group of conditions to the group at hand."), "N"),
    look(
        "condition.change",
        N_("Change"),
        N_("Change the comparison; of a group, whether all, any or none must hold."),
        "e",
        footer=True,
    ),
    look("condition.delete", N_("Delete"), N_("Take the condition or the group away."), "D", footer=True),
    look("condition.done", N_("Take them"), N_("Take the conditions as they stand."), "ctrl+s", footer=True),
)
