"""Writing from an Interest: to whoever it is for, with the files of its documents that did not go out yet (A2)."""

import asyncio
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import Refused
from crm_tui.i18n import _
from crm_tui.screens.acting import Acting
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.writing.draft_opening import open_draft, sending_accounts
from crm_tui.services.writing import drafts
from crm_tui.services.writing.compose import Begun
from crm_tui.store.queries import addresses, interest_card

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    class Base(Acting, CrmScreen[Any]):
        pass
else:
    Base = Acting


class InterestLetters(Base):
    """``interest.write``."""

    def interest_id(self) -> int:
        """The Interest that is meant. Raises Refused when none is."""
        raise NotImplementedError

    async def command_interest_write(self, argument: str = "") -> None:
        """A new letter to one of the addresses of whoever the Interest is for."""
        from crm_tui.screens.writing.compose import ComposeScreen
        from crm_tui.services.writing import document_letters  # its tables are not read at the start

        interest_id, settings = self.interest_id(), self.shell.settings.config.mail
        able = sending_accounts(self.store, primary=settings.primary_account)
        to = argument or await self._address(interest_id)
        if not to:
            return
        begun = await self.look(
            lambda connection: document_letters.begun(connection, interest_id, able[0].key, to)
        )
        if begun.files:
            draft_id = await asyncio.to_thread(self._draft_with_files, begun)
            await open_draft(self.app, self.store, draft_id, files_at_first=len(begun.files))
        else:
            await self.app.push_screen(ComposeScreen(begun.writing, able))

    def _draft_with_files(self, begun: Begun) -> int:
        with self.store.facts("draft.begin") as work:
            return drafts.begin(work, begun, owner_id=self.actor.user_id)

    async def _address(self, interest_id: int) -> str | None:
        """That of the contact person, else of the lead; only of a firm's several it is asked for."""
        with self.store.read() as connection:
            card = interest_card.card(connection, interest_id)
            known: list[str] = []
            for kind, key in (("contact", card.contact_id), ("lead", card.lead_id)):
                known = addresses.of_party(connection, kind, key) if key is not None else []
                if known:
                    return known[0]
            if card.customer_id is not None:
                known = addresses.of_party(connection, "customer", card.customer_id)
        if not known:
            raise Refused("no_address_here", name=card.party or card.row.name)
        if len(known) == 1:
            return known[0]
        return await self.app.push_screen_wait(Choice(_("Write to"), [(one, one) for one in known]))
