"""Commands on the marked rows of a list of records, or on the row under the cursor (C-09, L-21)."""

from crm_tui.commands.command import act
from crm_tui.i18n import N_

COMMANDS = (
    act(
        "records.owner",
        N_("Another owner"),
        N_("Give the records to another user; tasks to another assignee."),
        "A",
        argument="text",
        takes_marks=True,
    ),
    act(
        "records.change_field",
        N_("Change one field"),
        N_("Choose a field and give it the same value in all marked records."),
        "b",
        takes_marks=True,
    ),
    act(
        "records.task",
        N_("A task for each"),
        N_("Make a task, typed in one line, for each of the records."),
        "T",
        argument="text",
        takes_marks=True,
    ),
    act(
        "records.keep",
        N_("Keep as a segment"),
        N_(
            "Keep the marked records, or all that the filter finds, under a name that other filters can ask for."
        ),
        "K",
        argument="text",
        takes_marks=True,
        repeatable=False,
    ),
    act(
        "records.drop_segment",
        N_("Delete a segment"),
        N_("Forget a kept result; its records stay."),
        argument="text",
        repeatable=False,
    ),
)
