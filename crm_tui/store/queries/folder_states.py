"""Reads of mail folders with all that can be arranged about them (MAIL-06, MAIL-07)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from crm_tui.domain.text import fold
from crm_tui.store.queries import folders
from crm_tui.store.queries.folders import account, folder, placement


@dataclass(frozen=True, slots=True)
class FolderState:
    """A folder of an account in use."""

    id: int
    account_id: int
    account: str
    name: str
    delimiter: str
    role: str
    subscribed: bool
    sync_mode: str
    age_limit_days: int | None
    intent: str | None
    subscribe_intent: bool | None
    error: str
    srv_count: int
    last_success_at: datetime | None
    here: int
    """Letters that lie here."""


def of_accounts(connection: Connection, account_ids: Sequence[int] | None = None) -> list[FolderState]:
    """All folders of these accounts, or of those in use, by account, the roles first, then by name."""
    here = (
        select(func.count())
        .where(placement.c.folder_id == folder.c.id, ~placement.c.deleted)
        .scalar_subquery()
    )
    columns = [folder.c[name] for name in FolderState.__dataclass_fields__ if name in folder.c]
    found = connection.execute(
        select(*columns, account.c.name.label("account"), here.label("here"))
        .join(account, account.c.id == folder.c.account_id)
        .where(account.c.enabled if account_ids is None else account.c.id.in_(account_ids), ~folder.c.hidden)
    )
    states = [FolderState(**row._mapping) for row in found]
    return sorted(
        states, key=lambda one: (one.account, one.account_id, folders.rank(one.role), fold(one.name))
    )
