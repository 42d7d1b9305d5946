"""The folders of an account: what the server has, under which role, and what became of the ones we knew."""

from collections import Counter
from contextlib import suppress
from typing import Any

from sqlalchemy import Row, insert, select, update

from crm_tui.domain.text import clean
from crm_tui.store.images import inserted_id
from crm_tui.store.tables import Folder, MailAccount, Placement
from crm_tui.store.work import Work
from crm_tui.sync import gmail, plan
from crm_tui.sync.folder_push import free_name, push_folders, server_names
from crm_tui.sync.imap.conversation import ServerRefused
from crm_tui.sync.imap.responses import ListedFolder, can_select
from crm_tui.sync.passing import ACCOUNT, FOLDER, PLACEMENT, Listed, Pass
from crm_tui.sync.pull import set_folder

_VIRTUAL = frozenset({"\\all", "\\flagged", "\\important"})


def discover(run: Pass) -> Listed:
    """List the server's folders, bring the folder table up to date, and make there what is wanted here.

    Nothing is sent on the strength of an old list: a command whose answer was lost is seen to have run.
    """
    run.tell("folders")
    found = _read(run)
    return _read(run) if push_folders(run) else found


def _read(run: Pass) -> Listed:
    listed = run.session.list_folders()
    _learn_prefix(run)
    rows = run.rows(select(FOLDER).where(FOLDER.c.account_id == run.account_id))
    known = {row.srv_name: row for row in rows if row.srv_name is not None}
    old = _recognised(run, listed, known)
    wanted = server_names(run, [row for row in rows if row.srv_name is None and row.intent == "create"])
    roles = dict(zip((f.name for f in listed), _roles(run, listed), strict=True))
    modes = dict(zip((f.name for f in listed), _modes(run, listed, roles), strict=True))
    renamed = {row.name for row in rows if row.intent == "rename"}
    given = {row.role for row in rows if row.srv_name is not None}
    result: Listed = {}
    with run.arrivals("folders") as work:
        found = {row.id for row in old.values()}
        for name, one in [*known.items(), *wanted.items()]:
            heir = old.get(name)
            leaves = heir is not None and heir.intent == "rename" and one.intent == "create"
            if heir is not None and one.id not in found and not leaves:
                _give_way(work, one, heir.id)
        for one in old.values():  # all names first: two folders may have changed theirs with each other
            if old.get(one.srv_name) is not one:
                work.connection.execute(update(FOLDER).where(FOLDER.c.id == one.id).values(srv_name=None))
        for folder in listed:
            role, row = roles[folder.name], old.get(folder.name) or wanted.get(folder.name)
            if row is None:
                # Our RENAME whose answer was lost, and somebody took the old name: no subscription followed it.
                ours = clean(folder.name) in renamed and not folder.subscribed
                folder_id = _insert(work, run.account_id, folder, role, modes[folder.name], ours=ours)
            else:
                folder_id = int(row.id)
                _refresh(work, row, folder, role, rows, taken=role in given)
            run.names[folder_id] = folder.raw_name
            result[folder_id] = folder
        for name, one in known.items():
            if one.id not in result and one.uidvalidity is not None:
                _vanished(work, run.number, one.id)
            if one.id not in result and one.intent == "rename" and name in wanted:
                set_folder(work, one.id, srv_name=None, intent="create", subscribe_intent=True, mailbox_id="")
    return result


def _give_way(work: Work, row: Row[Any], heir_id: int) -> None:
    """The name is now that of another folder on the server: what is wanted in the one is wanted in the other."""
    wanted = PLACEMENT.c.folder_id == row.id, PLACEMENT.c.srv_folder_id.is_distinct_from(row.id)
    ids = list(work.connection.scalars(select(PLACEMENT.c.id).where(*wanted)))
    work.connection.execute(
        update(PLACEMENT).where(*wanted).values(folder_id=heir_id, version=PLACEMENT.c.version + 1)
    )
    work.touch(Placement, ids)
    set_folder(work, row.id, srv_name=None, intent=None, hidden=True, mailbox_id="")


def _learn_prefix(run: Pass) -> None:
    """Ask once where the user's own folders lie (RFC 2342)."""
    query = select(ACCOUNT.c.folder_prefix).where(ACCOUNT.c.id == run.account_id)
    if run.rows(query)[0].folder_prefix is None:
        prefix = run.session.personal_prefix()
        with run.arrivals("folders") as work:
            work.connection.execute(
                update(ACCOUNT).where(ACCOUNT.c.id == run.account_id).values(folder_prefix=prefix)
            )
            work.touch(MailAccount, [run.account_id])


def _recognised(run: Pass, listed: list[ListedFolder], known: dict[str, Row[Any]]) -> dict[str, Row[Any]]:
    """The row of each listed name: by name, by MAILBOXID (RFC 8474), or by what a RENAME leaves as it is.

    UIDVALIDITY survives a RENAME and UIDNEXT only grows; a server that gives one UIDVALIDITY to several folders
    tells nothing by it.
    """
    found = {folder.name: known[folder.name] for folder in listed if folder.name in known}
    missing = {row.mailbox_id: row for name, row in known.items() if name not in found and row.mailbox_id}
    ids = _ids(run, [folder for folder in listed if folder.name not in known]) if missing else {}
    found |= {name: missing[key] for name, key in ids.items() if key in missing}
    taken = {row.id for row in found.values()}
    numbered = Counter(folder.status.uidvalidity for folder in listed if folder.status)
    left = {row.uidvalidity: row for row in known.values() if row.id not in taken and row.uidnext > 1}
    for folder in listed:
        status = folder.status
        if folder.name in found or status is None or numbered[status.uidvalidity] > 1:
            continue
        row = left.get(status.uidvalidity)
        if row is not None and status.uidnext >= row.uidnext and not (row.mailbox_id and folder.name in ids):
            found[folder.name] = row
    return found


def _ids(run: Pass, fresh: list[ListedFolder]) -> dict[str, str]:
    """The MAILBOXIDs of folders whose names are new: one of them may be what is missing under its old name."""
    found: dict[str, str] = {}
    for folder in fresh:
        if can_select(folder.attributes):
            with suppress(ServerRefused):
                found[folder.name] = run.session.select(folder.raw_name, write=False).mailbox_id
    return {name: key for name, key in found.items() if key}


def _roles(run: Pass, listed: list[ListedFolder]) -> list[str]:
    return plan.roles([(f.name, gmail.attributes(run.session, f), f.delimiter) for f in listed])


def _modes(run: Pass, listed: list[ListedFolder], roles: dict[str, str]) -> list[str]:
    modes = plan.modes(
        [
            (
                roles[f.name],
                f.subscribed,
                bool(gmail.attributes(run.session, f) & _VIRTUAL) or not can_select(f.attributes),
            )
            for f in listed
        ]
    )
    query = select(ACCOUNT.c.sync_folders).where(ACCOUNT.c.id == run.account_id)
    if run.rows(query)[0].sync_folders:
        return modes
    return [mode if roles[f.name] else "none" for f, mode in zip(listed, modes, strict=True)]


def _insert(work: Work, account_id: int, folder: ListedFolder, role: str, mode: str, *, ours: bool) -> int:
    result = work.connection.execute(
        insert(FOLDER).values(
            version=1,
            account_id=account_id,
            name=clean(folder.name),
            role=role,
            hidden=False,
            sync_mode="full" if ours and can_select(folder.attributes) else mode,
            uidnext=1,
            modseq=0,
            permanent_keywords=True,
            subscribed=folder.subscribed or ours,
            subscribe_intent=True if ours else None,
            error="",
            **_as_listed(folder),
        )
    )
    folder_id = inserted_id(result)
    work.touch(Folder, [folder_id])
    return folder_id


def _as_listed(folder: ListedFolder) -> dict[str, Any]:
    return {
        "srv_name": folder.name,
        "delimiter": folder.delimiter or "/",
        "selectable": can_select(folder.attributes),
        "srv_count": folder.status.messages if folder.status else 0,
    }


def _refresh(
    work: Work, old: Row[Any], folder: ListedFolder, role: str, rows: list[Row[Any]], *, taken: bool
) -> None:
    """Take over what the server says, save where a person wants it otherwise and it does not know that yet."""
    values = _as_listed(folder)
    if old.intent in ("rename", "delete"):
        values["intent"] = None if old.name == clean(folder.name) and old.intent == "rename" else old.intent
    else:
        values |= {"hidden": False, "intent": None, "name": _name_within(folder, rows)}
    if old.subscribe_intent is None:
        values["subscribed"] = folder.subscribed
    if role and not old.role and not taken:
        values["role"] = role
    if old.srv_name != folder.name:
        free_name(work, old.account_id, folder.name)
        _rebase(work, old, clean(folder.name), rows)
    if any(getattr(old, name) != value for name, value in values.items()):
        set_folder(work, old.id, **values)


def _name_within(folder: ListedFolder, rows: list[Row[Any]]) -> str:
    """The name to show: a folder within one that is to be renamed lies under its new name already."""
    for row in rows:
        start = f"{row.srv_name}{row.delimiter}"
        if row.intent == "rename" and row.srv_name and folder.name.startswith(start):
            return clean(f"{row.name}{row.delimiter}{folder.name[len(start) :]}")
    return clean(folder.name)


def _rebase(work: Work, old: Row[Any], name: str, rows: list[Row[Any]]) -> None:
    """The server renamed a folder: what is wanted within it is wanted under the new name."""
    start = old.name + old.delimiter
    for row in rows:
        if row.intent in ("create", "rename") and row.name.startswith(start) and old.intent != "rename":
            set_folder(work, row.id, name=name + old.delimiter + row.name[len(start) :])


def _vanished(work: Work, number: int, folder_id: int) -> None:
    """A folder that is gone on the server: its letters wait in limbo for a place to turn up."""
    rows = PLACEMENT.c.srv_folder_id == folder_id, PLACEMENT.c.srv_uid.is_not(None)
    ids = list(work.connection.scalars(select(PLACEMENT.c.id).where(*rows)))
    work.connection.execute(update(PLACEMENT).where(*rows).values(srv_uid=None, limbo=number))
    work.touch(Placement, ids)
    set_folder(work, folder_id, uidvalidity=None, uidnext=1, modseq=0)
