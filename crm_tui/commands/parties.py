"""The commands that lead to customers, contact persons and leads, from every place."""

from crm_tui.commands.command import look
from crm_tui.i18n import N_

COMMANDS = (
    look("everywhere.customers", N_("Customers"), N_("Go to the list of customers."), "g c"),
    look("everywhere.leads", N_("Leads"), N_("Go to the list of leads."), "g l"),
    look("everywhere.contacts", N_("Contact persons"), N_("Go to the list of contact persons."), "g C"),
    look(
        "everywhere.words",
        N_("Lists of words"),
        N_("Show the lists that people choose from: kinds, statuses, sources, reasons; change them."),
    ),
    look(
        "everywhere.recent",
        N_("Recently visited"),
        N_("Go back to one of the cards that you opened last."),
        "g r",
    ),
    look(
        "everywhere.show_customer",
        N_("Show customer"),
        N_("Open the card of the customer with this number."),
        argument="id",
    ),
    look(
        "everywhere.show_contact",
        N_("Show contact person"),
        N_("Open the card of the contact person with this number."),
        argument="id",
    ),
    look(
        "everywhere.show_lead",
        N_("Show lead"),
        N_("Open the card of the lead with this number."),
        argument="id",
    ),
)
