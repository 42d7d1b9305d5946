"""Copies of our own letters that a server filed by itself: known again, though it added to them on their way."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, select

from crm_tui.store.tables import Outbox, table_of
from crm_tui.store.work import Work
from crm_tui.sync.passing import FOLDER, LETTER, PLACEMENT

OUTBOX = table_of(Outbox)


def own_letters(work: Work, identities: Collection[str]) -> dict[str, int]:
    """Those of the identities that are of letters we sent: their content is here, whatever size the copy has."""
    query = (
        select(LETTER.c.identity, LETTER.c.id)
        .join(OUTBOX, OUTBOX.c.message_id == LETTER.c.message_id)
        .where(LETTER.c.identity.in_(identities), OUTBOX.c.letter_id == LETTER.c.id)
    )
    return {row.identity: int(row.id) for row in work.connection.execute(query)}


def not_yet_uploaded(folder_id: int) -> ColumnElement[bool]:
    """Of ``placement`` and ``folder``: copies of letters we sent that we meant to put into this Sent, and need not
    any more. A copy that a person put there of any other letter is one of its own."""
    sent = select(OUTBOX.c.id).where(OUTBOX.c.letter_id == PLACEMENT.c.letter_id)
    return and_(
        PLACEMENT.c.folder_id == folder_id,
        PLACEMENT.c.srv_uid.is_(None),
        PLACEMENT.c.limbo == 0,
        FOLDER.c.role == "sent",
        sent.exists(),
    )
