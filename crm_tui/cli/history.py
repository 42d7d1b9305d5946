"""``crm history``: who changed what in a record, and when; from the journal."""

import argparse
from typing import TYPE_CHECKING, Any

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import Desk, opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.store.journal import FieldChange

KINDS = ("interest", "task", "event", "interaction", "customer", "contact", "lead")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm history``."""
    parser.add_argument("kind", choices=KINDS, help=_("what kind of record"))
    parser.add_argument("id", type=int, metavar="ID")
    output.add_format(parser)


def run(args: argparse.Namespace) -> int:
    """Print every change of every field, the newest first."""
    from crm_tui.domain.errors import NotFound
    from crm_tui.store.journal import field_history

    with opened(args) as desk, desk.store.read() as connection:
        changes = field_history(connection, args.kind, args.id)
        if not changes:
            raise NotFound("no_such_record", kind=args.kind, id=args.id)
        if args.json:
            output.json_list(_as_json(change, desk) for change in changes)
        else:
            headings = (_("when"), _("who"), _("act"), _("field"), _("before"), _("after"))
            output.table(headings, (_as_cells(change, desk) for change in changes), plain=args.plain)
    return exit_codes.OK


def _as_json(change: "FieldChange", desk: Desk) -> dict[str, Any]:
    return {
        "at": output.iso(change.at, desk.zone),
        "actor": change.actor,
        "act": change.command,
        "field": change.field,
        "before": change.before,
        "after": change.after,
    }


def _as_cells(change: "FieldChange", desk: Desk) -> tuple[object, ...]:
    shown = tuple("" if value is None else str(value) for value in (change.before, change.after))
    return (output.iso(change.at, desk.zone), change.actor, change.command, change.field, *shown)
