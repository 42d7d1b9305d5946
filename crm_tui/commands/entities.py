"""Commands of the card of a legal entity."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look("everywhere.entities", N_("Legal entities"), N_("Go to the list of legal entities."), "g E"),
    look(
        "everywhere.show_legal_entity",
        N_("Show legal entity"),
        N_("Open the card of the legal entity with this number."),
        argument="id",
    ),
    act(
        "entity.new", N_("New legal entity"), N_("Enter a legal entity."), "n", footer=True, repeatable=False
    ),
    act("entity.edit", N_("Edit"), N_("Change the legal entity."), "e", footer=True, repeatable=False),
    act(
        "entity.trash",
        N_("To the trash"),
        N_("Put the legal entity into the trash; bring it back when it lies there."),
        "D",
        footer=True,
        repeatable=False,
    ),
    look(
        "entity.in_trash",
        N_("In the trash"),
        N_("Show the legal entities in the trash, or the others again; D brings one back."),
        "X",
    ),
)
