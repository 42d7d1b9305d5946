"""``crm export``: records as a file for other programs."""

import argparse
from pathlib import Path

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import opened
from crm_tui.i18n import _

_KINDS = ("customers", "contacts", "leads", "interests", "tasks")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm export``."""
    parser.add_argument("kind", choices=_KINDS, help=_("which records"))
    parser.add_argument("file", type=Path, metavar="FILE", help=_("the file to write; - for standard output"))
    parser.add_argument(
        "--format",
        choices=("csv", "xlsx", "vcf", "vcf4", "json"),
        help=_("when the name of the file does not tell"),
    )
    parser.add_argument(
        "--search", default="", metavar="WORDS", help=_("only those with these words in their name")
    )
    parser.add_argument(
        "--filter", default="", metavar="NAME", help=_("only those that this saved filter finds")
    )
    output.add_format(parser, plain=False)


def run(args: argparse.Namespace) -> int:
    """Write the file and say how many records it has."""
    from crm_tui.domain.conditions.condition_check import Context
    from crm_tui.domain.errors import NotFound
    from crm_tui.services.exchange import export_rows, exports

    to_output = str(args.file) == "-"
    file_format = exports.format_of(args.file, args.format or ("csv" if to_output else ""), args.kind)
    with opened(args) as desk, desk.store.read() as connection:
        ids = export_rows.all_ids(connection, args.kind, args.search)
        if args.filter:
            context = Context(desk.now, desk.zone, desk.user_id)
            found = set(export_rows.ids_of_filter(connection, args.kind, args.filter, desk.actor, context))
            ids = [one for one in ids if one in found]
        if not ids and (args.search or args.filter):
            raise NotFound("nothing_found", text=args.search or args.filter)
        columns = export_rows.columns(connection, args.kind)
        rows = export_rows.rows(connection, args.kind, ids, desk.zone)
        if to_output:
            exports.write_to_output(file_format, columns, rows)
            return exit_codes.OK
        written = exports.write(args.file, file_format, columns, rows)
    if args.json:
        output.json_object({"written": written, "file": str(args.file), "format": file_format})
    else:
        output.talk(_("{count} written: {path}").format(count=written, path=args.file))
    return exit_codes.OK
