"""Commands of the contact persons list and of a contact person's card."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    act(
        "contact.new",
        N_("New contact person"),
        N_("Enter a new contact person."),
        "n",
        footer=True,
        repeatable=False,
    ),
    act(
        "contact.quick",
        N_("Quick entry"),
        N_("Enter a contact person in one line: name, firm, e-mail, phone."),
        "N",
        argument="text",
        repeatable=False,
    ),
    act(
        "contact.edit",
        N_("Edit"),
        N_("Change the data of the contact person."),
        "e",
        footer=True,
        repeatable=False,
    ),
    act(
        "contact.trash",
        N_("To the trash"),
        N_("Put the contact person into the trash."),
        "D",
        takes_marks=True,
    ),
    act(
        "contact.task", N_("Task from this"), N_("Make a task for the contact person."), "t", argument="text"
    ),
    act(
        "contact.letter",
        N_("Write a letter"),
        N_("Write a letter to the contact person."),
        "w",
        repeatable=False,
    ),
    act("contact.log_call", N_("Log a call"), N_("Write down a call that took place."), "c", footer=True),
    look(
        "contact.correspondence",
        N_("Correspondence"),
        N_("Show all letters from and to the contact person, in Mail."),
        "h",
    ),
    look("contact.customer", N_("Customer"), N_("Open the card of the person's customer."), "o"),
    look(
        "contact.in_trash",
        N_("Trash"),
        N_("Show the contact persons in the trash, or the others again."),
        "X",
    ),
    look("contact.preview", N_("Preview"), N_("Show the card of the row below the list, or hide it."), "p"),
)
