"""``crm history``: who changed what in a record, and when; from the journal."""

import argparse
import json
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import Desk, opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from crm_tui.store.journal import FieldChange

KINDS = ("interest", "task", "event", "interaction", "customer", "contact", "lead")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm history``."""
    parser.add_argument("kind", choices=KINDS, help=_("what kind of record"))
    parser.add_argument("id", type=int, metavar="ID")
    output.add_format(parser)


def run(args: argparse.Namespace) -> int:
    """Print every change of every field, the newest first: for people in words, for programs as it is kept."""
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
            cells = (
                (_as_cells(change, desk) for change in changes)
                if args.plain
                else _in_words(connection, args.kind, changes, desk.zone)
            )
            output.table(headings, cells, plain=args.plain)
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


def _in_words(
    connection: "Connection", kind: str, changes: "Iterable[FieldChange]", zone: tzinfo
) -> Iterator[tuple[object, ...]]:
    """As the screens say it, without the fields that follow from others."""
    from crm_tui.domain.conditions.record_fields import DERIVED
    from crm_tui.screens.record.record_values import field_label, value_text
    from crm_tui.screens.shell.act_titles import title_of_act
    from crm_tui.screens.wording import actor_text

    for change in changes:
        for field, *both in _fields(change):
            values = [value_text(connection, kind, field, one, zone) for one in both]
            if field not in DERIVED and any(values):
                what = (title_of_act(change.command), field_label(connection, kind, field))
                yield output.moment(change.at, zone), actor_text(change.actor), *what, *values


def _fields(change: "FieldChange") -> Iterator[tuple[str, Any, Any]]:
    """The field; of those of one's own, which lie in one column, each that changed."""
    if change.field != "custom":
        yield change.field, change.before, change.after
        return
    before, after = (json.loads(one or "{}") for one in (change.before, change.after))
    for code in sorted({*before, *after}):
        if before.get(code) != after.get(code):
            yield f"custom.{code}", before.get(code), after.get(code)
