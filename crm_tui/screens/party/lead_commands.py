"""What can be done with a lead, from the list and from its card alike: the commands ``lead.*``."""

from collections.abc import Mapping

from crm_tui.domain.errors import Refused
from crm_tui.i18n import _, ngettext
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.forms.form_merge import Stored, VersionedForm, stored_of
from crm_tui.screens.forms.lacking import converted, make_whole
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.inquiry.quick_entry import QuickEntry
from crm_tui.screens.party.customer_naming import CustomerNaming
from crm_tui.screens.party.party_fields import lead_fields, lead_values
from crm_tui.screens.party.party_form import EntryForm
from crm_tui.screens.record.own_fields import card_fields, own_values
from crm_tui.services.interest import interests
from crm_tui.services.party import lead_conversion, leads
from crm_tui.services.record import lists
from crm_tui.services.record.duplicates import alike
from crm_tui.store.queries import interests as interest_queries
from crm_tui.store.queries.party_cards import PartyCard
from crm_tui.store.work import Work

OTHER = "other"
NEW = "new"


class LeadCommands(QuickEntry, CustomerNaming):
    """The commands on the lead that ``party_id`` names."""

    KIND = "lead"

    async def command_lead_new(self, argument: str = "") -> None:
        """A new lead; its card opens."""
        made: list[int] = []

        async def save(filled: Mapping[str, str]) -> None:
            values = lead_values(filled)
            lead = await self.act(
                "lead.new",
                lambda work: leads.add(work, **values, **own_values(self, work, "lead", None, filled)),
            )
            made.append(lead.key)

        with self.store.read() as connection:
            fields = lead_fields(connection, None, self.actor.user_id)
            fields = card_fields(self, connection, "lead", fields, {})
        kinds = ("customer", "contact", "lead")
        await self.app.push_screen_wait(
            EntryForm(_("New lead"), fields, kinds=kinds, save=save, kept_as="lead-new")
        )
        if made:
            self.shell.run_command("everywhere.show_lead", str(made[0]))

    async def command_lead_quick(self, argument: str = "") -> None:
        """A lead out of one typed line."""
        await self.enter_line("lead", argument)

    async def command_lead_edit(self, argument: str = "") -> None:
        """All data of the lead."""
        lead_id = self.party().id

        def fields() -> tuple[list[Field], int]:
            card = self.party(lead_id)
            with self.store.read() as connection:
                shown = card_fields(
                    self, connection, "lead", lead_fields(connection, card), card.values["custom"]
                )
            return shown, card.version

        def read() -> Stored:
            return stored_of(*fields())

        async def save(filled: Mapping[str, str], version: int) -> None:
            values = lead_values(filled)
            await self.act(
                "lead.edit",
                lambda work: leads.change(
                    work,
                    lead_id,
                    expected_version=version,
                    **values,
                    **own_values(self, work, "lead", lead_id, filled),
                ),
            )

        shown, version = fields()
        await self.app.push_screen_wait(
            VersionedForm(
                _("Lead"),
                shown,
                stored=stored_of(shown, version),
                read=read,
                save=save,
                record=("lead", lead_id),
                kept_as=f"lead-{lead_id}",
            )
        )

    async def command_lead_convert(self, argument: str = "") -> None:
        """A customer and a contact person out of the lead, or a contact person of a customer that is there."""
        card = self.party()
        if card.values["status"] != "open":
            raise Refused("lead_not_open", name=card.values["name"], status=card.values["status"])
        name = str(card.values["company"] or card.values["name"])
        found = await self.look(
            lambda connection: alike(connection, name=name, infos=card.infos, kinds=("customer",), limit=5)
        )
        with self.store.read() as connection:
            kinds = lists.items(connection, "customer_kind")
        options = [(NEW, _("a new customer"))]
        options += [
            (str(one.id), _("{name} ({percent} %)").format(name=one.name, percent=one.percent))
            for one in found
        ]
        made: list[int] = []

        async def save(filled: Mapping[str, str]) -> None:
            made.append(await self._converted(card, filled))

        await self.app.push_screen_wait(
            FormDialog(
                _("Make a customer of {name}").format(name=card.values["name"]),
                [
                    Field("customer", _("Customer"), NEW, options=options),
                    Field("name", _("Name"), name),
                    Field("kind", _("Kind"), "customer", options=kinds),
                ],
                intro=_("All letters, calls, tasks and Interests of the lead go over. u takes it back."),
                save=save,
                kept_as=f"lead-{card.id}-convert",
            )
        )
        if made:
            self.shell.run_command("everywhere.show_customer", str(made[0]))

    async def _converted(self, card: PartyCard, filled: Mapping[str, str]) -> int:
        """Id of the customer."""
        there = None if filled["customer"] == NEW else int(filled["customer"])
        named = filled["name"].strip()
        # A private person stays one when nobody typed another name.
        name = "" if named == card.values["name"] and not card.values["company"] else named
        made = await make_whole(
            self,
            "lead.convert",
            lambda work: lead_conversion.convert(
                work, card.id, customer_id=there, name=name, kind=filled["kind"]
            ),
            lambda made: converted(made, there),
        )
        return made.customer_id

    async def command_lead_lose(self, argument: str = "") -> None:
        """Nothing will come of these leads; the reason is of the list, or typed."""
        chosen = tuple(self.party_ids())
        with self.store.read() as connection:
            reasons = lists.items(connection, "lost_reason")
            reason: str | None = lists.code_of(connection, "lost_reason", argument)
        if not reason:
            reason = await self.app.push_screen_wait(
                Choice(_("Why?"), [*reasons, (OTHER, _("another reason"))])
            )
        if reason == OTHER:
            reason = await self.app.push_screen_wait(Prompt(_("Why?"), kept_as="lead-lost"))
        if not reason:
            return
        why = reason

        def all_lost(work: Work) -> None:
            for lead_id in chosen:
                leads.lose(work, lead_id, why)

        await self.act("lead.lose", all_lost)
        self.shell.say(
            ngettext(
                "{count} lead lost. u takes it back.", "{count} leads lost. u takes it back.", len(chosen)
            ).format(count=len(chosen))
        )

    async def command_lead_reopen(self, argument: str = "") -> None:
        """Something may come of it after all."""
        lead_id = self.party_id()
        await self.act("lead.reopen", lambda work: leads.reopen(work, lead_id))

    async def command_lead_interest(self, argument: str = "") -> None:
        """An Interest of the lead; its card opens."""
        card = self.party()
        made: list[int] = []

        async def save(filled: Mapping[str, str]) -> None:
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
                            lead_id=card.id,
                            source=card.values["source"],
                        ).key
                    ),
                    lambda key: [("interest", key)],
                )
            )

        with self.store.read() as connection:
            scenarios = [(code, _(name)) for _key, code, name in interest_queries.scenarios(connection)]
        await self.app.push_screen_wait(
            FormDialog(
                _("New Interest"),
                [
                    Field("name", _("Title")),
                    Field("scenario", _("Scenario"), scenarios[0][0] if scenarios else "", options=scenarios),
                ],
                save=save,
                kept_as=f"lead-{card.id}-interest",
            )
        )
        if made:
            self.shell.run_command("everywhere.show_interest", str(made[0]))

    async def command_lead_trash(self, argument: str = "") -> None:
        await self.trash_parties()

    async def command_lead_task(self, argument: str = "") -> None:
        await self.task_of_party(argument)

    async def command_lead_letter(self, argument: str = "") -> None:
        await self.letter_to_party()

    async def command_lead_log_call(self, argument: str = "") -> None:
        await self.call_of_party()

    def command_lead_correspondence(self, argument: str = "") -> None:
        self.letters_of_party()
