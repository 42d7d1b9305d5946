"""Documents: the list, of one card or of all (IDX-13)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.domain.document_words import KINDS, STATUSES
from crm_tui.domain.errors import Refused
from crm_tui.domain.text import clean, fold
from crm_tui.i18n import _
from crm_tui.screens.base import Topics
from crm_tui.screens.document.document_card import DocumentScreen
from crm_tui.screens.document.document_forms import OF, DocumentForms
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.interest.interest_source import amount_text
from crm_tui.screens.lists.bulk_acts import BulkActs
from crm_tui.screens.lists.list_filter import NarrowedLine
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.looked_list import LookedList
from crm_tui.screens.lists.narrowed_source import NarrowedSource
from crm_tui.screens.wording import begun_large
from crm_tui.services.document import document_trash, documents
from crm_tui.store.queries import papers
from crm_tui.store.queries.papers import DocumentRow
from crm_tui.store.work import Work
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag

ALL, ENDING, TRASH = "all", "ending", "trash"
OVER = ("paid", "cancelled")


class DocumentsScreen(DocumentForms, BulkActs, LookedList, ListScreen[None]):
    """The documents of a card (kind and id), or the newest of all."""

    SCOPES = ("documents", "records")
    TABLES = frozenset({"document", "customer"})

    def __init__(self, card: tuple[str, int] | None = None, title: str = "") -> None:
        super().__init__()
        self._card, self._title = card, title
        self._which = ALL
        self._documents: dict[int, DocumentRow] = {}

    @property
    def place(self) -> str:
        return super().place if self._card is None else "DocumentsOfCard"

    def session_state(self) -> dict[str, Any]:
        return {"filter": self.filter_state()} if self._card is None else {}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        self.restore_filter(state.get("filter"))

    def list_title(self) -> str:
        shown = {ALL: "", ENDING: _("contracts that end soon"), TRASH: _("in the trash: D brings back")}
        which = shown.get(self._which)
        if which is None:
            which = _(KINDS[self._which])
        title = _("Documents: {name}").format(name=clean(self._title)) if self._card else _("Documents")
        return " · ".join(part for part in (title, which) if part)

    def make_list(self) -> RecordList:
        columns = (
            Column("kind", _("Kind"), width=11, sortable=False),
            Column("number", _("Number"), width=10, sortable=False),
            Column("title", _("Title"), flex=2, min_width=18, sortable=False),
            Column("customer", _("Customer"), flex=1, min_width=14, sortable=False, drop=3),
            Column("status", _("Status"), width=10, sortable=False),
            Column("issued", _("Issued"), width=8, sortable=False, drop=2),
            Column("until", _("Until"), width=10, sortable=False),
            Column("amount", _("Amount"), width=15, align="right", sortable=False, drop=1),
        )
        self._source = NarrowedSource(columns, self._rows)
        return RecordList(self.looked(self._source), Order(""), empty=Content(self.empty_text()))

    def compose_body(self) -> Iterable[Widget]:
        return [NarrowedLine(), *super().compose_body()]

    def store_changed(self, topics: Topics) -> None:
        self.take_looks(topics)
        super().store_changed(topics)

    def looked_records(self) -> RecordList:
        return self._list

    def filtered_kind(self) -> str:
        return "document"

    def filtered_source(self) -> NarrowedSource:
        return self._source

    def empty_text(self) -> str:
        return _("No documents. n makes one.")

    def show_narrowed(self, keep: int | None) -> None:
        if self._which == TRASH and self.narrowing.condition is not None:
            self._show_which(ALL)  # a filter finds nothing of what lies in the trash
        super().show_narrowed(keep)

    def bulk_kind(self) -> str:
        return "document"

    def bulk_ids(self) -> Sequence[int]:
        return self._all_chosen()

    def bulk_found(self) -> Sequence[int]:
        return self._list.marked_ids() or self._list.ids

    def record_here(self) -> tuple[str, int]:
        """For commands that work with any record (`screens.record.record_here`)."""
        return "document", self._chosen()

    def records_here(self) -> tuple[str, Sequence[int]]:
        """The same for commands that take several."""
        return "document", self._all_chosen()

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        self.app.push_screen(DocumentScreen(event.id, self._documents[event.id].title))

    async def command_documents_new(self, argument: str = "") -> None:
        """A document of the card, of a kind that is chosen."""
        kind = argument if argument in KINDS else ""
        kind = kind or await self.app.push_screen_wait(Choice(_("New document"), _kinds())) or ""
        if kind:
            await self.new_document(kind, _columns_of(self._card))

    async def command_documents_edit(self, argument: str = "") -> None:
        await self.edit_document(self._chosen())

    async def command_documents_status(self, argument: str = "") -> None:
        await self.set_status(self._all_chosen(), argument)

    async def command_documents_trash(self, argument: str = "") -> None:
        """The marked documents, or the one under the cursor; what lies in the trash comes back."""
        chosen = self._all_chosen()
        lies_there = self._which == TRASH

        def verb(work: Work) -> None:
            for key in chosen:
                (document_trash.restore if lies_there else documents.trash)(work, key)

        await self.act("documents.restore" if lies_there else "documents.trash", verb)
        self.shell.say(_("Back from the trash.") if lies_there else _("In the trash. u brings it back."))

    async def command_documents_which(self, argument: str = "") -> None:
        """Those of one kind, contracts that end soon, those in the trash, or all."""
        options = [(ALL, _("all")), (ENDING, _("contracts that end soon")), *_kinds()]
        options.append((TRASH, _("in the trash")))
        meant = [value for value, text in options if fold(argument) in (value, fold(text))]
        chosen = meant[0] if meant else await self.app.push_screen_wait(Choice(_("Which documents"), options))
        if not chosen:
            return
        self._show_which(chosen)
        if chosen == TRASH and self.narrowing.condition is not None:
            self.clear_filter()
        else:
            self._list.reload()

    def _show_which(self, which: str) -> None:
        self._which = which
        self.query_one(".card-title", Static).update(Content(self.list_title()))

    def _chosen(self) -> int:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._list.current_id

    def _all_chosen(self) -> tuple[int, ...]:
        return self._list.marked_ids() or (self._chosen(),)

    def _rows(self, narrowed: papers.Narrowed) -> Sequence[Row]:
        soon = self._today() + documents.WARN_BEFORE
        with self.store.read() as connection:
            in_trash = self._which == TRASH
            if self._card is not None:
                found = papers.of_card(connection, *self._card, in_trash=in_trash, narrowed=narrowed)
            elif self._which == ENDING:
                found = list(papers.ending(connection, soon, narrowed=narrowed))
            else:
                kind = "" if self._which in (ALL, TRASH) else self._which
                found = papers.newest(connection, kind, in_trash=in_trash, narrowed=narrowed)
        if self._card is not None and self._which == ENDING:
            found = [one for one in found if _ends_by(one, soon)]
        elif self._card is not None and self._which not in (ALL, TRASH):
            found = [one for one in found if one.kind == self._which]
        self._documents = {one.id: one for one in found}
        return [self._row(one) for one in found]

    def _row(self, one: DocumentRow) -> Row:
        today = self._today()
        soon = _ends_by(one, today + documents.WARN_BEFORE)
        late = soon and one.valid_until is not None and one.valid_until < today
        until = f"{one.valid_until:%d.%m.%y}" if one.valid_until else ""
        flags = RowFlag.OVERDUE if late else RowFlag.PRIORITY if soon else RowFlag.NONE
        if one.status in OVER:
            flags = RowFlag.DIMMED
        cells = (
            _(KINDS[one.kind]),
            one.number,
            one.title,
            one.customer,
            begun_large(_(STATUSES[one.status])),
            f"{one.issued_on:%d.%m.%y}" if one.issued_on else "",
            f"! {until}" if soon else until,
            amount_text(one.amount_minor, one.currency),
        )
        return Row(one.id, cells, flags)


def _ends_by(one: DocumentRow, day: date) -> bool:
    """Whether a contract in force ends by that day."""
    return (
        one.kind == "contract"
        and one.status in papers.SHORTLY
        and one.valid_until is not None
        and one.valid_until <= day
    )


def _kinds() -> list[tuple[str, str]]:
    return [(code, _(name)) for code, name in KINDS.items()]


def _columns_of(card: tuple[str, int] | None) -> dict[str, int]:
    if card is None:
        return {}
    if card[0] not in OF:
        raise Refused("no_documents_here")
    return {OF[card[0]]: card[1]}
