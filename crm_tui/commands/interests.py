"""Commands of the Interests screen and of an Interest that is open."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    act(
        "interest.new", N_("New Interest"), N_("Open a new Interest."), "n", argument="text", repeatable=False
    ),
    act("interest.edit", N_("Edit"), N_("Change the fields of the Interest."), "e", repeatable=False),
    act(
        "interest.change_state",
        N_("Change state"),
        N_("Move the Interest to another state of its scenario, with a comment."),
        "s",
        argument="text",
        footer=True,
        takes_marks=True,
    ),
    act(
        "interest.write",
        N_("Write a letter"),
        N_(
            "Write to whoever the Interest is for; the files of its documents that did not go out yet are "
            "attached."
        ),
        "w",
        repeatable=False,
    ),
    act(
        "interest.fail",
        N_("Close as lost"),
        N_(
            "Close the Interest as lost, with a reason from the list; what was to be done in it is cancelled, "
            "and the process that controls it is ended early."
        ),
        "E",
        takes_marks=True,
    ),
    act(
        "interest.reopen",
        N_("Open again"),
        N_("Let a closed Interest go on in the state it was closed from."),
    ),
    act(
        "interest.trash",
        N_("To trash"),
        N_("Put the Interest into the trash; bring one back that lies there."),
        "D",
        takes_marks=True,
    ),
    act("interest.log_call", N_("Log a call"), N_("Write down a call that took place."), "c", footer=True),
    act(
        "interest.plan_contact",
        N_("Plan the next contact"),
        N_("Say when and how to get in touch next."),
        "z",
        argument="date",
        footer=True,
    ),
    act("interest.task", N_("Task from this"), N_("Make a task within the Interest."), "t", argument="text"),
    act(
        "interest.task_done",
        N_("Do"),
        N_(
            "Complete the step of the process, with its outcome; without a process, say that the next open task "
            "of the Interest is done."
        ),
        "d",
        footer=True,
    ),
    look(
        "interest.correspondence",
        N_("Correspondence"),
        N_("Show all letters from and to the customer of the Interest, in Mail."),
        "h",
    ),
    look(
        "interest.view",
        N_("Other view"),
        N_("The list or the board; of an Interest the timeline, products, receipts or people."),
        "v",
        argument="text",
        footer=True,
    ),
    look("interest.in_trash", N_("Trash"), N_("Show the Interests in the trash, or the others again."), "X"),
    look("interest.closed", N_("Closed too"), N_("Show closed Interests too, or only open ones."), "o"),
)
