"""The folders of the accounts as rows of the tree: roles first, names cleaned, levels by the delimiter."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import groupby

from crm_tui.domain.text import clean
from crm_tui.i18n import N_, _
from crm_tui.screens.wording import list_date
from crm_tui.store.queries.folders import FolderRow
from crm_tui.store.tables import MailAccount
from crm_tui.widgets.folder_tree import TreeRow

ROLE_TITLES = {
    "inbox": N_("Inbox"),
    "processed": N_("Processed"),
    "drafts": N_("Drafts"),
    "sent": N_("Sent"),
    "archive": N_("Archive"),
    "junk": N_("Junk"),
    "trash": N_("Trash"),
}


PASSWORD_WANTED = frozenset({"vault_locked", "password_missing"})
"""Codes of errors that a person ends by ``:password``, which is said beside the account."""


def tree_rows(folders: Sequence[FolderRow], loads: Mapping[int, str] | None = None) -> list[TreeRow]:
    """One row an account with its last load (``loads``, by its id), below it its folders, below those theirs."""
    rows: list[TreeRow] = []
    for (account_id, account), group in groupby(folders, key=lambda one: (one.account_id, one.account)):
        rows.append(TreeRow(f"account:{account_id}", clean(account), note=(loads or {}).get(account_id, "")))
        rows += _folder_rows(account_id, list(group))
    return rows


def last_load(account: MailAccount, now: datetime, zone: tzinfo, wanted: str = "") -> str:
    """When the account got its mail last (MAIL-37), with a sign where the last try failed: ``g a`` says why.

    ``wanted``: code of the error by which a password is wanted before anything else comes.
    """
    if wanted in PASSWORD_WANTED:
        return "! :password"
    got = account.last_success_at
    when = list_date(got, now, zone) if got is not None else ""
    return f"! {when}".rstrip() if account.last_error else when


def folder_title(folder: FolderRow) -> str:
    """What a folder is called where it stands alone: its role, or its whole name."""
    title = ROLE_TITLES.get(folder.role)
    return _(title) if title else clean(folder.name)


def _folder_rows(account_id: int, folders: Sequence[FolderRow]) -> Iterable[TreeRow]:
    """Folders with a role stand at the top under the name of the role, the others where their name puts them."""
    by_role = [one for one in folders if one.role]
    for folder in by_role:
        yield _row(folder, folder_title(folder), 1)
        prefix = folder.name + folder.delimiter
        below = [one for one in folders if not one.role and one.name.startswith(prefix)]
        yield from _branch(account_id, below, len(prefix), 2)
    roots = tuple(one.name + one.delimiter for one in by_role)
    yield from _branch(
        account_id, [one for one in folders if not one.role and not one.name.startswith(roots)], 0, 1
    )


def _branch(account_id: int, folders: Sequence[FolderRow], cut: int, depth: int) -> Iterable[TreeRow]:
    """Folders by the parts of their names behind ``cut``; a level that is no folder gets a row of its own."""
    shown: set[str] = set()
    for folder in sorted(folders, key=lambda one: _parts(one, cut)):
        parts = _parts(folder, cut)
        for level in range(1, len(parts)):
            above = folder.delimiter.join(parts[:level])
            if above not in shown:
                shown.add(above)
                yield TreeRow(f"level:{account_id}:{cut}:{above}", clean(parts[level - 1]), depth + level - 1)
        shown.add(folder.delimiter.join(parts))
        yield _row(folder, clean(parts[-1]), depth + len(parts) - 1)


def _parts(folder: FolderRow, cut: int) -> list[str]:
    name = folder.name[cut:]
    return name.split(folder.delimiter) if folder.delimiter else [name]


def _row(folder: FolderRow, title: str, depth: int) -> TreeRow:
    return TreeRow(
        f"folder:{folder.id}",
        title,
        depth,
        folder.id if folder.selectable else None,
        folder.total,
        folder.unread,
    )
