"""``crm doctor``: everything this program stands on, each line with its state and how to mend it."""

import argparse
from collections import Counter

from crm_tui.cli import doctor_machine, doctor_store, exit_codes, output
from crm_tui.cli.findings import FAIL, OK, WARN
from crm_tui.cli.opening import database
from crm_tui.i18n import _


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm doctor``."""
    output.add_format(parser, plain=False)
    parser.set_defaults(tells_settings=True)


def run(args: argparse.Namespace) -> int:
    """Print the findings; exit code 1 when one of them is a FAIL. Changes nothing, asks no server."""
    path = database(args)
    found = [*doctor_machine.findings(), *doctor_store.findings(path)]
    count = Counter(one.state for one in found)
    if args.json:
        checks = [
            {"name": one.name, "state": one.state, "detail": one.detail, "fix": one.fix} for one in found
        ]
        output.json_object({"ok": not count[FAIL], "store": str(path), "checks": checks})
    else:
        for one in found:
            output.line(f"{one.state:4}  {one.name}: {one.detail}")
            if one.fix:
                output.line(f"      → {one.fix}")
        output.talk(
            _("{ok} in order, {warn} to look at, {fail} to mend").format(
                ok=count[OK], warn=count[WARN], fail=count[FAIL]
            )
        )
    return exit_codes.FAILED if count[FAIL] else exit_codes.OK
