"""Telling the owner of an account of letters that have just come into an inbox (decision D-01)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, func, select

from crm_tui.services.task import notifications
from crm_tui.store.engine import Store
from crm_tui.store.tables import Inquiry, Interest, MailAccount, table_of
from crm_tui.sync.passing import ACCOUNT, FOLDER, LETTER, PLACEMENT

INQUIRY, INTEREST = table_of(Inquiry), table_of(Interest)

MOST = 1000
"""More new letters than this are counted as this many: the person only learns that it is a flood."""
_BATCH = 500


def tell_new(store: Store, account: MailAccount, came: Sequence[int]) -> None:
    """Notify of those placements of ``came`` that are unread letters in the account's inboxes."""
    if account.owner_id is None:
        return
    letters: list[tuple[int, str, str]] = []
    with store.read() as connection:
        for start in range(0, len(came), _BATCH):
            found = connection.execute(_unread(account.key, came[start : start + _BATCH]))
            letters += [(int(row[0]), str(row[1]), str(row[2])) for row in found]
            if len(letters) >= MOST:
                break
    if letters:
        with store.facts("notification.new_letters") as work:
            notifications.new_letters(work, account.owner_id, letters[:MOST])


def _unread(account_id: int, ids: Sequence[int]) -> Any:
    joined = exists().where(  # its owner is told that the customer waits
        INQUIRY.c.letter_id == LETTER.c.id, INQUIRY.c.decided_by.is_(None), INTEREST.c.id == INQUIRY.c.interest_id,
        INTEREST.c.owner_id == ACCOUNT.c.owner_id,
    )  # fmt: skip
    who = func.coalesce(func.nullif(LETTER.c.sender_name, ""), LETTER.c.sender_address)
    return (
        select(PLACEMENT.c.id, who, LETTER.c.subject)
        .join(LETTER, LETTER.c.id == PLACEMENT.c.letter_id)
        .join(FOLDER, FOLDER.c.id == PLACEMENT.c.folder_id)
        .join(ACCOUNT, ACCOUNT.c.id == FOLDER.c.account_id)
        .where(
            PLACEMENT.c.id.in_(ids),
            FOLDER.c.account_id == account_id,
            FOLDER.c.role == "inbox",
            PLACEMENT.c.unread,
            ~PLACEMENT.c.deleted,
            ~joined,
        )
        .order_by(PLACEMENT.c.date_key, PLACEMENT.c.id)
    )
