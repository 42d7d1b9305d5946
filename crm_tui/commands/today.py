"""Commands of the Today screen."""

from crm_tui.commands.command import act
from crm_tui.i18n import N_

COMMANDS = (
    act("today.done", N_("Done"), N_("Say that the task under the cursor is done."), "d", footer=True),
    act(
        "today.new_task",
        N_("New task"),
        N_("Add a task in one line; the date may be written in words."),
        "n",
        argument="text",
        footer=True,
        repeatable=False,
    ),
    act(
        "today.move",
        N_("Move to another day"),
        N_("Give the task another due date, in words or figures."),
        "z",
        argument="date",
        footer=True,
    ),
    act(
        "today.accept",
        N_("Accept inquiry"),
        N_("Take the letter under the cursor into work."),
        "a",
        footer=True,
        repeatable=False,
    ),
)
