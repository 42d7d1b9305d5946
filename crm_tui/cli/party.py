"""What ``crm customer``, ``crm contact`` and ``crm lead`` have in common: the typed line, the list, the card."""

import argparse
import sys
from array import array
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from crm_tui.cli import output
from crm_tui.cli.opening import Desk, opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from sqlalchemy import Connection

Row = TypeVar("Row")
_BATCH = 500


def add_line(parser: argparse.ArgumentParser, help: str) -> None:
    """The arguments of ``add``."""
    parser.add_argument("line", metavar="TEXT", help=help)
    output.add_format(parser)


def add_listing(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``ls``."""
    parser.add_argument("words", nargs="*", metavar="WORD", help=_("only those with these words"))
    output.add_limit(parser, _("at most so many"))
    output.add_format(parser)


def made(desk: Desk, kind: str, line: str) -> list[int]:
    """Make the records of the line, or with ``-`` of each line of standard input, all or none; their ids."""
    from crm_tui.services.party import quick_entry

    lines = sys.stdin.read().splitlines() if line == "-" else [line]
    with desk.store.work(desk.actor, f"{kind}.new") as work:
        return [
            quick_entry.enter(work, kind, one, desk.user_id)[0][1] for one in filter(str.strip, lines or [""])
        ]


def batches(
    connection: "Connection",
    ids: "array[int] | list[int]",
    read: "Callable[[Connection, Any], Mapping[int, Row]]",
) -> Iterator[Row]:
    """The rows of the ids, read in batches."""
    for start in range(0, len(ids), _BATCH):
        found = read(connection, ids[start : start + _BATCH])
        yield from (found[key] for key in ids[start : start + _BATCH] if key in found)


def print_card(args: argparse.Namespace, kind: str) -> int:
    """One record with everything that was with it."""
    from crm_tui.domain.errors import NotFound
    from crm_tui.screens.party.party_text import head_lines
    from crm_tui.screens.wording import KINDS
    from crm_tui.store.queries import party_cards, party_timeline

    with opened(args) as desk, desk.store.read() as connection:
        card = party_cards.card(connection, kind, args.id)
        if card is None:
            raise NotFound("no_such_record", kind=kind, id=args.id)
        entries = party_timeline.of_party(connection, kind, card.id)
        if args.json:
            output.json_object(
                {
                    **{
                        name: _plain(value, desk)
                        for name, value in card.values.items()
                        if name != "name_fold"
                    },
                    "owner": card.owner,
                    "contacts": [{"kind": one, "value": value} for one, value in card.infos],
                    "timeline": [
                        {
                            "kind": entry.kind,
                            "id": entry.id,
                            "at": output.iso(entry.at, desk.zone),
                            "title": entry.title,
                            "detail": entry.detail,
                            "status": entry.status,
                        }
                        for entry in entries
                    ],
                }
            )
            return 0
        output.line(card.values["name"])
        for line in head_lines(connection, card, desk.now, desk.zone):
            output.line(line)
        rows = (
            (output.moment(entry.at, desk.zone), _(KINDS.get(entry.kind, entry.kind)), entry.title)
            for entry in entries
        )
        output.table((_("when"), _("what"), _("title")), rows, plain=False)
    return 0


def _plain(value: Any, desk: Desk) -> Any:
    return output.iso(value, desk.zone) if isinstance(value, datetime) else value
