"""What can be done with a customer, from the list and from its card alike: the commands ``customer.*``."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from crm_tui.domain.errors import Refused
from crm_tui.i18n import _
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.forms.form_merge import Stored, VersionedForm, stored_of
from crm_tui.screens.forms.lacking import make_whole
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.inquiry.quick_entry import QuickEntry
from crm_tui.screens.party.customer_naming import CustomerNaming
from crm_tui.screens.party.entity_forms import EntityForms
from crm_tui.screens.party.party_fields import customer_fields, customer_values
from crm_tui.screens.party.party_form import EntryForm
from crm_tui.screens.record.own_fields import card_fields, own_values
from crm_tui.services.interest import interests
from crm_tui.services.party import customers, entities, relations
from crm_tui.services.record import lists
from crm_tui.store.queries import interests as interest_queries
from crm_tui.store.queries import party_cards

if TYPE_CHECKING:
    from crm_tui.screens.party.party_card_source import Thing


class CustomerCommands(QuickEntry, CustomerNaming, EntityForms):
    """The commands on the customer that ``party_id`` names."""

    KIND = "customer"

    def current_thing(self) -> "Thing | None":
        """The row of the card under the cursor; none on the list."""
        return None

    async def command_customer_new(self, argument: str = "") -> None:
        """A new customer; its card opens."""
        made: list[int] = []

        async def save(filled: Mapping[str, str]) -> None:
            values = customer_values(filled)
            customer = await self.act(
                "customer.new",
                lambda work: customers.add(
                    work, **values, **own_values(self, work, "customer", None, filled)
                ),
            )
            made.append(customer.key)

        with self.store.read() as connection:
            fields = customer_fields(connection, None, self.actor.user_id)
            fields = card_fields(self, connection, "customer", fields, {})
        await self.app.push_screen_wait(
            EntryForm(
                _("New customer"),
                fields,
                kinds=("customer", "lead"),
                save=save,
                kept_as="customer-new",
            )
        )
        if made:
            self.shell.run_command("everywhere.show_customer", str(made[0]))

    async def command_customer_quick(self, argument: str = "") -> None:
        """A customer and its contact person out of one typed line."""
        await self.enter_line("customer", argument)

    async def command_customer_edit(self, argument: str = "") -> None:
        """All data of the customer."""
        card = self.party()

        def fields(connection: Connection) -> list[Field]:
            now = self.party(card.id)
            return card_fields(
                self, connection, "customer", customer_fields(connection, now), now.values["custom"]
            )

        def read() -> Stored:
            with self.store.read() as connection:
                return stored_of(fields(connection), self.party(card.id).version)

        async def save(filled: Mapping[str, str], version: int) -> None:
            values = customer_values(filled)
            await self.act(
                "customer.edit",
                lambda work: customers.change(
                    work,
                    card.id,
                    expected_version=version,
                    **values,
                    **own_values(self, work, "customer", card.id, filled),
                ),
            )

        with self.store.read() as connection:
            shown = fields(connection)
        await self.app.push_screen_wait(
            VersionedForm(
                _("Customer"),
                shown,
                stored=stored_of(shown, card.version),
                read=read,
                save=save,
                record=("customer", card.id),
                kept_as=f"customer-{card.id}",
            )
        )

    async def command_customer_add(self, argument: str = "") -> None:
        """A contact person, an Interest, a legal entity or a relation."""
        card = self.party()
        what: str | None = argument
        if not what:
            what = await self.app.push_screen_wait(
                Choice(
                    _("Add to {name}").format(name=card.values["name"]),
                    [
                        ("contact", _("contact person")),
                        ("interest", _("Interest")),
                        ("entity", _("legal entity")),
                        ("relation", _("relation to another customer")),
                    ],
                )
            )
        if what == "contact":
            await self.new_contact(card.id)
        elif what == "interest":
            await self._new_interest(card.id)
        elif what == "entity":
            await self.add_entity(card.id)
        elif what == "relation":
            await self._new_relation(card.id)

    async def command_customer_take_away(self, argument: str = "") -> None:
        """The legal entity or relation under the cursor is the customer's no more."""
        thing, customer_id = self.current_thing(), self.party_id()
        if thing is None or thing.kind not in ("entity", "relation"):
            raise Refused("nothing_to_take_away")
        if thing.kind == "entity":
            await self.act(
                "customer.take_away", lambda work: entities.detach(work, thing.record_id, customer_id)
            )
        else:
            await self.act("customer.take_away", lambda work: relations.remove(work, thing.record_id))
        self.shell.say(_("Taken away: {name}. u brings it back.").format(name=thing.cells[2].strip()))

    async def command_customer_trash(self, argument: str = "") -> None:
        await self.trash_parties()

    async def command_customer_task(self, argument: str = "") -> None:
        await self.task_of_party(argument)

    async def command_customer_letter(self, argument: str = "") -> None:
        await self.letter_to_party()

    async def command_customer_log_call(self, argument: str = "") -> None:
        await self.call_of_party()

    def command_customer_correspondence(self, argument: str = "") -> None:
        self.letters_of_party()

    async def _new_interest(self, customer_id: int) -> None:
        """An Interest of the customer, for one of its contact persons."""
        made: list[int] = []

        async def save(filled: Mapping[str, str]) -> None:
            contact_id = int(filled["contact"]) if filled["contact"] else None
            made.append(
                await make_whole(
                    self,
                    "interest.new",
                    lambda work: (
                        interests.add(
                            work,
                            filled["name"],
                            scenario=filled["scenario"],
                            owner_id=self._user_id,
                            customer_id=customer_id,
                            contact_id=contact_id,
                            source="hand",
                        ).key
                    ),
                    lambda key: [("interest", key)],
                )
            )

        with self.store.read() as connection:
            people = party_cards.people(connection, customer_id)
            scenarios = [(code, _(name)) for _key, code, name in interest_queries.scenarios(connection)]
        await self.app.push_screen_wait(
            FormDialog(
                _("New Interest"),
                [
                    Field("name", _("Title")),
                    Field(
                        "contact",
                        _("Contact person"),
                        str(people[0].id) if people else "",
                        options=[*((str(one.id), one.name) for one in people), ("", _("nobody"))],
                    ),
                    Field("scenario", _("Scenario"), scenarios[0][0] if scenarios else "", options=scenarios),
                ],
                save=save,
                kept_as=f"customer-{customer_id}-interest",
            )
        )
        if made:
            self.shell.run_command("everywhere.show_interest", str(made[0]))

    async def _new_relation(self, customer_id: int) -> None:
        """The customer owns, has recommended or is the partner of another one, or the other way round."""
        with self.store.read() as connection:
            kinds = lists.items(connection, "relation_kind")
        ways = [("to", _("this one > the other")), ("from", _("the other > this one"))]

        async def save(filled: Mapping[str, str]) -> None:
            other_id = self.customer_named(filled["other"])
            pair = (customer_id, other_id) if filled["way"] == "to" else (other_id, customer_id)
            await self.act(
                "customer.add", lambda work: relations.add(work, *pair, filled["kind"], filled["notes"])
            )

        await self.app.push_screen_wait(
            FormDialog(
                _("Relation"),
                [
                    Field("kind", _("Kind"), kinds[0][0], options=kinds),
                    Field("way", _("Which way"), "to", options=ways),
                    Field("other", _("Other customer"), note=self.customer_text),
                    Field("notes", _("Notes")),
                ],
                save=save,
                kept_as=f"customer-{customer_id}-relation",
            )
        )
