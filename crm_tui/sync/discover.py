"""The folders of an account: what the server has, under which role, and what became of the ones we knew."""

from typing import Any

from sqlalchemy import Row, insert, select, update

from crm_tui.domain.text import clean
from crm_tui.store.images import inserted_id
from crm_tui.store.tables import Folder, Placement
from crm_tui.store.work import Work
from crm_tui.sync import plan
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.conversation import ServerRefused
from crm_tui.sync.imap.responses import ListedFolder, can_select
from crm_tui.sync.passing import FOLDER, PLACEMENT, Listed, Pass
from crm_tui.sync.pull import set_folder

_VIRTUAL = frozenset({"\\all", "\\flagged", "\\important"})


def discover(run: Pass) -> Listed:
    """List the server's folders, make those wanted there, and bring the folder table up to date."""
    run.tell("folders")
    _create_wanted(run)
    listed = run.session.list_folders()
    known = {
        row.srv_name: row
        for row in run.rows(
            select(FOLDER).where(FOLDER.c.account_id == run.account_id, FOLDER.c.srv_name.is_not(None))
        )
    }
    fresh = [folder for folder in listed if folder.name not in known]
    missing = {name: row for name, row in known.items() if name not in {folder.name for folder in listed}}
    renamed = _renamed(fresh, missing)
    roles = dict(zip((f.name for f in listed), _roles(listed), strict=True))
    modes = dict(zip((f.name for f in listed), _modes(listed, roles), strict=True))
    given = {row.role for row in known.values()}
    result: Listed = {}
    with run.arrivals("folders") as work:
        for folder in listed:
            old = known.get(folder.name) or renamed.get(folder.name)
            if old is None:
                folder_id = _insert(work, run.account_id, folder, roles[folder.name], modes[folder.name])
            else:
                folder_id = int(old.id)
                _refresh(work, old, folder, roles[folder.name], taken=roles[folder.name] in given)
            run.names[folder_id] = folder.raw_name
            result[folder_id] = folder
        moved = {row.id for row in renamed.values()}
        for row in missing.values():
            if row.id not in moved:
                _vanished(work, run.number, row.id)
    return result


def _create_wanted(run: Pass) -> None:
    wanted = run.rows(
        select(FOLDER.c.id, FOLDER.c.name).where(
            FOLDER.c.account_id == run.account_id, FOLDER.c.intent == "create", FOLDER.c.srv_name.is_(None)
        )
    )
    for row in wanted:
        folder_id, name = row.id, row.name
        raw = tokens.mailbox(name)
        error = ""
        try:
            run.session.create(raw)
        except ServerRefused as refused:  # it may be there already: then LIST shows it
            error = str(refused.facts["answer"])
        try:
            run.session.subscribe(raw)
        except ServerRefused as refused:
            with run.facts("folder") as work:
                set_folder(work, folder_id, error=clean(error or str(refused.facts["answer"])))
            continue
        with run.facts("folder") as work:
            set_folder(work, folder_id, srv_name=name, intent=None, error="")


def _renamed(fresh: list[ListedFolder], missing: dict[str, Row[Any]]) -> dict[str, Row[Any]]:
    """New names that are old folders: UIDVALIDITY survives a RENAME, and UIDNEXT only grows."""
    found: dict[str, Row[Any]] = {}
    left = list(missing.values())
    for folder in fresh:
        for row in left:
            status = folder.status
            if status and status.uidvalidity == row.uidvalidity and status.uidnext >= row.uidnext > 1:
                found[folder.name] = row
                left.remove(row)
                break
    return found


def _roles(listed: list[ListedFolder]) -> list[str]:
    return plan.roles([(folder.name, folder.attributes, folder.delimiter) for folder in listed])


def _modes(listed: list[ListedFolder], roles: dict[str, str]) -> list[str]:
    return plan.modes(
        [
            (roles[f.name], f.subscribed, bool(f.attributes & _VIRTUAL) or not can_select(f.attributes))
            for f in listed
        ]
    )


def _insert(work: Work, account_id: int, folder: ListedFolder, role: str, mode: str) -> int:
    result = work.connection.execute(
        insert(FOLDER).values(
            version=1,
            account_id=account_id,
            name=clean(folder.name),
            srv_name=folder.name,
            delimiter=folder.delimiter or "/",
            role=role,
            subscribed=folder.subscribed,
            selectable=can_select(folder.attributes),
            hidden=False,
            sync_mode=mode,
            uidnext=1,
            modseq=0,
            srv_count=folder.status.messages if folder.status else 0,
            permanent_keywords=True,
            error="",
        )
    )
    folder_id = inserted_id(result)
    work.touch(Folder, [folder_id])
    return folder_id


def _refresh(work: Work, old: Row[Any], folder: ListedFolder, role: str, *, taken: bool) -> None:
    values = {
        "srv_name": folder.name,
        "name": clean(folder.name),
        "delimiter": folder.delimiter or "/",
        "subscribed": folder.subscribed,
        "selectable": can_select(folder.attributes),
        "hidden": False,
        "srv_count": folder.status.messages if folder.status else 0,
    }
    if role and not old.role and not taken:
        values["role"] = role
    if any(getattr(old, name) != value for name, value in values.items()):
        set_folder(work, old.id, **values)


def _vanished(work: Work, number: int, folder_id: int) -> None:
    """A folder that is gone on the server: its letters wait in limbo for a place to turn up."""
    rows = PLACEMENT.c.srv_folder_id == folder_id, PLACEMENT.c.srv_uid.is_not(None)
    ids = list(work.connection.scalars(select(PLACEMENT.c.id).where(*rows)))
    work.connection.execute(update(PLACEMENT).where(*rows).values(srv_uid=None, limbo=number))
    work.touch(Placement, ids)
    set_folder(work, folder_id, uidvalidity=None, uidnext=1, modseq=0)
