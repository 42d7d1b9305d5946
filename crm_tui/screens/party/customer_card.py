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
        if thing.kind == "entity":
            self.shell.run_command("everywhere.show_legal_entity", str(thing.record_id))
        else:
            super().open_thing(thing)
