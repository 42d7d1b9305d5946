"""An Interest of a lead is won: whoever wants to buy is a customer now (KZ-04, story A2)."""

from typing import TYPE_CHECKING, Any

from crm_tui.i18n import _
from crm_tui.screens.acting import Acting
from crm_tui.screens.forms.lacking import converted, make_whole
from crm_tui.screens.forms.prompt import Choice
from crm_tui.store.queries import interest_card, party_cards

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    class Base(Acting, CrmScreen[Any]):
        pass
else:
    Base = Acting

NEW, LATER = "new", "later"
MOST_ALIKE = 5


class LeadWon(Base):
    """For screens on which Interests are closed."""

    async def offer_customer(self, interest_id: int) -> None:
        """Ask whether the lead becomes a customer, where the Interest is won and has one that still is a lead."""
        from crm_tui.services.party import lead_conversion
        from crm_tui.services.record.duplicates import alike

        with self.store.read() as connection:
            card = interest_card.card(connection, interest_id)
            if card.row.outcome != "won" or card.lead_id is None:
                return
            lead = party_cards.card(connection, "lead", card.lead_id)
        if lead is None or lead.values["status"] != "open":
            return
        name = str(lead.values["company"] or lead.values["name"])
        found = await self.look(
            lambda connection: alike(
                connection, name=name, infos=lead.infos, kinds=("customer",), limit=MOST_ALIKE
            )
        )
        chosen = await self.app.push_screen_wait(
            Choice(
                _("Won. Make a customer of {name}?").format(name=lead.values["name"]),
                [
                    (NEW, _("a new customer: {name}").format(name=name)),
                    *(
                        (str(one.id), _("contact person of {name} ({percent} %)").format(
                            name=one.name, percent=one.percent
                        ))
                        for one in found
                    ),
                    (LATER, _("not now")),
                ],
                note=_("All letters, calls, tasks and Interests of the lead go over. u takes it back."),
            )
        )  # fmt: skip
        if chosen in (None, LATER):
            return
        there = None if chosen == NEW else int(str(chosen))
        await make_whole(
            self,
            "lead.convert",
            lambda work: lead_conversion.convert(work, lead.id, customer_id=there),
            lambda made: converted(made, there),
        )
        self.shell.say(_("{name} is a customer now.").format(name=name))
