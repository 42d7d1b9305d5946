"""``crm person``: what is held of a person is shown, handed over, erased (docs/personal-data.md)."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import opened
from crm_tui.domain.errors import Refused
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.services.privacy.personal_data import Count

KINDS = ("customer", "contact", "lead")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of ``crm person``."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    copy = commands.add_parser("export", help=_("all that is held of a person, as a zip"))
    _add_record(copy)
    copy.add_argument("file", nargs="?", type=Path, metavar="FILE", help=_("the copy; else KIND-ID.zip"))
    copy.add_argument("--force", action="store_true", help=_("replace a file that is there"))
    copy.set_defaults(run=export)
    away = commands.add_parser(
        "erase", help=_("erase all that is held of a person; shows what, without --yes")
    )
    _add_record(away)
    away.add_argument("--all", action="store_true", help=_("papers and Interests with money too"))
    away.add_argument(
        "--from-server", action="store_true", help=_("delete the letters on the mail server too")
    )
    away.add_argument("--yes", action="store_true", help=_("erase; no undo brings it back"))
    away.set_defaults(run=erase)


def export(args: argparse.Namespace) -> int:
    """Write the copy and print its path, or with ``--json`` how many rows of which tables are in it."""
    from crm_tui.services.privacy import person_search, personal_export

    path = (args.file or Path(f"{args.kind}-{args.id}.zip")).expanduser().absolute()
    if path.exists() and not args.force:
        raise Refused("file_exists", path=str(path))
    with opened(args) as desk, desk.store.read() as connection:
        person = person_search.find(connection, args.kind, args.id)
        counts = personal_export.write(connection, person, path, desk.now)
    if args.json:
        output.json_object({"file": str(path), "rows": counts})
    else:
        output.line(str(path))
    return exit_codes.OK


def erase(args: argparse.Namespace) -> int:
    """Erase and print what was, or what would be."""
    from crm_tui.screens.record.personal_text import erasure_lines, preview_lines
    from crm_tui.services.privacy import personal_data

    with opened(args) as desk:
        if not args.yes:
            with desk.store.read() as connection:
                preview = personal_data.preview(connection, args.kind, args.id, keep=not args.all)
            _print(args, preview.counts, list(preview_lines(preview)), erased=False)
            output.talk(_("Nothing was erased: add --yes to erase it."))
            return exit_codes.OK
        done = personal_data.erase(
            desk.store, desk.actor, args.kind, args.id, keep=not args.all, from_server=args.from_server
        )
        _print(
            args, done.counts, list(erasure_lines(done)), erased=True, copies=done.backups, traces=done.traces
        )
    return exit_codes.OK


def _add_record(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=KINDS, help=_("what kind of record"))
    parser.add_argument("id", type=int, metavar="ID")
    output.add_format(parser, plain=False)


def _print(
    args: argparse.Namespace,
    counts: "tuple[Count, ...]",
    lines: list[str],
    *,
    erased: bool,
    copies: Sequence[Path] = (),
    traces: Sequence[Path] = (),
) -> None:
    if args.json:
        told = {
            "erased": erased,
            "tables": [asdict(count) for count in counts],
            "copies": [str(path) for path in copies],
            "traces": [str(path) for path in traces],
        }
        output.json_object(told)
        return
    for line in lines:
        output.line(line)
