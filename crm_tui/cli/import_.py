"""``crm import``: customers, contact persons, leads and Interests from a file of another program."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import Desk, opened
from crm_tui.i18n import _, ngettext

if TYPE_CHECKING:
    from crm_tui.services.exchange.import_plan import Plan, Proposal
    from crm_tui.services.exchange.import_result import Result

_KINDS = ("contacts", "customers", "leads", "interests")
_SAID = 20
"""Duplicates and failures that are told of one by one."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm import``."""
    parser.add_argument("kind", choices=_KINDS, help=_("what the rows of the file are"))
    parser.add_argument(
        "file", type=Path, metavar="FILE", help=_("CSV, XLSX, XLS, ODS, vCard, LDIF, DBF or JSON")
    )
    parser.add_argument("--map", metavar="NAME", help=_("mapping kept under this name (that of the file)"))
    parser.add_argument("--dry-run", action="store_true", help=_("only say what would be done"))
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help=_("a column goes to this field; to none: COLUMN="),
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help=_("what every row gets that lacks it"),
    )
    parser.add_argument(
        "--value",
        action="append",
        default=[],
        metavar="FIELD:TEXT=VALUE",
        help=_("what a text of the file means"),
    )
    parser.add_argument(
        "--duplicates",
        choices=("skip", "fill", "update"),
        help=_("with those who are here already: leave them, fill their empty fields (fill), write over"),
    )
    parser.add_argument(
        "--alike",
        choices=("new", "skip", "same"),
        help=_(
            "with those who are only like somebody here: make them (new), leave them out, they are the same"
        ),
    )
    parser.add_argument(
        "--charset", metavar="NAME", help=_("character set of the file, when the guess is wrong")
    )
    parser.add_argument("--delimiter", metavar="SIGN", help=_("sign between the columns of a text file"))
    parser.add_argument("--sheet", metavar="NAME", help=_("sheet of a workbook"))
    parser.add_argument(
        "--no-headings", action="store_true", help=_("the first row is data; columns are 1, 2, 3 …")
    )
    output.add_format(parser)


def run(args: argparse.Namespace) -> int:
    """Import, or try to, and print the figures."""
    from crm_tui.services.exchange import import_plan, imports

    name = args.map or args.file.name
    with opened(args) as desk:
        with desk.store.read() as connection:
            if args.map and import_plan.find(connection, args.kind, name) is None and not args.column:
                import_plan.named(connection, args.kind, name)
            proposal = import_plan.proposed(connection, args.kind, args.file, name, _reading(args))
        plan = _changed(args, proposal)
        result = imports.run(desk.store, desk.actor, args.file, plan, dry_run=args.dry_run, name=name)
        _tell(desk, proposal, plan, result)
    if args.json:
        failed_file = None if result.failed_file is None else str(result.failed_file)
        told = {"alike": result.alike, "empty": result.empty, "dry_run": args.dry_run}
        output.json_object({**result.counts(), **told, "failed_file": failed_file})
    else:
        headings = (_("read"), _("new"), _("changed"), _("duplicates"), _("failed"))
        output.table(headings, [tuple(result.counts().values())], plain=args.plain)
    return exit_codes.FAILED if result.failed else exit_codes.OK


def _reading(args: argparse.Namespace) -> Any:
    """How the file is to be read, when something is said about it."""
    from crm_tui.parsing.rows.sheet import Reading

    if not (args.charset or args.delimiter or args.sheet or args.no_headings):
        return None
    delimiter = {"tab": "\t", "\\t": "\t"}.get(args.delimiter or "", args.delimiter or "")
    return Reading(args.charset or "", delimiter, False if args.no_headings else None, args.sheet or "")


def _changed(args: argparse.Namespace, proposal: "Proposal") -> "Plan":
    """The proposed plan with what the arguments say. Raises Invalid."""
    from crm_tui.domain.errors import Invalid
    from crm_tui.services.exchange.import_fields import TARGETS

    several = {target.code for target in TARGETS[args.kind] if target.many}
    columns = dict(proposal.plan.columns)
    for column, field in map(_pair, args.column):
        if column not in proposal.columns:
            raise Invalid("import_no_such_column", name=column)
        columns.pop(column, None)
        if field:
            columns = {one: code for one, code in columns.items() if code != field or field in several} | {
                column: field
            }
    values: dict[str, Mapping[str, str]] = dict(proposal.plan.values)
    for what, meaning in map(_pair, args.value):
        field, _colon, text = what.partition(":")
        values[field] = {**values.get(field, {}), text: meaning}
    fixed = {**proposal.plan.fixed, **dict(map(_pair, args.set))}
    plan = replace(proposal.plan, columns=columns, values=values, fixed=fixed)
    return replace(plan, mode=args.duplicates or plan.mode, alike=args.alike or plan.alike)


def _pair(text: str) -> tuple[str, str]:
    from crm_tui.domain.errors import Invalid

    before, equals, after = text.partition("=")
    if not equals:
        raise Invalid("import_no_pair", value=text)
    return before, after


def _tell_of_known(result: "Result") -> None:
    """Who is here already, and who may be."""
    from crm_tui.services.record.likeness_words import reasons_text

    for one in result.known[:_SAID]:
        known = f"{one.match.name} ({one.match.kind} {one.match.id})"
        text = _("line {number}: {name} is here already: {known}")
        output.talk(text.format(number=one.number, name=one.name, known=known))
    for one in result.maybe[:_SAID]:
        known = f"{one.match.name} ({one.match.kind} {one.match.id})"
        text = _("line {number}: {name} is new, but may be {known}: {reasons}, {percent} %")
        reasons = reasons_text(one.match.reasons)
        output.talk(
            text.format(
                number=one.number, name=one.name, known=known, reasons=reasons, percent=one.match.percent
            )
        )


def _tell(desk: Desk, proposal: "Proposal", plan: "Plan", result: "Result") -> None:
    """What a person wants to know beside the figures."""
    from crm_tui.services import messages
    from crm_tui.services.exchange import import_fields, import_result

    with desk.store.read() as connection:
        shown = {target.code: target.shown for target in import_fields.targets(connection, plan.kind)}
    pairs = [f"{one} → {shown[plan.columns[one]]}" for one in proposal.columns if one in plan.columns]
    output.talk(_("columns: {pairs}").format(pairs=", ".join(pairs)))
    left: Sequence[str] = [column for column in proposal.columns if column not in plan.columns]
    if left:
        output.talk(_("not imported: {columns}").format(columns=", ".join(left)))
    if plan.fixed:
        fixed = (f"{shown[code]} = {text}" for code, text in plan.fixed.items())
        output.talk(_("in every row that lacks it: {values}").format(values=", ".join(fixed)))
    if result.empty:
        output.talk(import_result.empty_text(result.empty))
    _tell_of_known(result)
    for failure in result.failures[:_SAID]:
        reason = messages.of_error(failure.error)
        output.talk(_("line {number}: {reason}").format(number=failure.number, reason=reason))
    if result.strangers:
        rows = sum(result.strangers.values())
        said = ngettext(
            "{count} row is of owners nobody here is called like, and now yours: {names}",
            "{count} rows are of owners nobody here is called like, and now yours: {names}",
            rows,
        )
        output.talk(said.format(count=rows, names=", ".join(list(result.strangers)[:_SAID])))
    if result.failed_file is not None:
        output.talk(_("left out, with reasons: {path}").format(path=result.failed_file))
