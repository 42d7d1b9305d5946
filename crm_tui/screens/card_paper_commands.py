"""Files of any card: commands that work in any place, on the record it is about."""

from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import Refused
from crm_tui.screens.record_here import record_here

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
        from crm_tui.screens.card_files import CardFilesScreen
        from crm_tui.screens.record_values import record_name
        from crm_tui.services import card_files

        here: Any = self.screen
        kind, record_id = record_here(here, argument)
        if kind not in card_files.OWNERS:
            raise Refused("no_files_here", kind=kind)
        with self.ports.store.read() as connection:
            title = record_name(connection, kind, record_id)
        await self.push_screen(CardFilesScreen(kind, record_id, title))
