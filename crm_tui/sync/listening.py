"""What an inbox was like when listening to it began: IDLE tells nothing of what came before."""

from dataclasses import dataclass

from sqlalchemy import select

from crm_tui.store.engine import Store
from crm_tui.sync.imap.responses import Selected
from crm_tui.sync.passing import FOLDER


@dataclass
class InboxWatch:
    """The inbox of an account. One state of it is a reason for one pass only."""

    store: Store
    account_id: int
    _met: tuple[int, int, int] | None = None

    def missed(self, inbox: Selected) -> bool:
        """Whether the inbox is not as the last pass left it."""
        query = select(FOLDER.c.uidvalidity, FOLDER.c.uidnext, FOLDER.c.modseq).where(
            FOLDER.c.account_id == self.account_id, FOLDER.c.role == "inbox"
        )
        with self.store.read() as connection:
            known = connection.execute(query).first()
        there = (inbox.uidvalidity, inbox.uidnext, inbox.modseq)
        if known is None or not inbox.uidnext or there == self._met:
            return False
        self._met = there
        return bool(there[:2] != tuple(known[:2]) or (known.modseq and there[2] > known.modseq))
