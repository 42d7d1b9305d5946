"""Commands of the card of an Interest: its product lines, receipts and people."""

from crm_tui.commands.command import act
from crm_tui.i18n import N_

COMMANDS = (
    act(
        "parts.add",
        N_("Add a row"),
        N_("Add a product line, plan a receipt, or take a contact person in: what is shown."),
        "+",
        footer=True,
        repeatable=False,
    ),
    act(
        "parts.change",
        N_("Change the row"),
        N_("Change the product line, receipt or role under the cursor."),
        repeatable=False,
    ),
    act("parts.remove", N_("Remove the row"), N_("Take away what is under the cursor."), "D"),
    act(
        "parts.sum",
        N_("Amount from the lines"),
        N_("Make the amount of the Interest the sum of its product lines."),
        "=",
        repeatable=False,
    ),
)
