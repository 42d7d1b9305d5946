"""The list of legal entities: who signs, is invoiced and pays (IDX-14)."""

from collections.abc import Mapping
from typing import Any

from textual.content import Content
from textual.widgets import Static

from crm_tui.domain.errors import Refused
from crm_tui.i18n import _
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.party.entity_source import EntitySource
from crm_tui.screens.party.legal_entity_forms import LegalEntityForms
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order


class EntitiesScreen(LegalEntityForms, ListScreen[None]):
    """Legal entities by name; Enter opens the card."""

    SCOPES = ("entity",)
    TABLES = frozenset({"legal_entity", "customer_entity", "customer"})
    CURSOR = "entity"

    def list_title(self) -> str:
        title = _("Legal entities")
        return f"{title} · {_('In the trash: D brings back')}" if self._source.in_trash else title

    def make_list(self) -> RecordList:
        self._source = EntitySource(self.store)
        nothing = _("No legal entity yet. n enters one; a on a customer adds one to it.")
        return RecordList(self._source, Order("name"), empty=Content(nothing))

    def session_state(self) -> dict[str, Any]:
        return super().session_state() | {"in_trash": self._source.in_trash}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        if state.get("in_trash"):
            self.command_entity_in_trash()
        super().restore_session(state)

    def record_here(self) -> tuple[str, int]:
        """For commands that work with any record (`screens.record.record_here`)."""
        return "legal_entity", self._chosen()

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        self.shell.run_command("everywhere.show_legal_entity", str(event.id))

    def on_record_list_highlighted(self, _event: RecordList.Highlighted) -> None:
        self.session_changed()

    async def command_entity_new(self, argument: str = "") -> None:
        """A legal entity of nobody yet: a customer takes it by `a` on its card."""
        made = await self.new_entity()
        if made is not None:
            self._list.reload()
            self._list.go_to(made)

    async def command_entity_edit(self, argument: str = "") -> None:
        await self.edit_entity(self._chosen())

    async def command_entity_trash(self, argument: str = "") -> None:
        """The one under the cursor into the trash, or out of it where the list shows what lies there."""
        await self.trash_entity(self._chosen(), lies_there=self._source.in_trash)

    def command_entity_in_trash(self, argument: str = "") -> None:
        """Those in the trash, or the others again."""
        self._source.in_trash = not self._source.in_trash
        self._list.unmark_all()
        self._list.reload()
        self.query_one(".card-title", Static).update(Content(self.list_title()))
        self.session_changed()

    def _chosen(self) -> int:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._list.current_id
