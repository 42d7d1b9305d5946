"""Files and documents of any card: commands that work in any place, on the record it is about."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import NotFound, Refused
from crm_tui.screens.record.record_here import record_here

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.services.ports import Ports

    Base = App[int]
else:
    Base = object


class CardPaperCommands(Base):
    """For the app."""

    if TYPE_CHECKING:
        ports: Ports

    async def command_everywhere_card_files(self, argument: str = "") -> None:
        """The files attached to the record."""
        from crm_tui.screens.document.card_files import CardFilesScreen
        from crm_tui.screens.record.record_values import record_name
        from crm_tui.services.document import card_files

        here: Any = self.screen
        kind, record_id = record_here(here, argument)
        if kind not in card_files.OWNERS:
            raise Refused("no_files_here", kind=kind)
        with self.ports.store.read() as connection:
            title = record_name(connection, kind, record_id)
        await self.push_screen(CardFilesScreen(kind, record_id, title))

    async def command_everywhere_documents(self, argument: str = "") -> None:
        """The documents of the record; all of them where no record with documents is meant."""
        from crm_tui.screens.document.document_forms import OF
        from crm_tui.screens.document.documents import DocumentsScreen
        from crm_tui.screens.record.record_values import record_name

        kind, record_id = "", 0
        with suppress(Refused):
            kind, record_id = record_here(self.screen, argument)
        if kind not in OF:
            await self.push_screen(DocumentsScreen())
            return
        with self.ports.store.read() as connection:
            title = record_name(connection, kind, record_id)
        await self.push_screen(DocumentsScreen((kind, record_id), title))

    async def command_everywhere_show_document(self, argument: str = "") -> None:
        """The card of a document, over what is shown. Raises NotFound."""
        from crm_tui.screens.document.document_card import DocumentScreen
        from crm_tui.store.queries import papers

        if not argument.strip().isdecimal():
            raise NotFound("no_such_record", kind="document", id=argument)
        with self.ports.store.read() as connection:
            card = papers.card(connection, int(argument))
        await self.push_screen(DocumentScreen(card.id, card.values["title"]))

    async def command_everywhere_custom_fields(self, argument: str = "") -> None:
        """The fields that the company added to a kind of card."""
        from crm_tui.screens.record.custom_fields import CustomFieldsScreen
        from crm_tui.services.record.custom_fields import KINDS

        await self.push_screen(CustomFieldsScreen(argument if argument in KINDS else self._card_kind()))

    async def command_everywhere_gaps(self, argument: str = "") -> None:
        """The cards of a kind in which something is missing."""
        from crm_tui.screens.record.gaps import GapsScreen
        from crm_tui.services.record.custom_fields import KINDS

        await self.push_screen(GapsScreen(argument if argument in KINDS else self._card_kind()))

    def _card_kind(self) -> str:
        """The kind of the record that the place is about, where its cards have fields of one's own."""
        from crm_tui.services.record.custom_fields import KINDS

        kind = ""
        with suppress(Refused):
            kind, _record_id = record_here(self.screen)
        return kind if kind in KINDS else "customer"
