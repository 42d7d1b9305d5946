"""Commands of the My Tasks screen and of a task that is open."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    act(
        "tasks.new",
        N_("New task"),
        N_("Add a task in one line; the date may be written in words: call Olga tomorrow 15:00."),
        "n",
        argument="text",
        footer=True,
        repeatable=False,
    ),
    act("tasks.edit", N_("Edit"), N_("Change the task."), "e", footer=True, repeatable=False),
    act("tasks.done", N_("Done"), N_("Say that the task is done."), "d", footer=True, takes_marks=True),
    act(
        "tasks.move",
        N_("Move to another day"),
        N_("Give another due date, in words or figures."),
        "z",
        argument="date",
        footer=True,
        takes_marks=True,
    ),
    look(
        "tasks.why",
        N_("Why so urgent"),
        N_("Show what the urgency of the task is made of; :sort urgency puts the most urgent first."),
        "W",
    ),
    act("tasks.delete", N_("Delete"), N_("Delete the task."), "D", takes_marks=True),
)
