"""``crm mail rule``: the processing rules of the accounts, and running them over a folder."""

import argparse
from typing import TYPE_CHECKING, Any

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from crm_tui.services.letter.mail_rules import Rule


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of ``crm mail rule``."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    listing = commands.add_parser(
        "ls", aliases=["list"], help=_("rules in the order in which they are asked")
    )
    _add_account(listing)
    output.add_format(listing)
    listing.set_defaults(run=ls)
    running = commands.add_parser("run", help=_("apply the rules to a folder now"))
    _add_account(running)
    running.add_argument(
        "--folder", metavar="NAME", default="inbox", help=_("name or role of a folder (inbox)")
    )
    running.add_argument("--dry-run", action="store_true", help=_("only say what would be done"))
    output.add_format(running)
    running.set_defaults(run=run)


def _add_account(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--account", action="append", metavar="NAME", help=_("name or address of an account"))


def ls(args: argparse.Namespace) -> int:
    """Print the rules."""
    from crm_tui.services.letter import mail_rules
    from crm_tui.store.queries import accounts

    with opened(args) as desk, desk.store.read() as connection:
        found = [
            _row(connection, account.name, rule)
            for account in accounts.called(connection, args.account or ())
            for rule in mail_rules.rules(connection, account.key)
        ]
    if args.json:
        output.json_list(found)
        return exit_codes.OK
    headings = (_("id"), _("account"), _("on"), _("rule"), _("if"), _("then"))
    cells = (
        (
            row["id"],
            row["account"],
            _("yes") if row["enabled"] else _("no"),
            row["name"],
            row["if"],
            row["then"],
        )
        for row in found
    )
    output.table(headings, cells, plain=args.plain)
    return exit_codes.OK


def run(args: argparse.Namespace) -> int:
    """Apply the rules in force, or count what they would act on."""
    from crm_tui.domain.conditions.condition_check import Context
    from crm_tui.domain.errors import NotFound
    from crm_tui.domain.text import fold
    from crm_tui.services import messages
    from crm_tui.services.letter import mail_rules
    from crm_tui.store.queries import accounts, folders

    rows: list[dict[str, Any]] = []
    with opened(args) as desk:
        with desk.store.read() as connection:
            of_accounts = {one.key for one in accounts.called(connection, args.account or ())}
            chosen = [
                row
                for row in folders.rows(connection, counted=False)
                if row.account_id in of_accounts and fold(args.folder) in (fold(row.name), row.role)
            ]
        if not chosen:
            raise NotFound("no_such_folder", name=args.folder)
        asked = Context(desk.now, desk.zone, desk.user_id)
        for folder in chosen:
            with desk.store.read() as connection:
                active = mail_rules.rules(connection, folder.account_id, enabled=True)
                found = mail_rules.found(connection, active, asked, folder.id)
            rows += [
                {
                    "account": folder.account,
                    "folder": folder.name,
                    "rule": rule.name,
                    "letters": len(ids),
                    "ids": ids,
                }
                for rule, ids in found
            ]
            if not args.dry_run:
                with desk.store.work(desk.actor, "mail_rule.run") as work:
                    ran = mail_rules.run(work, folder.id)
                for name, error in ran.failures.items():
                    output.talk(f"{name}: {messages.of_error(error)}")
    if args.json:
        output.json_list(rows)
        return exit_codes.OK
    headings = (_("account"), _("folder"), _("rule"), _("letters"))
    output.table(headings, (tuple(row.values())[:4] for row in rows), plain=args.plain)
    return exit_codes.OK


def _row(connection: "Connection", account: str, rule: "Rule") -> dict[str, Any]:
    from crm_tui.domain.conditions import condition_words
    from crm_tui.domain.conditions.condition_fields import LETTER
    from crm_tui.services.letter import mail_rule_words
    from crm_tui.store import letter_conditions

    said = (
        _("asks for what this program does not know")
        if rule.condition is None
        else condition_words.said(
            rule.condition,
            LETTER,
            lambda field, key: dict(letter_conditions.choices(connection, field.of)).get(key, str(key)),
        )
    )
    return {
        "id": rule.id,
        "account": account,
        "enabled": rule.enabled,
        "name": rule.name,
        "if": said,
        "then": mail_rule_words.actions_said(connection, rule.actions),
    }
