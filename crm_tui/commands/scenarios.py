"""Commands of the screens of an administrator: scenarios with their states, checklists, products."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "everywhere.scenarios",
        N_("Scenarios"),
        N_("Show the scenarios of Interests: states, order, probability, checklists; change them."),
    ),
    look("everywhere.products", N_("Products"), N_("Show what we sell; add, change and archive it.")),
    act(
        "scenarios.add_state",
        N_("New state"),
        N_("Add a state to the scenario."),
        "n",
        footer=True,
        repeatable=False,
    ),
    act(
        "scenarios.add",
        N_("New scenario"),
        N_("Make a scenario: its name, and its states apart by commas."),
        "N",
        footer=True,
        repeatable=False,
    ),
    act(
        "scenarios.change",
        N_("Change the state"),
        N_("Change name, outcome, probability and days until it is stale."),
        "e",
        footer=True,
        repeatable=False,
    ),
    act(
        "scenarios.rename", N_("Rename the scenario"), N_("Give the scenario another name."), repeatable=False
    ),
    act("scenarios.up", N_("Earlier"), N_("Move the state one place up."), "K"),
    act("scenarios.down", N_("Later"), N_("Move the state one place down."), "J"),
    act("scenarios.remove", N_("Remove the state"), N_("Take a state away that nothing ever stood in."), "D"),
    act(
        "scenarios.key_person",
        N_("Key person from"),
        N_("Say from which amount on an Interest needs a key person to move on."),
        "P",
        argument="text",
        repeatable=False,
    ),
    act(
        "checklist.add",
        N_("New item"),
        N_("Add something to be checked off."),
        "n",
        footer=True,
        repeatable=False,
    ),
    act("checklist.change", N_("Change"), N_("Change the wording."), "e", footer=True, repeatable=False),
    act(
        "checklist.require",
        N_("Required or not"),
        N_("An item that is required keeps an Interest in the state until it is checked."),
        "x",
        footer=True,
    ),
    act("checklist.up", N_("Earlier"), N_("Move the item one place up."), "K"),
    act("checklist.down", N_("Later"), N_("Move the item one place down."), "J"),
    act("checklist.remove", N_("Remove"), N_("Ask for this no more."), "D"),
    act("products.add", N_("New product"), N_("Add a product."), "n", footer=True, repeatable=False),
    act("products.change", N_("Change"), N_("Change the product."), "e", footer=True, repeatable=False),
    act("products.archive", N_("Archive"), N_("Offer the product no more, or again."), "D", footer=True),
    look("products.archived", N_("Archived too"), N_("Show archived products too, or not."), "o"),
)
