"""``everywhere.agree_deletions``: so much vanished from a folder on the server that a person is asked."""

import asyncio
from typing import TYPE_CHECKING

from crm_tui.domain.errors import NotFound
from crm_tui.i18n import _
from crm_tui.screens.forms.prompt import Choice, Confirm
from crm_tui.services.letter import mail
from crm_tui.services.letter.mail import MASS_DELETE
from crm_tui.store.queries import folders

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.services.ports import Ports

    Base = App[int]
else:
    Base = object


class DeletionCommands(Base):
    """For the app."""

    if TYPE_CHECKING:
        ports: Ports

        def say(self, text: str, *, trouble: bool = False) -> None: ...

    async def command_everywhere_agree_deletions(self, argument: str = "") -> None:
        """Choose among the folders that ask, and let go what vanished from it."""
        with self.ports.store.read() as connection:
            asking = folders.with_error(connection, MASS_DELETE)
        if not asking:
            raise NotFound("no_deletions_to_agree")
        chosen = await self.push_screen_wait(
            Choice(_("From which folder?"), [(str(key), name) for key, name in asking])
        )
        if chosen is None:
            return
        name = {str(key): name for key, name in asking}[chosen]
        question = _("Let go here too what vanished from “{folder}” on the server?").format(folder=name)
        if not await self.push_screen_wait(Confirm(question)):
            return
        await asyncio.to_thread(self._agree, int(chosen))
        if self.ports.sync is not None:
            self.ports.sync.fetch()
        self.say(_("The next fetch lets them go."))

    def _agree(self, folder_id: int) -> None:
        with self.ports.store.work(self.ports.actor, "mail.agree_deletions") as work:
            mail.agree_to_deletions(work, folder_id)
