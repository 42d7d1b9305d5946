"""``crm demo``: the workstation on a throw-away company with a mail server of its own."""

import argparse
import os
import sys
from pathlib import Path

from crm_tui import i18n, paths
from crm_tui.i18n import _


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``crm demo``."""
    parser.add_argument(
        "--lang", choices=i18n.LANGUAGES, help=_("language of the company and of the screens")
    )
    parser.add_argument("--size", type=int, metavar="N", help=_("number of letters, at most a million"))
    parser.add_argument("--reset", action="store_true", help=_("make the demo anew"))
    parser.add_argument("--no-ui", action="store_true", help=_("only prepare the demo"))


def run(args: argparse.Namespace) -> int:
    """Prepare the demo and open the workstation on it. Raises CrmError."""
    from crm_tui.demo import build

    home = folder()
    info = build.prepare(
        home, args.lang or _standing_or_active(home), args.size, args.reset, report=show_progress
    )
    if args.no_ui:
        print(home)
        return 0
    os.environ["CRM_HOME"] = str(home)
    if args.lang or not os.environ.get("CRM_LANG"):  # who asks for a language gets it on any company
        os.environ["CRM_LANG"] = i18n.activate(info.language)
    from crm_tui.cli import tui

    with build.opened(info):
        return tui.run()


def folder() -> Path:
    """Where the demo lies: beside the real store, never in it."""
    return paths.data_dir() / "demo"


def _standing_or_active(home: Path) -> str | None:
    """The active language for a demo that is yet to be made; None keeps that of one that stands."""
    return None if (home / "demo.json").exists() else i18n.language()


def show_progress(done: int, size: int) -> None:
    """How far the making is, where somebody looks on."""
    if sys.stderr.isatty():
        end = "\n" if done >= size else "\r"
        print(
            _("Making the demo: {done} of {size} letters").format(done=done, size=size),
            end=end,
            file=sys.stderr,
        )
