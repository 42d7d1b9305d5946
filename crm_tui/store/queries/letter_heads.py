"""Letters as scripts list them: names and addresses apart, with the account and the folder they lie in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from crm_tui.store.tables import Folder, Inquiry, Letter, MailAccount, Placement, table_of

placement, letter, folder = table_of(Placement), table_of(Letter), table_of(Folder)
account, inquiry = table_of(MailAccount), table_of(Inquiry)

_BATCH = 500


@dataclass(frozen=True, slots=True)
class LetterHead:
    """One place of a letter, and what its header tells."""

    id: int
    """Id of the placement."""
    letter_id: int
    account: str
    folder: str
    role: str
    sender_name: str
    sender_address: str
    recipients: Any
    subject: str
    date: datetime
    message_id: str
    flags: int
    size: int
    kind: str
    has_attachments: bool
    inquiry: str


def heads(connection: Connection, placement_ids: Sequence[int]) -> Iterator[LetterHead]:
    """The heads of these places in this order; those that are gone are left out."""
    for start in range(0, len(placement_ids), _BATCH):
        batch = placement_ids[start : start + _BATCH]
        rows = connection.execute(_query().where(placement.c.id.in_(batch), ~placement.c.deleted))
        found = {row.id: LetterHead(*row) for row in rows}
        yield from (found[key] for key in batch if key in found)


def _query() -> Select[Any]:
    return (
        select(
            placement.c.id,
            placement.c.letter_id,
            account.c.name.label("account"),
            folder.c.name.label("folder"),
            folder.c.role,
            letter.c.sender_name,
            letter.c.sender_address,
            letter.c.recipients,
            letter.c.subject,
            letter.c.date,
            letter.c.message_id,
            placement.c.flags,
            letter.c.size,
            letter.c.kind,
            letter.c.has_attachments,
            func.coalesce(inquiry.c.status, "").label("inquiry"),
        )
        .join(letter, letter.c.id == placement.c.letter_id)
        .join(folder, folder.c.id == placement.c.folder_id)
        .join(account, account.c.id == folder.c.account_id)
        .outerjoin(inquiry, inquiry.c.letter_id == letter.c.id)
    )
