"""How the app goes to customers, contact persons and leads: lists are modes, a card opens over what is there."""

from typing import TYPE_CHECKING

from crm_tui.domain.errors import NotFound

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.screens.party.party_card import PartyCardScreen
    from crm_tui.services.ports import Ports

    Base = App[int]
else:
    Base = object


class PartyPlaces(Base):
    """The argument of each ``show_…`` is the id of a record. Raises NotFound."""

    if TYPE_CHECKING:
        ports: Ports

        def show_mode(self, name: str) -> None: ...

    def command_everywhere_customers(self, argument: str = "") -> None:
        self.show_mode("customers")

    def command_everywhere_leads(self, argument: str = "") -> None:
        self.show_mode("leads")

    def command_everywhere_contacts(self, argument: str = "") -> None:
        self.show_mode("contacts")

    async def command_everywhere_entities(self, argument: str = "") -> None:
        from crm_tui.screens.party.entities import EntitiesScreen

        if not isinstance(self.screen, EntitiesScreen):
            await self.push_screen(EntitiesScreen())

    async def command_everywhere_words(self, argument: str = "") -> None:
        from crm_tui.screens.record.word_lists import WordListsScreen

        if not isinstance(self.screen, WordListsScreen):
            await self.push_screen(WordListsScreen())

    async def command_everywhere_show_customer(self, argument: str = "") -> None:
        from crm_tui.screens.party.customer_card import CustomerScreen

        await self._show_party(CustomerScreen, argument)

    async def command_everywhere_show_contact(self, argument: str = "") -> None:
        from crm_tui.screens.party.contacts import ContactScreen

        await self._show_party(ContactScreen, argument)

    async def command_everywhere_show_lead(self, argument: str = "") -> None:
        from crm_tui.screens.party.leads import LeadScreen

        await self._show_party(LeadScreen, argument)

    async def command_everywhere_show_legal_entity(self, argument: str = "") -> None:
        from crm_tui.screens.party.entity_card import EntityScreen
        from crm_tui.store.queries import party_cards

        if not argument.isdecimal():
            raise NotFound("no_such_record", kind="legal_entity", id=argument)
        with self.ports.store.read() as connection:
            party_cards.entity(connection, int(argument))
        await self.push_screen(EntityScreen(int(argument)))

    async def _show_party(self, card: "type[PartyCardScreen]", argument: str) -> None:
        """Open the card; of a record that was merged, that of the one it was merged into."""
        from crm_tui.screens.party.party_acts import read_party

        if not argument.isdecimal():
            raise NotFound("no_such_record", kind=card.KIND, id=argument)
        record_id = read_party(self.ports.store, card.KIND, int(argument)).id
        here = self.screen
        if not (isinstance(here, card) and here.record_id == record_id):
            await self.push_screen(card(record_id))
