"""Commands of the company's own fields, and of what is missing in cards."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "everywhere.custom_fields",
        N_("Fields of one's own"),
        N_("Show the fields that the company added to its cards; an administrator adds and changes them."),
        argument="choice:customer,contact,lead,interest,document",
    ),
    look(
        "everywhere.gaps",
        N_("Gaps in cards"),
        N_("List the cards in which something is missing that should be filled in."),
        "g q",
        argument="choice:customer,contact,lead,interest,document",
    ),
    act(
        "custom_fields.add",
        N_("New field"),
        N_("Add a field to the cards of this kind."),
        "n",
        argument="text",
        footer=True,
        repeatable=False,
    ),
    act(
        "custom_fields.change",
        N_("Edit"),
        N_("Change the label, the choices and the need of the field."),
        "e",
        footer=True,
        repeatable=False,
    ),
    act(
        "custom_fields.archive",
        N_("Ask no more"),
        N_("Ask for the field no more, or again; what was entered is kept."),
        "x",
        footer=True,
    ),
    act("custom_fields.up", N_("Up"), N_("Put the field further up in the form."), "K", repeatable=False),
    act(
        "custom_fields.down", N_("Down"), N_("Put the field further down in the form."), "J", repeatable=False
    ),
    look("custom_fields.which", N_("Which cards"), N_("Show the fields of other cards."), "o", footer=True),
    look("gaps.which", N_("Which cards"), N_("Look at other cards."), "o", footer=True),
)
