"""The list of contact persons, and the card of one (ELMA-07)."""

from crm_tui.domain.errors import Refused
from crm_tui.i18n import _
from crm_tui.screens.inquiry.quick_entry import QuickEntry
from crm_tui.screens.lists.looked_list import Filtered
from crm_tui.screens.party.contact_source import ContactSource
from crm_tui.screens.party.customer_naming import CustomerNaming
from crm_tui.screens.party.entity_forms import EntityForms
from crm_tui.screens.party.party_card import PartyCardScreen
from crm_tui.screens.party.party_trash import PartyTrash


class ContactCommands(QuickEntry, CustomerNaming, EntityForms):
    """The commands ``contact.*`` on the person that ``party_id`` names."""

    KIND = "contact"

    async def command_contact_new(self, argument: str = "") -> None:
        """A new contact person; the card opens."""
        await self.new_contact(None)

    async def command_contact_quick(self, argument: str = "") -> None:
        """A contact person out of one typed line."""
        await self.enter_line("contact", argument)

    async def command_contact_edit(self, argument: str = "") -> None:
        """All data of the person."""
        await self.edit_contact(self.party().id)

    def command_contact_customer(self, argument: str = "") -> None:
        """The card of the person's customer."""
        customer_id = self.party().values["customer_id"]
        if customer_id is None:
            raise Refused("no_customer_here")
        self.shell.run_command("everywhere.show_customer", str(customer_id))

    async def command_contact_trash(self, argument: str = "") -> None:
        await self.trash_parties()

    async def command_contact_task(self, argument: str = "") -> None:
        await self.task_of_party(argument)

    async def command_contact_letter(self, argument: str = "") -> None:
        await self.letter_to_party()

    async def command_contact_log_call(self, argument: str = "") -> None:
        await self.call_of_party()

    def command_contact_correspondence(self, argument: str = "") -> None:
        self.letters_of_party()


class ContactsScreen(ContactCommands, PartyTrash):
    """Contact persons by name."""

    SCOPES = ("contact", "records")
    TABLES = frozenset({"contact", "contact_info", "customer"})

    def make_source(self) -> Filtered:
        self._source = ContactSource(self.store)
        return self._source

    def empty_text(self) -> str:
        return _("No contact person yet. n enters one, N in one line; a on a customer adds one to it.")

    def command_contact_in_trash(self, argument: str = "") -> None:
        """Those in the trash, or the others again."""
        self.show_trash(not self._source.in_trash)
        self.session_changed()

    def command_contact_preview(self, argument: str = "") -> None:
        self.toggle_preview()


class ContactScreen(ContactCommands, PartyCardScreen):
    """One contact person."""

    SCOPES = ("contact",)
