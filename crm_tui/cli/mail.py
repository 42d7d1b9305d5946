"""``crm mail``: folders with their counts, lists of letters, one letter, search, and the bare parser."""

import argparse
import sys
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from crm_tui.cli import exit_codes, mail_folder, mail_parse, mail_rule, output
from crm_tui.cli.opening import Desk, languages, opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from crm_tui.store.queries.folders import FolderRow
    from crm_tui.store.queries.letter_heads import LetterHead


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of ``crm mail``."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    listing = commands.add_parser(
        "ls",
        aliases=["list"],
        help=_("folders with their counts; letters with --folder, --unread or --limit"),
    )
    listing.add_argument("--folder", metavar="NAME", help=_("name or role of a folder: inbox, sent …"))
    listing.add_argument(
        "--account", action="append", metavar="NAME", help=_("name or address of an account")
    )
    listing.add_argument("--unread", action="store_true", help=_("unread letters only"))
    output.add_limit(listing, _("the newest N letters"))
    output.add_format(listing)
    listing.set_defaults(run=ls)
    showing = commands.add_parser("show", help=_("one letter"))
    showing.add_argument("id", type=int, metavar="ID", help=_("id of the letter as ls and search print it"))
    form = showing.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=_("JSON, for programs"))
    form.add_argument("--raw", action="store_true", help=_("the bytes as the server gave them"))
    form.add_argument("--headers", action="store_true", help=_("the whole header"))
    showing.set_defaults(run=show)
    search = commands.add_parser("search", help=_("letters, the newest first"))
    search.add_argument(
        "query", nargs="+", metavar="QUERY", help=_("words, from:NAME, after:DAY, is:unread …")
    )
    output.add_limit(search, _("at most so many (200)"), 200)
    output.add_format(search)
    search.set_defaults(run=find)
    mail_folder.add_arguments(
        commands.add_parser("folder", help=_("folders: list, create, rename, delete, subscribe"))
    )
    mail_rule.add_arguments(commands.add_parser("rule", help=_("processing rules: ls, run [--dry-run]")))
    parse = commands.add_parser("parse", help=_("what the mail parser makes of files, one line of JSON each"))
    mail_parse.add_arguments(parse)
    parse.set_defaults(run=mail_parse.run)


def ls(args: argparse.Namespace) -> int:
    """Print folders, or the letters of folders."""
    from crm_tui.domain.errors import NotFound
    from crm_tui.store.queries import accounts, folders

    with opened(args) as desk, desk.store.read() as connection:
        of_accounts = {one.key for one in accounts.called(connection, args.account or ())}
        chosen = [
            row
            for row in folders.rows(connection)
            if row.account_id in of_accounts and (args.folder is None or _is_called(args.folder, row))
        ]
        if args.folder is not None and not chosen:
            raise NotFound("no_such_folder", name=args.folder)
        if args.folder is None and not args.unread and args.limit is None:
            _print_folders(chosen, args)
            return exit_codes.OK
        ids = _letters_of(connection, [row.id for row in chosen], unread=args.unread)
        _print_letters(desk, connection, list(islice(ids, args.limit)), args)
    return exit_codes.OK


def find(args: argparse.Namespace) -> int:
    """Print the letters that a search line finds."""
    from crm_tui.domain import query
    from crm_tui.store.finding import search_letters

    with opened(args) as desk, desk.store.read() as connection:
        wanted = query.parse(" ".join(args.query), desk.now, desk.zone, languages())
        output.not_understood(wanted.not_understood)
        ids = search_letters(connection, wanted, limit=args.limit)[: args.limit]
        _print_letters(desk, connection, ids, args)
    return exit_codes.OK if ids else exit_codes.NOTHING_FOUND


def show(args: argparse.Namespace) -> int:
    """Print one letter: laid out as in the reader, or as it came."""
    from crm_tui.domain.errors import NotFound
    from crm_tui.store.queries import letter_heads, letters

    with opened(args) as desk, desk.store.read() as connection:
        head = next(letter_heads.heads(connection, [args.id]), None)
        card = letters.card(connection, args.id)
        if head is None or card is None:
            raise NotFound("no_such_record", kind="letter", id=args.id)
        if args.raw or args.headers:
            raw = letters.raw(connection, head.letter_id)
            if raw is None:
                raise NotFound("body_not_here")
            _print_raw(raw, headers=args.headers)
        elif args.json:
            files = [
                {"name": one.name, "type": one.content_type, "size": one.size} for one in card.attachments
            ]
            body = {"text": card.text, "attachments": files, "interests": list(card.interests)}
            output.json_object({**_as_json(head, desk), **body})
        else:
            _print_card(desk, head, card.text, [one.name for one in card.attachments])
    return exit_codes.OK


def _is_called(name: str, row: "FolderRow") -> bool:
    from crm_tui.domain.text import fold

    return fold(name) in (fold(row.name), row.role)


def _letters_of(connection: "Connection", folder_ids: Sequence[int], *, unread: bool) -> Sequence[int]:
    """Places in the folders, the newest first."""
    from crm_tui.store.queries import letter_order, letters

    if len(folder_ids) == 1 and not unread:
        return letter_order.in_folder(connection, folder_ids[0], "date", descending=True)
    if unread:
        found = {key for one in folder_ids for key in letters.unread_ids(connection, one)}
    else:
        found = {
            key
            for one in folder_ids
            for key in letter_order.in_folder(connection, one, "date", descending=True)
        }
    return letter_order.in_order(connection, sorted(found), "date", descending=True)


def _print_folders(rows: "Sequence[FolderRow]", args: argparse.Namespace) -> None:
    if args.json:
        output.json_list(
            {
                "account": row.account,
                "folder": row.name,
                "role": row.role,
                "total": row.total,
                "unread": row.unread,
                "id": row.id,
            }
            for row in rows
        )
        return
    headings = (_("total"), _("unread"), _("account"), _("folder"), _("role"))
    cells = ((row.total, row.unread, row.account, row.name, row.role) for row in rows)
    output.table(headings, cells, plain=args.plain)


def _print_letters(
    desk: Desk, connection: "Connection", ids: Sequence[int], args: argparse.Namespace
) -> None:
    from crm_tui.store.queries import letter_heads

    found = letter_heads.heads(connection, ids)
    if args.json:
        output.json_list(_as_json(head, desk) for head in found)
        return
    headings = (_("id"), _("date"), "", _("from"), _("subject"), _("folder"))
    output.table(headings, (_as_cells(head, desk) for head in found), plain=args.plain)


def _as_json(head: "LetterHead", desk: Desk) -> dict[str, Any]:
    from crm_tui.domain.letter.flags import Flag

    return {
        "id": head.id,
        "letter_id": head.letter_id,
        "account": head.account,
        "folder": head.folder,
        "role": head.role,
        "from": head.sender_address,
        "from_name": head.sender_name,
        **{field: [box[1] for box in (head.recipients or {}).get(field, [])] for field in ("to", "cc")},
        "subject": head.subject,
        "date": output.iso(head.date, desk.zone),
        "message_id": head.message_id,
        "unread": not head.flags & Flag.SEEN,
        "important": bool(head.flags & Flag.FLAGGED),
        "answered": bool(head.flags & Flag.ANSWERED),
        "has_attachments": head.has_attachments,
        "size": head.size,
        "kind": head.kind,
        "inquiry": head.inquiry,
    }


def _as_cells(head: "LetterHead", desk: Desk) -> tuple[object, ...]:
    from crm_tui.domain.letter.flags import Flag

    signs = (
        ("*", not head.flags & Flag.SEEN),
        ("!", bool(head.flags & Flag.FLAGGED)),
        ("@", head.has_attachments),
    )
    marks = "".join(sign for sign, there in signs if there)
    at = head.date.astimezone(desk.zone)
    sender = head.sender_name or head.sender_address
    return head.id, f"{at:%Y-%m-%d %H:%M}", marks, sender, head.subject, head.folder


def _print_card(desk: Desk, head: "LetterHead", text: str | None, files: Sequence[str]) -> None:
    def boxes(field: str) -> str:
        return ", ".join(_box(*box) for box in (head.recipients or {}).get(field, []))

    lines = (
        (_("From"), _box(head.sender_name, head.sender_address)),
        (_("To"), boxes("to")),
        (_("Cc"), boxes("cc")),
        (_("Date"), head.date.astimezone(desk.zone).isoformat(" ", "minutes")),
        (_("Subject"), head.subject),
        (_("Attachments"), ", ".join(files)),
    )
    for name, value in lines:
        if value:
            output.line(f"{name}: {value}")
    output.line("")
    if text is None:
        output.talk(_("The body of this letter is not here yet: crm sync"))
    else:
        output.text(text)


def _box(name: str, address: str) -> str:
    return f"{name} <{address}>" if name else address


def _print_raw(raw: bytes, *, headers: bool) -> None:
    """The bytes as they are; made harmless where they would meet a terminal."""
    if headers:
        end = min(place for place in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n"), len(raw)) if place >= 0)
        output.text(raw[:end].decode("utf-8", "replace"))
    elif sys.stdout.isatty():
        output.text(raw.decode("utf-8", "replace"))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(raw)
