"""``crm keys``: every key as it now is, and what is wrong with the user's own."""

import argparse

from crm_tui import config
from crm_tui.cli import exit_codes, output
from crm_tui.i18n import _


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of ``crm keys``."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    listing = commands.add_parser("ls", aliases=["list"], help=_("every command with its keys"))
    output.add_format(listing)
    listing.set_defaults(run=ls)
    checking = commands.add_parser("check", help=_("clashes and mistakes in the user's keys"))
    output.add_format(checking, plain=False)
    checking.set_defaults(run=check)


def ls(args: argparse.Namespace) -> int:
    """Print the commands."""
    from crm_tui.commands import registry, strokes
    from crm_tui.commands.keymap import Keymap

    keymap = Keymap(config.load().bindings)
    rows = [
        (command.id, [strokes.show(chord) for chord in keymap.chords(command)], _(command.title))
        for command in registry.all_commands()
    ]
    if args.json:
        output.json_list({"command": name, "keys": keys, "title": title} for name, keys, title in rows)
    else:
        cells = ((", ".join(keys), name, title) for name, keys, title in rows)
        output.table((_("keys"), _("command"), _("what it does")), cells, plain=args.plain)
    return exit_codes.OK


def check(args: argparse.Namespace) -> int:
    """Print what is wrong; exit code 7 when anything is."""
    from crm_tui.commands.complaints import complaints
    from crm_tui.commands.keymap import Keymap

    found = complaints(Keymap(config.load().bindings))
    if args.json:
        output.json_list({"text": complaint} for complaint in found)
    else:
        for complaint in found:
            output.line(complaint)
    return exit_codes.CONFIG if found else exit_codes.OK
