"""Forms of what hangs on a customer: contact persons, and its legal entities."""

from collections.abc import Mapping

from sqlalchemy import Connection

from crm_tui.i18n import _
from crm_tui.screens.forms.form import Field
from crm_tui.screens.forms.form_merge import Stored, VersionedForm, stored_of
from crm_tui.screens.party.legal_entity_forms import LegalEntityForms
from crm_tui.screens.party.party_acts import PartyActs, read_party
from crm_tui.screens.party.party_fields import contact_fields, contact_values
from crm_tui.screens.party.party_form import EntryForm
from crm_tui.screens.record.own_fields import card_fields, own_values
from crm_tui.services.party import contacts
from crm_tui.store.queries import party_cards


class EntityForms(LegalEntityForms, PartyActs):
    """For screens of customers and of contact persons."""

    def customer_named(self, typed: str) -> int:
        """The customer that a typed name means. Raises NotFound, and Refused for several."""
        raise NotImplementedError

    async def new_contact(self, customer_id: int | None) -> None:
        """A new contact person, of this customer when there is one; the card opens."""
        made: list[int] = []

        async def save(filled: Mapping[str, str]) -> None:
            values = contact_values(filled)
            of = self.customer_named(filled["customer"]) if filled["customer"].strip() else None
            contact = await self.act(
                "contact.new",
                lambda work: contacts.add(
                    work, customer_id=of, **values, **own_values(self, work, "contact", None, filled)
                ),
            )
            made.append(contact.key)

        with self.store.read() as connection:
            customer = party_cards.name_of(connection, "customer", customer_id)
            fields = contact_fields(connection, None, customer, self.actor.user_id)
            fields = card_fields(self, connection, "contact", fields, {})
        await self.app.push_screen_wait(
            EntryForm(
                _("New contact person"),
                fields,
                kinds=("contact", "lead"),
                save=save,
                kept_as=f"contact-new-{customer_id or ''}",
            )
        )
        if made and customer_id is None:
            self.shell.run_command("everywhere.show_contact", str(made[0]))

    async def edit_contact(self, contact_id: int) -> None:
        """All data of a contact person."""

        def fields(connection: Connection) -> tuple[list[Field], int]:
            card = read_party(self.store, "contact", contact_id)
            customer = party_cards.name_of(connection, "customer", card.values["customer_id"])
            shown = contact_fields(connection, card, customer)
            return card_fields(self, connection, "contact", shown, card.values["custom"]), card.version

        def read() -> Stored:
            with self.store.read() as connection:
                return stored_of(*fields(connection))

        async def save(filled: Mapping[str, str], version: int) -> None:
            values = contact_values(filled)
            of = self.customer_named(filled["customer"]) if filled["customer"].strip() else None
            await self.act(
                "contact.edit",
                lambda work: contacts.change(
                    work,
                    contact_id,
                    expected_version=version,
                    customer_id=of,
                    **values,
                    **own_values(self, work, "contact", contact_id, filled),
                ),
            )

        with self.store.read() as connection:
            shown, version = fields(connection)
        await self.app.push_screen_wait(
            VersionedForm(
                _("Contact person"),
                shown,
                stored=stored_of(shown, version),
                read=read,
                save=save,
                record=("contact", contact_id),
                kept_as=f"contact-{contact_id}",
            )
        )
