"""The form of a document, and making a proposal or an invoice from an Interest (IDX-13)."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from crm_tui.domain.document_words import KINDS, STATUSES
from crm_tui.domain.wall import to_wall
from crm_tui.i18n import _
from crm_tui.screens.acting import Acting
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.forms.form_merge import Stored, VersionedForm, stored_of
from crm_tui.screens.interest import interest_parties
from crm_tui.screens.interest.interest_source import amount_typed
from crm_tui.screens.task.task_dates import echo_of, typed_due
from crm_tui.store.work import Work

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen
    from crm_tui.services.document.documents import Fields
    from crm_tui.store.queries.papers import DocumentCard

    class Base(Acting, CrmScreen[Any]):
        pass
else:
    Base = Acting

DAY = "%d.%m.%Y"
OF = {
    "customer": "customer_id",
    "contact": "contact_id",
    "interest": "interest_id",
    "legal_entity": "entity_id",
}
"""Kind of a card → the column of a document that names it."""


class DocumentForms(Base):
    """For screens from which documents are made and changed."""

    async def new_document(self, kind: str, of: Mapping[str, int]) -> None:
        """Ask for a new document of a card (column → id); then its own card opens, for its files."""
        from crm_tui.screens.record.own_fields import own_values
        from crm_tui.services.document import documents

        made: list[int] = []
        shown = await self.look(lambda connection: documents.begun(connection, kind, of))
        shown |= {"issued_on": self._today(), "owner_id": self.actor.user_id}

        async def save(filled: Mapping[str, str]) -> None:
            fields = self._document_values(filled, str(shown["currency"]))
            fields["customer_id"] = self._customer_id(
                filled["customer"], str(shown["customer"]), shown["customer_id"]
            )
            values: Any = {**of, **fields}

            def verb(work: Work) -> int:
                return documents.add(
                    work, kind, **values, **own_values(self, work, "document", None, filled)
                ).key

            made.append(await self.act("documents.new", verb))

        await self.app.push_screen_wait(
            FormDialog(
                _(KINDS[kind]),
                self._document_fields(shown),
                save=save,
                kept_as="-".join(["document", kind, *(f"{name}-{key}" for name, key in of.items())]),
            )
        )
        if made:
            self.shell.run_command("everywhere.show_document", str(made[0]))

    async def edit_document(self, document_id: int) -> None:
        """All fields of a document."""
        from crm_tui.screens.record.own_fields import own_values
        from crm_tui.services.document import documents
        from crm_tui.store.queries import papers

        def card() -> "DocumentCard":
            with self.store.read() as connection:
                return papers.card(connection, document_id)

        def stored() -> Stored:
            now = card()
            return stored_of(self._document_fields(_of_card(now)), now.version)

        async def save(filled: Mapping[str, str], version: int) -> None:
            now = card()
            fields = self._document_values(filled, str(now.values["currency"]))
            fields["customer_id"] = self._customer_id(
                filled["customer"], now.customer, now.values["customer_id"]
            )
            await self.act(
                "documents.edit",
                lambda work: documents.change(
                    work,
                    document_id,
                    expected_version=version,
                    **fields,
                    **own_values(self, work, "document", document_id, filled),
                ),
            )

        shown = card()
        await self.app.push_screen_wait(
            VersionedForm(
                _(KINDS[shown.values["kind"]]),
                self._document_fields(_of_card(shown)),
                stored=stored_of(self._document_fields(_of_card(shown)), shown.version),
                read=stored,
                save=save,
                record=("document", document_id),
                kept_as=f"document-{document_id}",
            )
        )

    async def set_status(self, ids: tuple[int, ...], argument: str) -> None:
        """Another status of documents, chosen unless it is told."""
        from crm_tui.screens.forms.prompt import Choice
        from crm_tui.services.document import documents

        chosen = argument or await self.app.push_screen_wait(
            Choice(_("Status"), [(code, _(name)) for code, name in STATUSES.items()])
        )
        if not chosen:
            return

        def verb(work: Work) -> None:
            for key in ids:
                documents.change(work, key, status=chosen)

        await self.act("documents.status", verb)

    def _document_fields(self, of: Mapping[str, Any]) -> list[Field]:
        from crm_tui.screens.record.own_fields import card_fields
        from crm_tui.store.queries import party_cards, party_names

        with self.store.read() as connection:
            owners = [(str(key), name) for key, name in party_names.colleagues(connection)]
            firms = party_cards.entities(connection, of["customer_id"]) if of["customer_id"] else []
        entities = [(str(one.id), one.name) for one in firms]
        if of["entity_id"] and str(of["entity_id"]) not in dict(entities):
            entities.append((str(of["entity_id"]), str(of["entity"])))
        fields = [
            Field("number", _("Number"), of["number"]),
            Field("title", _("Title"), of["title"]),
            Field(
                "status",
                _("Status"),
                of["status"],
                options=[(code, _(name)) for code, name in STATUSES.items()],
            ),
            Field("customer", _("Customer"), of["customer"], note=self._customer_text),
            Field(
                "entity_id",
                _("Legal entity"),
                str(of["entity_id"] or ""),
                options=[("", "–"), *entities],
            ),
            Field("issued_on", _("Issued"), _day_text(of["issued_on"]), note=self._day_note),
            Field("valid_until", _("Valid until"), _day_text(of["valid_until"]), note=self._day_note),
            Field("amount", _("Amount"), amount_typed(of["amount_minor"], of["currency"])),
            Field("owner_id", _("Owner"), str(of["owner_id"] or ""), options=[("", _("nobody")), *owners]),
            Field("notes", _("Notes"), of["notes"], lines=3),
        ]
        with self.store.read() as connection:
            return card_fields(self, connection, "document", fields, of["custom"])

    def _document_values(self, filled: Mapping[str, str], currency: str) -> "Fields":
        from crm_tui.screens.interest.interest_fields import amount_of

        amount = amount_of(filled["amount"], currency)
        return {
            "number": filled["number"],
            "title": filled["title"],
            "status": filled["status"],
            "entity_id": int(filled["entity_id"]) if filled["entity_id"] else None,
            "issued_on": self._day_of(filled["issued_on"]),
            "valid_until": self._day_of(filled["valid_until"]),
            "amount_minor": amount.minor if amount else None,
            "currency": amount.currency if amount else currency,
            "owner_id": int(filled["owner_id"]) if filled["owner_id"] else None,
            "notes": filled["notes"],
        }

    def _customer_id(self, typed: str, shown: str, known: int | None) -> int | None:
        """The customer that is named; the known one while its name stands there. Raises Invalid."""
        if interest_parties.same(typed, shown):
            return known
        with self.store.read() as connection:
            found = interest_parties.customer(connection, typed)
        return found.id if found else None

    def _customer_text(self, typed: str) -> str:
        with self.store.read() as connection:
            return interest_parties.said(interest_parties.customer(connection, typed))

    def _day_of(self, typed: str) -> date | None:
        """A typed day; None for nothing. Raises Invalid."""
        if not typed.strip():
            return None
        at, all_day = typed_due(typed, self._now(), self._zone())
        wall = to_wall(at, self._zone())
        return date.fromordinal(wall.toordinal() - 1) if all_day else wall.date()

    def _day_note(self, typed: str) -> str:
        self._day_of(typed)
        return echo_of(typed, self._now(), self._zone())


class InterestPapers(DocumentForms):
    """``interest.proposal`` and ``interest.invoice``."""

    def interest_id(self) -> int:
        """The Interest that is meant. Raises Refused when none is."""
        raise NotImplementedError

    async def command_interest_proposal(self, argument: str = "") -> None:
        await self.new_document("proposal", {"interest_id": self.interest_id()})

    async def command_interest_invoice(self, argument: str = "") -> None:
        await self.new_document("invoice", {"interest_id": self.interest_id()})


def _of_card(card: "DocumentCard") -> dict[str, Any]:
    return {**card.values, "customer": card.customer, "entity": card.entity}


def _day_text(day: date | None) -> str:
    return "" if day is None else f"{day:{DAY}}"
