"""``crm backup``: a copy of the store, taken while it is in use and verified before it counts."""

import argparse
from pathlib import Path

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import database
from crm_tui.domain.errors import NotFound, Refused
from crm_tui.i18n import _


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm backup``."""
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help=_("the copy; else one of the seven daily ones")
    )
    parser.add_argument("--force", action="store_true", help=_("replace a file that is there"))


def run(args: argparse.Namespace) -> int:
    """Make the copy and print its path."""
    from crm_tui.domain.clock import utc_now
    from crm_tui.store import backup

    source = database(args)
    if not source.exists():
        raise NotFound("no_store", path=str(source))
    if args.file is None:
        made = backup.daily(source, utc_now(), anew=True)
    else:
        target = args.file.expanduser().absolute()
        if target == source or (target.exists() and not args.force):
            raise Refused("file_exists", path=str(target))
        made = backup.backup(source, target)
    output.line(str(made))
    return exit_codes.OK
