"""For the app: the records opened last are noted, and gone back to (L-01)."""

import asyncio
from typing import TYPE_CHECKING

from crm_tui.domain.errors import CrmError, Refused
from crm_tui.i18n import _

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.services.ports import Ports

    Base = App[int]
else:
    Base = object

SHOW = "everywhere.show_"
MOST_LISTED = 20


class Visits(Base):
    """``visited`` is told of each command that was carried out."""

    if TYPE_CHECKING:
        ports: Ports

        def run_command(self, id: str, argument: str = "") -> bool: ...

    def visited(self, command: str, argument: str) -> None:
        """Note the record that the command opened, if it opened one: in a thread, the screen does not wait."""
        kind, user_id = command.removeprefix(SHOW), self.ports.actor.user_id
        if not command.startswith(SHOW) or not argument.isdecimal() or user_id is None:
            return

        def note() -> None:
            from crm_tui.services.record import visits

            if kind not in visits.KINDS:
                return
            try:
                with self.ports.store.facts("visit") as work:
                    visits.note(work, user_id, kind, int(argument))
            except CrmError:  # busy or full: a visit is not worth a word
                return

        self.run_worker(asyncio.to_thread(note), group="visits", exit_on_error=False)

    async def command_everywhere_recent(self, argument: str = "") -> None:
        """Choose one of the records opened last."""
        from crm_tui.screens.forms.prompt import Choice
        from crm_tui.screens.wording import kind_text
        from crm_tui.services.record import visits

        with self.ports.store.read() as connection:
            listed = visits.recent(connection, self.ports.actor.user_id, MOST_LISTED)
        if not listed:
            raise Refused("nothing_visited")
        options = [(str(at), f"{kind_text(one.kind)}: {one.text}") for at, one in enumerate(listed)]
        chosen = await self.push_screen_wait(Choice(_("Recently visited"), options))
        if chosen is not None:
            self.run_command(listed[int(chosen)].command, listed[int(chosen)].argument)
