"""``crm mail folder``: folders of the accounts; what is changed here, the next ``crm sync`` does on the server."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from crm_tui.store.queries.folder_states import FolderState
    from crm_tui.store.work import Work


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of ``crm mail folder``."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int], meaning: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, aliases=["list"] if name == "ls" else [], help=meaning)
        made.add_argument("--account", metavar="NAME", help=_("name or address of an account"))
        made.set_defaults(run=run)
        return made

    listing = command("ls", ls, _("all folders: subscribed or not, how much of them is kept here"))
    output.add_format(listing)
    new = command("create", create, _("a new folder"))
    new.add_argument("name", metavar="NAME")
    new.add_argument("--under", metavar="FOLDER", help=_("the folder that it lies in"))
    renaming = command("rename", rename, _("give a folder another name"))
    renaming.add_argument("folder", metavar="FOLDER")
    renaming.add_argument("name", metavar="NAME")
    moving = command("move", move, _("put a folder under another one, or beside the first ones"))
    moving.add_argument("folder", metavar="FOLDER")
    moving.add_argument("--under", metavar="FOLDER", help=_("the folder that it lies in"))
    deleting = command("delete", delete, _("delete a folder; its letters go to the trash"))
    deleting.add_argument("folder", metavar="FOLDER")
    deleting.add_argument("--yes", action="store_true", help=_("also when letters lie in it"))
    for on, name, meaning in (
        (True, "subscribe", _("subscribe to folders: they are synced")),
        (False, "unsubscribe", _("end a subscription: they are synced no more")),
    ):
        subscribing = command(name, subscribe, meaning)
        subscribing.add_argument("folders", nargs="+", metavar="FOLDER")
        subscribing.set_defaults(on=on)
    keeping = command("keep", keep, _("how much of folders is kept here"))
    keeping.add_argument("mode", choices=("none", "headers", "full"))
    keeping.add_argument("folders", nargs="+", metavar="FOLDER")
    keeping.add_argument(
        "--days", type=int, metavar="N", help=_("older letters: their text only when opened; 0 for no limit")
    )


def ls(args: argparse.Namespace) -> int:
    """Print all folders."""
    with opened(args) as desk, desk.store.read() as connection:
        rows = _all(connection, args)
    if args.json:
        output.json_list(
            {
                "account": row.account,
                "folder": row.name,
                "role": row.role,
                "subscribed": row.subscribed,
                "keeps": row.sync_mode,
                "age_limit_days": row.age_limit_days,
                "intent": row.intent,
                "error": row.error,
                "id": row.id,
            }
            for row in rows
        )
        return exit_codes.OK
    headings = (_("subscribed"), _("keeps"), _("account"), _("folder"), _("role"), _("error"))
    cells = (
        (_("yes") if row.subscribed else _("no"), row.sync_mode, row.account, row.name, row.role, row.error)
        for row in rows
    )
    output.table(headings, cells, plain=args.plain)
    return exit_codes.OK


def create(args: argparse.Namespace) -> int:
    """Make a folder, and print its id."""
    from crm_tui.domain.errors import NotFound
    from crm_tui.services.letter import folders
    from crm_tui.store.queries import accounts

    with opened(args) as desk:
        with desk.store.read() as connection:
            parent = None if args.under is None else _called(connection, args, args.under)
            known = accounts.called(connection, [args.account] if args.account else ())
        if not known:
            raise NotFound("no_accounts")
        account_id = known[0].key if parent is None else parent.account_id
        with desk.store.work(desk.actor, "folder.create") as work:
            made = folders.create(work, account_id, args.name, parent_id=parent.id if parent else None)
        output.line(str(made.key))
    return exit_codes.OK


def rename(args: argparse.Namespace) -> int:
    """Give a folder another name."""
    from crm_tui.services.letter import folders

    return _do(args, "folder.rename", lambda work, key: folders.rename(work, key, args.name))


def move(args: argparse.Namespace) -> int:
    """Put a folder elsewhere."""
    from crm_tui.services.letter import folders

    def act(work: "Work", key: int) -> object:
        parent = None if args.under is None else _called(work.connection, args, args.under)
        return folders.move(work, key, parent.id if parent else None)

    return _do(args, "folder.move", act)


def delete(args: argparse.Namespace) -> int:
    """Delete a folder."""
    from crm_tui.services.letter import folders

    return _do(args, "folder.delete", lambda work, key: folders.delete(work, key, agreed=args.yes))


def subscribe(args: argparse.Namespace) -> int:
    """Subscribe to folders, or end it."""
    from crm_tui.services.letter import folders

    return _do(args, "folder.subscribe", lambda work, key: folders.subscribe(work, [key], on=args.on))


def keep(args: argparse.Namespace) -> int:
    """Choose how much of folders is kept here."""
    from crm_tui.services.letter import folders

    def act(work: "Work", key: int) -> None:
        folders.set_sync_mode(work, [key], args.mode)
        if args.days is not None:
            folders.set_age_limit(work, [key], args.days)

    return _do(args, "folder.keep", act)


def _do(args: argparse.Namespace, command: str, act: "Callable[[Work, int], object]") -> int:
    """One verb over the folders that are named, all or none."""
    names = args.folders if "folders" in args else [args.folder]
    with opened(args) as desk, desk.store.work(desk.actor, command) as work:
        for row in [_called(work.connection, args, name) for name in names]:
            act(work, row.id)
    return exit_codes.OK


def _all(connection: "Connection", args: argparse.Namespace) -> "list[FolderState]":
    from crm_tui.store.queries import accounts, folder_states

    chosen = accounts.called(connection, [args.account] if args.account else ())
    return folder_states.of_accounts(connection, [account.key for account in chosen])


def _called(connection: "Connection", args: argparse.Namespace, name: str) -> "FolderState":
    from crm_tui.domain.errors import Invalid, NotFound
    from crm_tui.domain.text import fold

    found = [row for row in _all(connection, args) if fold(name) in (fold(row.name), row.role)]
    if not found:
        raise NotFound("no_such_folder", name=name)
    if len(found) > 1:
        raise Invalid("several_folders", name=name)
    return found[0]
