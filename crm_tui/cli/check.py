"""``crm check``: is the store sound, file and rows."""

import argparse

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import database
from crm_tui.domain.errors import NotFound
from crm_tui.i18n import _


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm check``."""
    output.add_format(parser)


def run(args: argparse.Namespace) -> int:
    """Print what is wrong; exit code 1 when anything is. Changes nothing."""
    from crm_tui.store import health

    path = database(args)
    if not path.exists():
        raise NotFound("no_store", path=str(path))
    problems = health.check(path)
    if args.json:
        found = [{"code": one.code, "detail": one.detail, "count": one.count} for one in problems]
        output.json_object({"path": str(path), "sound": not problems, "problems": found})
    elif problems:
        cells = ((one.count, one.code, one.detail) for one in problems)
        output.table((_("count"), _("problem"), _("where")), cells, plain=args.plain)
        output.talk(_("Put a backup in its place with crm restore; crm doctor names the newest."))
    else:
        output.talk(_("The store is sound."))
    return exit_codes.FAILED if problems else exit_codes.OK
