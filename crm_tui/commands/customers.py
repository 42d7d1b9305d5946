"""Commands of the customers list and of a customer's card."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    act(
        "customer.new",
        N_("New customer"),
        N_("Enter a new customer."),
        "n",
        footer=True,
        repeatable=False,
    ),
    act(
        "customer.quick",
        N_("Quick entry"),
        N_("Enter a customer and its contact person in one line: name, firm, e-mail, phone."),
        "N",
        argument="text",
        repeatable=False,
    ),
    act(
        "customer.edit",
        N_("Edit"),
        N_("Change the data of the customer."),
        "e",
        footer=True,
        repeatable=False,
    ),
    act(
        "customer.add",
        N_("Add to the customer"),
        N_("Add a contact person, an Interest, a legal entity or a relation to another customer."),
        "a",
        argument="choice:contact,interest,entity,relation",
        footer=True,
        repeatable=False,
    ),
    act(
        "customer.take_away",
        N_("Take away"),
        N_("Take the legal entity or relation under the cursor away from the customer."),
        "x",
        repeatable=False,
    ),
    act("customer.trash", N_("To the trash"), N_("Put the customer into the trash."), "D", takes_marks=True),
    act("customer.task", N_("Task from this"), N_("Make a task for the customer."), "t", argument="text"),
    act(
        "customer.letter", N_("Write a letter"), N_("Write a letter to the customer."), "w", repeatable=False
    ),
    act("customer.log_call", N_("Log a call"), N_("Write down a call that took place."), "c", footer=True),
    look(
        "customer.correspondence",
        N_("Correspondence"),
        N_("Show all letters from and to the customer, in Mail."),
        "h",
    ),
    look(
        "customer.which",
        N_("Which customers"),
        N_("Show only customers of a kind or status, or your own, or all."),
        "o",
        argument="text",
    ),
    look("customer.preview", N_("Preview"), N_("Show the card of the row below the list, or hide it."), "p"),
)
