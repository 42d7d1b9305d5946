"""Processes of any card, and triggers: commands that work in any place (ELP-05, ELP-06, BP-03, IDX-31)."""

from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import NotFound, Refused
from crm_tui.screens.record.record_here import record_here, records_here

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.services.ports import Ports

    Base = App[int]
else:
    Base = object


class CardProcessCommands(Base):
    """For the app."""

    if TYPE_CHECKING:
        ports: Ports

    async def command_everywhere_processes(self, argument: str = "") -> None:
        """The processes that ran on the record."""
        from crm_tui.screens.process.card_processes import CardProcessesScreen
        from crm_tui.screens.record.record_values import record_name

        kind, record_id = record_here(self.screen, argument)
        _refuse_other(kind)
        with self.ports.store.read() as connection:
            title = record_name(connection, kind, record_id)
        await self.push_screen(CardProcessesScreen(kind, record_id, title))

    async def command_everywhere_show_process(self, argument: str = "") -> None:
        """The map of the process with where it has been and is now. Raises NotFound."""
        from crm_tui.screens.process.process_way import WayScreen
        from crm_tui.services.process import process_view

        if not argument.strip().isdecimal():
            raise NotFound("no_such_record", kind="process", id=argument)
        with self.ports.store.read() as connection:
            process_view.card_of(connection, int(argument))
        await self.push_screen(WayScreen(int(argument)))

    async def command_everywhere_start_process(self, argument: str = "") -> None:
        """On the marked records, or the one that the place is about."""
        from crm_tui.screens.process.card_processes import start_process

        here: Any = self.screen
        kind, record_ids = records_here(here)
        _refuse_other(kind)
        await start_process(here, kind, record_ids, argument)

    async def command_everywhere_triggers(self, argument: str = "") -> None:
        """The triggers of the company."""
        from crm_tui.screens.process.triggers import TriggersScreen

        if not isinstance(self.screen, TriggersScreen):
            await self.push_screen(TriggersScreen())


def _refuse_other(kind: str) -> None:
    from crm_tui.services.process.process_object import KINDS

    if kind not in KINDS:
        raise Refused("no_processes_here", kind=kind)
