"""``crm search``: records and letters with the same words."""

import argparse
from typing import Any

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import Desk, languages, opened
from crm_tui.i18n import _


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm search``."""
    parser.add_argument("text", nargs="+", metavar="TEXT", help=_("words; the last one may be a beginning"))
    output.add_limit(parser, _("at most so many of each (50)"), 50)
    output.add_format(parser)


def run(args: argparse.Namespace) -> int:
    """Print what is found: records by how well they match, then letters, the newest first."""
    with opened(args) as desk:
        found = _found(desk, " ".join(args.text), args.limit)
    if args.json:
        output.json_list(found)
    else:
        from crm_tui.screens.wording import kind_text

        headings = (_("kind"), _("id"), _("title"), _("about"))
        kinds = (one["kind"] if args.plain else kind_text(one["kind"]) for one in found)
        cells = (
            (kind, one["id"], one["title"], one["subtitle"]) for kind, one in zip(kinds, found, strict=True)
        )
        output.table(headings, cells, plain=args.plain)
    return exit_codes.OK if found else exit_codes.NOTHING_FOUND


def _found(desk: Desk, text: str, limit: int) -> list[dict[str, Any]]:
    from crm_tui.domain import query
    from crm_tui.store.finding import search_letters, search_records
    from crm_tui.store.queries import letter_heads

    with desk.store.read() as connection:
        records = search_records(connection, text, limit)
        wanted = query.parse(text, desk.now, desk.zone, languages())
        output.not_understood(wanted.not_understood)
        places = search_letters(connection, wanted, limit=limit)[:limit]
        heads = list(letter_heads.heads(connection, places))
    return [
        *(
            {"kind": row.kind, "id": row.id, "title": row.title, "subtitle": row.subtitle, "date": None}
            for row in records
        ),
        *(
            {
                "kind": "letter",
                "id": head.id,
                "title": head.subject,
                "subtitle": head.sender_name or head.sender_address,
                "date": output.iso(head.date, desk.zone),
            }
            for head in heads
        ),
    ]
