"""Commands of the leads list and of a lead's card."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    act(
        "lead.new",
        N_("New lead"),
        N_("Enter a new lead."),
        "n",
        footer=True,
        repeatable=False,
    ),
    act(
        "lead.quick",
        N_("Quick entry"),
        N_("Enter a lead in one line: name, firm, e-mail, phone."),
        "N",
        argument="text",
        repeatable=False,
    ),
    act("lead.edit", N_("Edit"), N_("Change the data of the lead."), "e", footer=True, repeatable=False),
    act(
        "lead.convert",
        N_("Make a customer"),
        N_("Make a customer and a contact person of the lead; all its history goes over to them."),
        "C",
        footer=True,
        repeatable=False,
    ),
    act(
        "lead.lose", N_("Lost"), N_("Say that nothing will come of the lead, and why."), "x", takes_marks=True
    ),
    act("lead.reopen", N_("Open again"), N_("Something may come of a lost lead after all."), "r"),
    act("lead.trash", N_("To the trash"), N_("Put the lead into the trash."), "D", takes_marks=True),
    act("lead.interest", N_("New Interest"), N_("Open an Interest for the lead."), "a", repeatable=False),
    act("lead.task", N_("Task from this"), N_("Make a task about the lead."), "t", argument="text"),
    act("lead.letter", N_("Write a letter"), N_("Write a letter to the lead."), "w", repeatable=False),
    act("lead.log_call", N_("Log a call"), N_("Write down a call that took place."), "c", footer=True),
    look(
        "lead.correspondence",
        N_("Correspondence"),
        N_("Show all letters from and to the lead, in Mail."),
        "h",
    ),
    look("lead.closed", N_("Closed too"), N_("Show converted and lost leads too, or only open ones."), "o"),
    look("lead.in_trash", N_("Trash"), N_("Show the leads in the trash, or the others again."), "X"),
    look("lead.preview", N_("Preview"), N_("Show the card of the row below the list, or hide it."), "p"),
)
