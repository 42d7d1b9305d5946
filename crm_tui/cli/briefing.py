"""``crm briefing``: what to know before a talk, on one page (L-26, story O8)."""

import argparse

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import opened
from crm_tui.i18n import _

KINDS = ("customer", "contact", "lead", "interest", "interaction", "event")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm briefing``."""
    parser.add_argument("kind", choices=KINDS, help=_("what kind of record"))
    parser.add_argument("id", type=int, metavar="ID")


def run(args: argparse.Namespace) -> int:
    """Print the page."""
    from crm_tui.screens.interaction import briefing_text

    with opened(args) as desk, desk.store.read() as connection:
        lines = briefing_text.page(connection, args.kind, args.id, desk.now, desk.zone)
    for line in briefing_text.text_of(lines).splitlines():
        output.line(line)
    return exit_codes.OK
