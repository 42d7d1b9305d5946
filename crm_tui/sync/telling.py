"""Telling the owner of an account of letters that have just come into an inbox (decision D-01)."""

from sqlalchemy import func, select

from crm_tui.services import notifications
from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount
from crm_tui.sync.passing import FOLDER, LETTER, PLACEMENT

MOST = 1000
"""More new letters than this are counted as this many: the person only learns that it is a flood."""


def tell_new(store: Store, account: MailAccount, *, since_pass: int) -> None:
    """Notify of the unread letters that the passes after ``since_pass`` first saw in the account's inboxes."""
    if account.owner_id is None:
        return
    who = func.coalesce(func.nullif(LETTER.c.sender_name, ""), LETTER.c.sender_address)
    query = (
        select(PLACEMENT.c.id, who, LETTER.c.subject)
        .join(LETTER, LETTER.c.id == PLACEMENT.c.letter_id)
        .join(FOLDER, FOLDER.c.id == PLACEMENT.c.folder_id)
        .where(
            FOLDER.c.account_id == account.key,
            FOLDER.c.role == "inbox",
            PLACEMENT.c.born > since_pass,
            PLACEMENT.c.unread,
            ~PLACEMENT.c.deleted,
        )
        .order_by(PLACEMENT.c.date_key, PLACEMENT.c.id)
        .limit(MOST)
    )
    with store.read() as connection:
        letters = [(int(row[0]), str(row[1]), str(row[2])) for row in connection.execute(query)]
    if letters:
        with store.facts("notification.new_letters") as work:
            notifications.new_letters(work, account.owner_id, letters)
