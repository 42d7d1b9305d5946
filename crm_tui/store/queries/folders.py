"""Reads of mail folders: the tree with its counts, what an account asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from crm_tui.domain.text import fold
from crm_tui.store.queries.unread import UNREAD
from crm_tui.store.tables import Folder, MailAccount, Placement, table_of

placement, folder, account = table_of(Placement), table_of(Folder), table_of(MailAccount)

ROLES = ("inbox", "processed", "drafts", "sent", "archive", "junk", "trash")
"""Roles of folders in the order of the tree."""


@dataclass(frozen=True, slots=True)
class FolderRow:
    """A folder of the tree."""

    id: int
    account_id: int
    account: str
    name: str
    delimiter: str
    role: str
    selectable: bool
    total: int
    unread: int


def rows(connection: Connection, *, counted: bool = True) -> list[FolderRow]:
    """The folders of the accounts in use, by account, the roles first, then by name.

    Counting takes as long as there are letters: some 40 ms for a million; not ``counted``, all are 0.
    """
    totals: dict[int, int] = {}
    unread: dict[int, int] = {}
    if counted:
        totals = _counts(connection, select(placement.c.folder_id, func.count()).where(~placement.c.deleted))
        unread = _counts(
            connection,
            select(placement.c.folder_id, func.count()).where(UNREAD),
        )
    found = connection.execute(
        select(folder, account.c.name.label("account"))
        .join(account, account.c.id == folder.c.account_id)
        .where(account.c.enabled, ~folder.c.hidden)
    )
    folders = [
        FolderRow(
            id=row.id,
            account_id=row.account_id,
            account=row.account,
            name=row.name,
            delimiter=row.delimiter,
            role=row.role,
            selectable=row.selectable,
            total=totals.get(row.id, 0),
            unread=unread.get(row.id, 0),
        )
        for row in found
    ]
    return sorted(folders, key=lambda one: (one.account, one.account_id, rank(one.role), fold(one.name)))


def needs_reason(connection: Connection, placement_ids: Sequence[int]) -> bool:
    """Whether an account of these letters asks for a reason when one is declined (MAIL-12)."""
    query = (
        select(account.c.id)
        .join(folder, folder.c.account_id == account.c.id)
        .join(placement, placement.c.folder_id == folder.c.id)
        .where(placement.c.id.in_(placement_ids), account.c.decline_needs_reason)
    )
    return connection.execute(query.limit(1)).first() is not None


def _counts(connection: Connection, query: Select[Any]) -> dict[int, int]:
    grouped = query.group_by(placement.c.folder_id)
    return {row[0]: row[1] for row in connection.execute(grouped)}


def rank(role: str) -> int:
    """Where a folder with this role stands: the known ones in the order of ``ROLES``, then all others."""
    return ROLES.index(role) if role in ROLES else len(ROLES)


def with_error(connection: Connection, error: str) -> list[tuple[int, str]]:
    """Id and name of the folders that carry this error, by name."""
    query = select(folder.c.id, folder.c.name).where(folder.c.error == error).order_by(folder.c.name)
    return [(row.id, row.name) for row in connection.execute(query)]
