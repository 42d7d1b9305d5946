"""The text of a letter that is kept as its header only: fetched from the server when the letter is opened."""

import asyncio
from typing import TYPE_CHECKING

from crm_tui.domain.errors import CrmError
from crm_tui.i18n import _
from crm_tui.services import messages
from crm_tui.store.queries.letters import LetterCard

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    class Base(CrmScreen[None]):
        """What fetching needs of its screen."""

else:
    Base = object


class TextOnDemand(Base):
    """For the reader: ``fetch_text`` when a letter is opened."""

    arriving = ""
    """What is said in the place of a text that is on its way, or why it is not."""

    def fetch_text(self, card: LetterCard) -> None:
        """Begin to fetch what is not here; the screen goes on meanwhile."""
        self.arriving = ""
        sync = self.shell.ports.sync
        if card.text is not None or card.body_state != "none" or sync is None:
            return
        self.arriving = _("The text of this letter is not here yet: fetching it …")

        async def fetch() -> None:
            try:
                await asyncio.to_thread(sync.fetch_body, card.row.letter_id)
            except CrmError as error:
                reason = messages.of_error(error)
                self.text_came(
                    card, _("The text of this letter is not here yet. {reason}").format(reason=reason)
                )
            else:
                self.text_came(card, "")

        self.run_worker(fetch(), group="text", exclusive=True)

    def text_came(self, card: LetterCard, trouble: str) -> None:
        """The text is here, or it is known why not."""
        raise NotImplementedError
