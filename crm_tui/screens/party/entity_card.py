"""The card of a legal entity: what it is, who acts through it, and its documents (IDX-14)."""

from collections.abc import Iterable, Sequence
from typing import Any

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.domain.document_words import KINDS, STATUSES
from crm_tui.domain.identity import tax_number
from crm_tui.domain.text import clean
from crm_tui.i18n import N_, _
from crm_tui.screens.base import CrmScreen
from crm_tui.screens.interest.interest_source import amount_text
from crm_tui.screens.lists.list_search import ListSearch, SearchBar
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.party.legal_entity_forms import LegalEntityForms
from crm_tui.screens.record.card_frame import CardFrame
from crm_tui.screens.wording import due_text
from crm_tui.store.queries import papers, party_cards
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, heading_id

SECTIONS = (N_("Customers that act through it"), N_("Documents"))


class EntityScreen(CardFrame, ListSearch, LegalEntityForms, CrmScreen[None]):
    """One legal entity."""

    SCOPES = ("entity",)

    def __init__(self, entity_id: int) -> None:
        super().__init__()
        self.record_id = entity_id
        self._leads_to: dict[int, tuple[str, int]] = {}

    def compose_body(self) -> Iterable[Widget]:
        columns = (
            Column("kind", _("What"), width=14, sortable=False),
            Column("title", _("Title"), flex=3, min_width=20, sortable=False),
            Column("detail", _("Details"), flex=2, min_width=14, sortable=False, drop=1),
        )
        nobody = Content(_("Nobody acts through it: a on a customer adds it to one."))
        self._list = RecordList(SmallSource(columns, self._rows), Order(""), empty=nobody)
        yield Static(Content(""), classes="card-title")
        yield Static(Content(""), classes="card-facts party-facts")
        yield self._list
        yield SearchBar(self._list)

    def record_here(self) -> tuple[str, int]:
        """For commands that work with any record (`screens.record.record_here`)."""
        return "legal_entity", self.record_id

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        kind, record_id = self._leads_to[event.id]
        self.shell.run_command(f"everywhere.show_{kind}", str(record_id))

    async def command_entity_edit(self, argument: str = "") -> None:
        await self.edit_entity(self.record_id)

    async def command_entity_trash(self, argument: str = "") -> None:
        """Into the trash; out of it when it lies there."""
        await self.trash_entity(self.record_id, lies_there=self._values()["trashed_at"] is not None)

    def _values(self) -> dict[str, Any]:
        with self.store.read() as connection:
            return party_cards.entity(connection, self.record_id)

    def _show_head(self) -> None:
        of = self._values()
        kind = tax_number.kind_of(of["country"], of["tax_number"])
        number = " ".join(part for part in (kind.name if kind else _("Tax number"), of["tax_number"]) if part)
        registered = of["registration_number"]
        trashed = of["trashed_at"]
        since = due_text(trashed, self._now(), self._zone()) if trashed else ""
        lines = [
            ["! " + _("In the trash since {date}.").format(date=since) if trashed else ""],
            [
                of["country"],
                number if of["tax_number"] else "",
                _("registered {number}").format(number=registered) if registered else "",
            ],
            [" ".join(of["address"].split())],
            [" ".join(of["bank_details"].split())],
            [" ".join(of["notes"].split())],
        ]
        said = (" · ".join(clean(part) for part in line if part) for line in lines)
        self.query_one(".card-title", Static).update(Content(f"{clean(of['name'])}  ({_('Legal entity')})"))
        self.query_one(".card-facts", Static).update(Content("\n".join(line for line in said if line)))

    def _rows(self) -> Sequence[Row]:
        with self.store.read() as connection:
            people = party_cards.customers_of_entity(connection, self.record_id)
            written = papers.of_card(connection, "legal_entity", self.record_id)
        things = [(("customer", key), (_("Customer"), clean(name), "")) for key, name in people]
        made = [
            (
                ("document", one.id),
                (
                    _(KINDS[one.kind]),
                    " ".join(part for part in (clean(one.number), clean(one.title)) if part),
                    " · ".join(
                        part
                        for part in (_(STATUSES[one.status]), amount_text(one.amount_minor, one.currency))
                        if part
                    ),
                ),
            )
            for one in written
        ]
        rows: list[Row] = []
        self._leads_to = {}
        for section, found in enumerate((things, made)):
            if found:
                rows.append(Row(heading_id(section), (_(SECTIONS[section]), "", "")))
            for leads_to, cells in found:
                key = len(self._leads_to) + 1
                self._leads_to[key] = leads_to
                rows.append(Row(key, cells))
        return rows
