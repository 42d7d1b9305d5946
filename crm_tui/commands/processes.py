"""Commands of a process: on the card of its Interest, and in the form of a step that is done elsewhere."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    act(
        "process.do",
        N_("Do"),
        N_("Complete the step: with its outcome, its result, or the reason why it failed."),
        "d",
        footer=True,
        repeatable=False,
    ),
    look(
        "process.way",
        N_("Way"),
        N_("Show the route map of the process: what was passed, where it is, what lies ahead."),
        "W",
        footer=True,
    ),
    act(
        "process.assign",
        N_("Another performer"),
        N_("Give the step of the process to a colleague."),
        "A",
        argument="text",
        repeatable=False,
    ),
    act(
        "process.resume",
        N_("Resume the process"),
        N_("Let a process that was stopped go on, once what hindered it was mended."),
        repeatable=False,
    ),
    look(
        "process.card",
        N_("Open the card"),
        N_("Open the card that the process is about."),
        "o",
        footer=True,
    ),
    act(
        "process.call",
        N_("Log a call"),
        N_("Write down a call that took place."),
        "c",
        footer=True,
        repeatable=False,
    ),
)
