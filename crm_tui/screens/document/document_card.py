"""The card of a document: what it says of itself, the processes that ran on it, and its files (IDX-13)."""

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.domain.document_words import KINDS, STATUSES
from crm_tui.domain.errors import Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.base import Topics
from crm_tui.screens.document.card_files import TABLES, CardFilesScreen
from crm_tui.screens.document.document_forms import DAY, DocumentForms
from crm_tui.screens.interest.interest_source import amount_text
from crm_tui.screens.process.process_words import status_text, where_text
from crm_tui.screens.record.own_fields import card_lines
from crm_tui.services.process import card_processes
from crm_tui.store.queries import papers

MOST_PROCESSES = 3
"""That are told among the facts of a document, those that run first."""


class DocumentScreen(DocumentForms, CardFilesScreen):
    """One document: what it says of itself, and its files."""

    SCOPES = ("document", "card_files")

    def __init__(self, document_id: int, title: str) -> None:
        super().__init__("document", document_id, title)

    def compose_body(self) -> Iterable[Widget]:
        title, *rest = super().compose_body()
        return [title, Static(Content(""), classes="card-facts"), *rest]

    def on_mount(self) -> None:
        super().on_mount()
        self._show_facts()

    def list_title(self) -> str:
        return clean(self._title)

    def reload(self) -> None:
        self._show_facts()
        super().reload()

    def store_changed(self, topics: Topics) -> None:
        if topics.keys() & (TABLES | {"document", "process", "process_token", "*"}):
            self.reload()

    async def command_document_edit(self, argument: str = "") -> None:
        await self.edit_document(self._record_id)

    async def command_document_status(self, argument: str = "") -> None:
        await self.set_status((self._record_id,), argument)

    def command_document_interest(self, argument: str = "") -> None:
        """Go to what the document belongs to."""
        with self.store.read() as connection:
            of = papers.card(connection, self._record_id).values
        for kind in ("interest", "customer"):
            if of[f"{kind}_id"] is not None:
                self.shell.run_command(f"everywhere.show_{kind}", str(of[f"{kind}_id"]))
                return
        raise Refused("document_of_nobody")

    def _show_facts(self) -> None:
        with self.store.read() as connection:
            card = papers.card(connection, self._record_id)
            of = card.values
            own = card_lines(
                connection, self.shell.settings.config, "document", self._record_id, of["custom"]
            )
            ran = card_processes.of_card(connection, "document", self._record_id)
        self._title = of["title"]
        self.query_one(".card-title", Static).update(Content(clean(of["title"])))
        issued, until = (f"{day:{DAY}}" if day else "" for day in (of["issued_on"], of["valid_until"]))
        lines = [
            [
                _(KINDS[of["kind"]]),
                _("number {number}").format(number=of["number"]) if of["number"] else "",
                _(STATUSES[of["status"]]),
                amount_text(of["amount_minor"], of["currency"]),
            ],
            [card.customer, card.entity, card.interest],
            [
                _("issued {date}").format(date=issued) if issued else "",
                _("valid until {date}").format(date=until) if until else "",
                _("owner {name}").format(name=card.owner) if card.owner else "",
                _("! in the trash") if of["trashed_at"] else "",
            ],
            [" ".join(of["notes"].split())],
            *([line] for line in own),
            *([line.title, status_text(line), where_text(line)] for line in ran[:MOST_PROCESSES]),
        ]
        said = (" · ".join(clean(part) for part in line if part) for line in lines)
        self.query_one(".card-facts", Static).update(Content("\n".join(line for line in said if line)))
