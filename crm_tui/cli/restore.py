"""``crm restore``: a backup in the place of the store."""

import argparse
from pathlib import Path

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import database
from crm_tui.i18n import _


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm restore``."""
    parser.add_argument("file", type=Path, metavar="FILE", help=_("a backup made by crm backup"))


def run(args: argparse.Namespace) -> int:
    """Put the backup in place; the store that was there is set aside and its new name printed."""
    from crm_tui.domain.clock import utc_now
    from crm_tui.store import backup

    aside = backup.restore(args.file.expanduser().absolute(), database(args), utc_now())
    if aside is not None:
        output.line(str(aside))
        output.talk(_("The store that was there is kept under this name."))
    return exit_codes.OK
