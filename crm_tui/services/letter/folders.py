"""Verbs of mail folders: what is wanted is kept here, the next sync makes it so on the server (design/sync.md §4).

``Folder.name`` is the wanted name beside ``srv_name``, the last known one; ``intent`` says that they differ because
a person wants it. Until the server has heard of it any of this can be undone.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean, fold
from crm_tui.store.tables import Folder, MailAccount, Placement, table_of
from crm_tui.store.work import Work

SYNC_MODES = ("none", "headers", "full")
KEPT_ROLES = ("inbox", "sent", "drafts", "trash")
"""Roles of folders that an account cannot do without: they are not renamed, moved or deleted."""
NEW_LETTERS = "folder_kept"
"""``Folder.error`` of a folder that was to be deleted and is back, because new letters came into it meanwhile."""
_WILD = "%*"
_LONGEST_NAME = 200
_PLACEMENT = table_of(Placement)


def create(work: Work, account_id: int, name: str, *, parent_id: int | None = None, role: str = "") -> Folder:
    """A new folder, beside the others or within ``parent_id``; synced in full, and subscribed to.

    ``role`` tells a server that can be told so what it is for (RFC 6154 section 3). Raises Invalid for an unusable
    name, Refused for one in use and for an account whose folders are not synced.
    """
    account = _synced(work, account_id)
    parent = None if parent_id is None else _visible(work, parent_id)
    if parent is not None and parent.account_id != account_id:
        raise Refused("folder_of_other_account", folder=parent.name)
    delimiter = parent.delimiter if parent else _delimiter(work, account_id)
    path = _path(account, parent, _leaf(name, delimiter), delimiter)
    _refuse_taken(work, account_id, path)
    leaving = work.find(Folder, account_id=account_id, name=path, intent="delete")
    if leaving is not None:  # opposite wishes come to nothing
        work.change(leaving, hidden=False, intent=None)
        return leaving
    return work.add(
        Folder(
            account_id=account_id,
            name=path,
            delimiter=delimiter,
            role=role,
            intent="create",
            subscribed=True,
            subscribe_intent=True,
        )
    )


def rename(work: Work, folder_id: int, name: str) -> Folder:
    """Give the folder another name where it is; the folders within it keep theirs.

    Raises Invalid and Refused as ``create``, and Refused for a folder that the account cannot do without.
    """
    folder = _changeable(work, folder_id)
    account = work.get(MailAccount, folder.account_id)
    path = _path(account, _parent(work, folder), _leaf(name, folder.delimiter), folder.delimiter)
    _rename(work, folder, path)
    return folder


def move(work: Work, folder_id: int, parent_id: int | None) -> Folder:
    """Put the folder, with those within it, under another one; None puts it beside the account's first ones.

    Raises Refused as ``rename``, and for a folder that would lie within itself.
    """
    folder = _changeable(work, folder_id)
    parent = None if parent_id is None else _visible(work, parent_id)
    if parent is not None and parent.account_id != folder.account_id:
        raise Refused("folder_of_other_account", folder=parent.name)
    if parent is not None and parent.key in {one.key for one in _tree(work, folder)}:
        raise Refused("folder_within_itself", folder=folder.name)
    account = work.get(MailAccount, folder.account_id)
    leaf = folder.name.rpartition(folder.delimiter)[2]
    _rename(work, folder, _path(account, parent, leaf, folder.delimiter))
    return folder


def delete(work: Work, folder_id: int, *, agreed: bool = False) -> int:
    """Delete the folder and those within it; their letters go to the trash. Answers how many letters those are.

    Raises Refused (``folder_not_empty``, with ``count``) where letters lie in them and nobody ``agreed``; for
    letters that were never brought here (``folder_not_here``); and as ``rename``.
    """
    tree = _tree(work, _changeable(work, folder_id))
    for one in tree:
        _refuse_needed(one)
        if one.sync_mode == "none" and one.srv_count:
            raise Refused("folder_not_here", folder=one.name, count=one.srv_count)
    keys = [one.key for one in tree]
    lying = select(_PLACEMENT.c.id).where(_PLACEMENT.c.folder_id.in_(keys), ~_PLACEMENT.c.deleted)
    letters = list(work.connection.scalars(lying))
    if letters and not agreed:
        raise Refused("folder_not_empty", folder=tree[0].name, count=len(letters))
    trash = work.find(Folder, account_id=tree[0].account_id, role="trash", hidden=False)
    if trash is None or _is_within(tree[0], trash):
        work.change_many(Placement, letters, deleted=True)
    else:
        work.change_many(Placement, letters, folder_id=trash.key)
    for one in tree:
        work.change(one, hidden=True, intent=None if one.srv_name is None else "delete")
    return len(letters)


def subscribe(work: Work, folder_ids: Sequence[int], *, on: bool = True) -> int:
    """Subscribe to folders (MAIL-07), here and on the server, or end it; answers how many changed.

    A folder is synced when it is subscribed to, and no longer when it is not. Raises Refused as ``create``, and
    for an account's inbox, which is always synced.
    """
    count = 0
    for folder in [_visible(work, folder_id) for folder_id in folder_ids]:
        _synced(work, folder.account_id)
        if folder.role == "inbox" and not on:
            raise Refused("folder_is_needed", folder=folder.name)
        mode = ("full" if folder.sync_mode == "none" else folder.sync_mode) if on else "none"
        values: dict[str, Any] = {"subscribed": on, "sync_mode": mode}
        if folder.subscribed != on:
            values["subscribe_intent"] = on
        count += work.change(folder, **values)
    return count


def set_sync_mode(work: Work, folder_ids: Sequence[int], mode: str) -> int:
    """How much of folders is kept here: ``none``, ``headers`` (bodies when opened) or ``full``; how many changed.

    Raises Invalid for another mode, Refused for an inbox that would not be synced.
    """
    if mode not in SYNC_MODES:
        raise Invalid("not_a_sync_mode", value=clean(mode))
    count = 0
    for folder in [_visible(work, folder_id) for folder_id in folder_ids]:
        if folder.role == "inbox" and mode == "none":
            raise Refused("folder_is_needed", folder=folder.name)
        count += work.change(folder, sync_mode=mode)
    return count


def set_age_limit(work: Work, folder_ids: Sequence[int], days: int | None) -> int:
    """Days after which bodies in the folders are fetched only when opened; 0 for no limit, None for the account's.

    Answers how many changed. Raises Invalid for a negative number.
    """
    if days is not None and days < 0:
        raise Invalid("not_a_number_of_days", value=days)
    return sum(work.change(_visible(work, folder_id), age_limit_days=days) for folder_id in folder_ids)


def refuse_unsynced(account: MailAccount) -> None:
    """Raise Refused with the reason where folders of the account are not synced (MAIL-09)."""
    if account.kind != "imap":
        raise Refused("pop3_has_no_folders", account=account.name)
    if not account.sync_folders:
        raise Refused("folders_not_synced", account=account.name)


def _synced(work: Work, account_id: int) -> MailAccount:
    account = work.get(MailAccount, account_id)
    refuse_unsynced(account)
    return account


def _visible(work: Work, folder_id: int) -> Folder:
    folder = work.get(Folder, folder_id)
    if folder.hidden:
        raise Refused("folder_is_gone", folder=folder.name)
    return folder


def _changeable(work: Work, folder_id: int) -> Folder:
    folder = _visible(work, folder_id)
    _synced(work, folder.account_id)
    _refuse_needed(folder)
    return folder


def _refuse_needed(folder: Folder) -> None:
    if folder.role in KEPT_ROLES:
        raise Refused("folder_is_needed", folder=folder.name)


def _rename(work: Work, folder: Folder, path: str) -> None:
    if path == folder.name:
        return
    _refuse_taken(work, folder.account_id, path, but=folder.key)
    old = folder.name
    for inner in _tree(work, folder)[1:]:
        work.change(inner, name=path + inner.name[len(old) :])
    intent = folder.intent
    if folder.srv_name is not None:
        intent = None if path == clean(folder.srv_name) else "rename"
    work.change(folder, name=path, intent=intent, error="")


def _refuse_taken(work: Work, account_id: int, path: str, *, but: int | None = None) -> None:
    folder = table_of(Folder)
    names = select(folder.c.id, folder.c.name).where(folder.c.account_id == account_id, ~folder.c.hidden)
    for row in work.connection.execute(names):
        if row.id != but and fold(row.name) == fold(path):
            raise Refused("folder_exists", folder=row.name)


def _tree(work: Work, folder: Folder) -> list[Folder]:
    """The folder, and all folders within it."""
    table = table_of(Folder)
    start = folder.name + folder.delimiter
    inner = select(table.c.id).where(
        table.c.account_id == folder.account_id, ~table.c.hidden, table.c.id != folder.key,
        func.substr(table.c.name, 1, len(start)) == start,
    )  # fmt: skip
    return [folder, *(work.get(Folder, key) for key in work.connection.scalars(inner.order_by(table.c.name)))]


def _parent(work: Work, folder: Folder) -> Folder | None:
    path = folder.name.rpartition(folder.delimiter)[0]
    return work.find(Folder, account_id=folder.account_id, name=path, hidden=False) if path else None


def _is_within(folder: Folder, other: Folder) -> bool:
    return folder.name.startswith(other.name + other.delimiter)


def _delimiter(work: Work, account_id: int) -> str:
    inbox = work.find(Folder, account_id=account_id, role="inbox", hidden=False)
    return inbox.delimiter if inbox else "/"


def _path(account: MailAccount, parent: Folder | None, leaf: str, delimiter: str) -> str:
    """The whole name: many servers have all folders within the inbox (RFC 2342)."""
    return f"{parent.name}{delimiter}{leaf}" if parent else f"{account.folder_prefix or ''}{leaf}"


def _leaf(name: str, delimiter: str) -> str:
    leaf = clean(name).strip()
    if not leaf:
        raise Invalid("name_missing", kind="folder")
    if len(leaf) > _LONGEST_NAME:
        raise Invalid("name_too_long", most=_LONGEST_NAME)
    for sign in (delimiter, *_WILD):
        if sign in leaf:
            raise Invalid("folder_name_sign", sign=sign)
    return leaf
