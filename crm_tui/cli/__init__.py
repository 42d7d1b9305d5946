"""The command line: argparse, one file a group of commands; heavy imports inside the handlers."""

import argparse
from collections.abc import Sequence

from crm_tui import __version__
from crm_tui.i18n import _


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say and return the exit code; without arguments: open the workstation."""
    parser = argparse.ArgumentParser("crm", description=_("A keyboard-driven CRM in a terminal."))
    parser.add_argument("--version", action="version", version=f"crm_tui {__version__}")
    parser.parse_args(arguments)
    from crm_tui.cli import tui

    return tui.run()
