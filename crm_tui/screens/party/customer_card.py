"""The card of a customer (CORP-01): facts and figures, people, firms, relations, Interests, and all that was."""

from crm_tui.screens.party.customer_commands import CustomerCommands
from crm_tui.screens.party.party_card import PartyCardScreen
from crm_tui.screens.party.party_card_source import Thing


class CustomerScreen(CustomerCommands, PartyCardScreen):
    """One customer."""

    SCOPES = ("customer",)

    def current_thing(self) -> Thing | None:
        return PartyCardScreen.current_thing(self)

    def open_thing(self, thing: Thing) -> None:
        """Enter on a legal entity opens its form."""
        if thing.kind == "entity":
            self.run_worker(self.edit_entity(thing.record_id), group="entity", exclusive=True)
        else:
            super().open_thing(thing)
