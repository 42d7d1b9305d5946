"""Forms of legal entities: who signs, is invoiced and pays (IDX-14)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_tui.i18n import _
from crm_tui.screens.acting import Acting
from crm_tui.screens.forms.form import Field
from crm_tui.screens.forms.form_merge import VersionedForm, stored_of
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.party.party_acts import read_party
from crm_tui.screens.party.party_fields import entity_fields
from crm_tui.screens.party.party_form import EntryForm
from crm_tui.services.party import entities
from crm_tui.store.queries import party_cards

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    class Base(Acting, CrmScreen[Any]):
        pass
else:
    Base = Acting


class LegalEntityForms(Base):
    """For screens of customers and of legal entities."""

    async def trash_entity(self, entity_id: int, *, lies_there: bool) -> None:
        """Into the trash, or out of it."""
        if lies_there:
            await self.act("entity.restore", lambda work: entities.restore(work, entity_id))
            self.shell.say(_("Back from the trash."))
        else:
            await self.act("entity.trash", lambda work: entities.trash(work, entity_id))
            self.shell.say(_("In the trash. u takes it back, D brings it back later."))

    async def new_entity(self) -> int | None:
        """A legal entity of no customer yet; its id, None when the form was left."""
        made: list[int] = []

        async def save(filled: Mapping[str, str]) -> None:
            values: dict[str, Any] = dict(filled)
            made.append(await self.act("entity.new", lambda work: entities.add(work, **values).key))

        title = _("New legal entity")
        await self.app.push_screen_wait(
            EntryForm(title, entity_fields({}), kinds=(), save=save, kept_as="entity-new")
        )
        return made[0] if made else None

    async def add_entity(self, customer_id: int) -> None:
        """A legal entity of the customer: a new one, or one that is there already."""

        async def save(filled: Mapping[str, str]) -> None:
            await self.act("customer.add", lambda work: entities.add(work, customer_id=customer_id, **filled))

        with self.store.read() as connection:
            there = party_cards.other_entities(connection, customer_id)
            country = str(read_party(self.store, "customer", customer_id).values["country"])
        chosen: str | None = ""
        if there:
            options = [("", _("a new one")), *((str(one.id), _entity_text(one)) for one in there)]
            chosen = await self.app.push_screen_wait(Choice(_("Legal entity"), options))
        if chosen is None:
            return
        if chosen:
            await self.act("customer.add", lambda work: entities.attach(work, int(chosen), customer_id))
            return
        fields = entity_fields({"country": country})
        await self.app.push_screen_wait(
            EntryForm(
                _("New legal entity"), fields, kinds=(), save=save, kept_as=f"customer-{customer_id}-entity"
            )
        )

    async def edit_entity(self, entity_id: int) -> None:
        """All data of a legal entity."""

        def read_values() -> tuple[list[Field], int]:
            with self.store.read() as connection:
                values = party_cards.entity(connection, entity_id)
            return entity_fields(values), int(values["version"])

        async def save(filled: Mapping[str, str], version: int) -> None:
            await self.act(
                "entity.edit",
                lambda work: entities.change(work, entity_id, expected_version=version, **filled),
            )

        shown, version = read_values()
        await self.app.push_screen_wait(
            VersionedForm(
                _("Legal entity"),
                shown,
                stored=stored_of(shown, version),
                read=lambda: stored_of(*read_values()),
                save=save,
                record=("legal_entity", entity_id),
                kept_as=f"entity-{entity_id}",
            )
        )


def _entity_text(one: party_cards.Entity) -> str:
    return " · ".join(part for part in (one.name, one.country, one.tax_number) if part)
