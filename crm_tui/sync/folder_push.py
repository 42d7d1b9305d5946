"""To the server: folders that are to be made, renamed, subscribed to or deleted there (design/sync.md §4.4)."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row, func, select, update

from crm_tui.domain.text import clean
from crm_tui.services.letter.folders import NEW_LETTERS
from crm_tui.services.task import notifications
from crm_tui.store.work import Work
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.conversation import ServerRefused
from crm_tui.sync.passing import ACCOUNT, FOLDER, PLACEMENT, TOMB, Listed, Pass
from crm_tui.sync.pull import set_folder

_USES = {
    "sent": b"\\Sent", "drafts": b"\\Drafts", "trash": b"\\Trash", "junk": b"\\Junk", "archive": b"\\Archive",
}  # fmt: skip


def push_folders(run: Pass) -> bool:
    """Create, rename and subscribe as wanted; whether a new list is needed. A refusal is kept at the folder."""
    done = _create(run, _to_be_renamed(run))  # a folder may be moved into one that is new
    done = _rename(run) or done
    done = _create(run) or done
    for row in run.rows(
        _mine(run).where(FOLDER.c.subscribe_intent.is_not(None), FOLDER.c.srv_name.is_not(None))
    ):
        refusal = _tried(_subscribe, run, row.srv_name, row.subscribe_intent)
        if refusal:
            run.refused.add(row.id)
        with run.facts("folder") as work:
            set_folder(work, row.id, subscribe_intent=None, error=refusal or row.error)
        done = True
    return done


def server_names(run: Pass, rows: list[Row[Any]]) -> dict[str, Row[Any]]:
    """The names that rows are to have on the server: within what their parents are called there, or else within
    the account's own namespace."""
    if not rows:
        return {}
    prefix = run.rows(select(ACCOUNT.c.folder_prefix).where(ACCOUNT.c.id == run.account_id))[0][0] or ""
    called = {row.name: row.srv_name for row in run.rows(_mine(run).where(~FOLDER.c.hidden)) if row.srv_name}
    found: dict[str, Row[Any]] = {}
    for row in rows:
        parent, sign, leaf = row.name.rpartition(row.delimiter)
        if parent in called:
            name = called[parent] + sign + leaf
        else:
            name = row.name if row.name.casefold().startswith(prefix.casefold()) else prefix + row.name
        found[name] = row
    return found


def delete_folders(run: Pass, listed: Listed) -> None:
    """Delete the folders that are to go, once nothing lies in them; one with letters that nobody here has seen
    comes back, and its user is told."""
    for row in run.rows(_mine(run).where(FOLDER.c.intent == "delete").order_by(FOLDER.c.srv_name.desc())):
        if row.id in run.shut:
            continue
        if row.id not in listed:
            _forget(run, row.id)
            continue
        inner = row.srv_name + row.delimiter
        if any(folder.name.startswith(inner) and key not in run.deleted for key, folder in listed.items()):
            _keep(run, row, NEW_LETTERS)
            continue
        refusal = _tried(_delete, run, row)
        if refusal:
            _keep(run, row, refusal)


def free_name(work: Work, account_id: int, srv_name: str) -> None:
    """Take a server's name from a folder that is gone there, so that another one can have it."""
    work.connection.execute(
        update(FOLDER)
        .where(FOLDER.c.account_id == account_id, FOLDER.c.srv_name == srv_name, FOLDER.c.hidden)
        .values(srv_name=None)
    )


def _mine(run: Pass) -> Any:
    return select(FOLDER).where(FOLDER.c.account_id == run.account_id)


def _tried(act: Callable[..., None], *arguments: Any) -> str:
    """What the server says when it refuses; nothing when it does not."""
    try:
        act(*arguments)
    except ServerRefused as refused:
        return clean(str(refused.facts["answer"]))
    return ""


def _to_be_renamed(run: Pass) -> tuple[str, ...]:
    """Names on the server that folders are about to give up, each with its delimiter: nothing is made in them."""
    wanted = _mine(run).where(FOLDER.c.intent == "rename", FOLDER.c.srv_name.is_not(None), ~FOLDER.c.hidden)
    return tuple(row.srv_name + row.delimiter for row in run.rows(wanted))


def _create(run: Pass, leaving: tuple[str, ...] = ()) -> bool:
    """Make what is wanted, save in places that folders are ``leaving``."""
    done = False
    wanted = run.rows(_mine(run).where(FOLDER.c.intent == "create", FOLDER.c.srv_name.is_(None)))
    for row in sorted(wanted, key=lambda row: str(row.name)):  # outer ones first
        ((name, _),) = server_names(run, [row]).items()
        if (name + row.delimiter).startswith(leaving):
            continue
        raw = tokens.mailbox(name)
        refusal = _tried(run.session.create, raw, _USES.get(row.role))
        if not refusal and row.subscribed:
            _tried(_subscribe, run, name, True)
        values: dict[str, Any] = {"error": refusal}
        if not refusal:
            values = {"error": "", "srv_name": name, "intent": None, "subscribe_intent": None}
        with run.facts("folder") as work:
            if not refusal:
                free_name(work, run.account_id, name)
            set_folder(work, row.id, **values)
        done = done or not refusal
    return done


def _rename(run: Pass) -> bool:
    """Outer folders first; a name that another folder is about to give up is waited for."""
    done = False
    wanted = _mine(run).where(FOLDER.c.intent == "rename", FOLDER.c.srv_name.is_not(None))
    left = [row.id for row in sorted(run.rows(wanted), key=lambda row: str(row.srv_name))]
    while left:
        ready = next((key for key in left if not _in_the_way(run, key, left)), None)
        row = run.folder(left[0] if ready is None else ready)
        ((name, _),) = server_names(run, [row]).items()
        if ready is None:  # two want each other's name
            name = f"{row.srv_name}~{row.id}"
        else:
            left.remove(ready)
        refusal = _tried(_rename_one, run, row, name)
        if refusal:  # two folders of one name would be shown: it keeps the one that the server knows
            left = [key for key in left if key != row.id]
            with run.facts("folder") as work:
                set_folder(work, row.id, name=clean(row.srv_name), intent=None, error=refusal)
            _tell(run, row, "folder_refused", reason=refusal)
        done = True
    return done


def _in_the_way(run: Pass, folder_id: int, left: list[int]) -> bool:
    """Whether the name that the folder is to have is still that of another one that will be renamed."""
    row = run.folder(folder_id)
    names = server_names(run, [row])
    others = run.rows(_mine(run).where(FOLDER.c.srv_name.in_(names), FOLDER.c.id.in_(left)))
    return any(other.id != folder_id for other in others)


def _rename_one(run: Pass, row: Row[Any], name: str) -> None:
    if name != row.srv_name:
        run.session.leave()
        run.session.rename(tokens.mailbox(row.srv_name), tokens.mailbox(name))
    old = row.srv_name + row.delimiter
    moved = run.rows(
        _mine(run).where((FOLDER.c.id == row.id) | (func.substr(FOLDER.c.srv_name, 1, len(old)) == old))
    )
    names = {one.id: name + one.srv_name[len(row.srv_name) :] for one in moved}
    with run.facts("folder") as work:
        for one in moved:
            free_name(work, run.account_id, names[one.id])
            values = {"srv_name": names[one.id], "error": ""}
            if one.intent == "rename" and clean(names[one.id]) == one.name:
                values["intent"] = None
            set_folder(work, one.id, **values)
    for one in moved:  # few servers take a subscription along
        run.names.pop(one.id, None)
        if one.subscribed:
            _tried(_subscribe, run, one.srv_name, False)
            _tried(_subscribe, run, names[one.id], True)


def _subscribe(run: Pass, name: str, on: bool) -> None:
    raw = tokens.mailbox(name)
    if on:
        run.session.subscribe(raw)
    else:
        run.session.unsubscribe(raw)


def _delete(run: Pass, row: Row[Any]) -> None:
    raw = run.wire_name(row.id)
    status = run.session.status(raw) if row.selectable else None
    leaving = _leaving(run, row.id)
    if status is not None and status.messages > leaving:
        _keep(run, row, NEW_LETTERS)
    elif not leaving and not _lying(run, row.id):
        run.session.leave()
        _tried(_subscribe, run, row.srv_name, False)
        run.session.delete(raw)
        run.deleted.add(row.id)
        _forget(run, row.id)


def _leaving(run: Pass, folder_id: int) -> int:
    """Letters there that are still to be moved out or deleted: the folder waits for them."""
    rows = _places(folder_id).where((PLACEMENT.c.folder_id != folder_id) | PLACEMENT.c.deleted)
    tombs = select(func.count()).where(TOMB.c.folder_id == folder_id)
    return int(run.rows(rows)[0][0]) + int(run.rows(tombs)[0][0])


def _lying(run: Pass, folder_id: int) -> int:
    """Letters that we know there: where the server has none, they went since we looked, and are looked for."""
    return int(run.rows(_places(folder_id))[0][0])


def _places(folder_id: int) -> Any:
    return select(func.count()).where(
        PLACEMENT.c.srv_folder_id == folder_id, PLACEMENT.c.srv_uid.is_not(None)
    )


def _forget(run: Pass, folder_id: int) -> None:
    with run.facts("folder") as work:
        set_folder(
            work, folder_id, srv_name=None, intent=None, uidvalidity=None, uidnext=1, modseq=0, mailbox_id=""
        )


def _keep(run: Pass, row: Row[Any], error: str) -> None:
    """The folder stays: a person wanted it gone and has to hear of it."""
    with run.facts("folder") as work:
        set_folder(work, row.id, intent=None, hidden=False, error=error)
    if error == NEW_LETTERS:
        _tell(run, row, NEW_LETTERS)
    else:
        _tell(run, row, "folder_refused", reason=error)


def _tell(run: Pass, row: Row[Any], code: str, **facts: str) -> None:
    run.refused.add(row.id)
    owner = run.rows(select(ACCOUNT.c.owner_id).where(ACCOUNT.c.id == run.account_id))[0].owner_id
    if owner is not None:
        with run.facts("folder") as work:
            notifications.notify(
                work, owner, code, kind="folder", subject_id=row.id, folder=row.name, **facts
            )
