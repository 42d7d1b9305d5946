"""``crm interest``: the list of Interests, and the card of one with its timeline."""

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from crm_tui import i18n
from crm_tui.cli import exit_codes, interest_move, output
from crm_tui.cli.opening import Desk, opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.store.queries.interest_card import InterestCard
    from crm_tui.store.queries.interests import InterestRow
    from crm_tui.store.queries.timeline import Entry

_BATCH = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of ``crm interest``."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    listing = commands.add_parser("ls", aliases=["list"], help=_("open Interests, the last changed first"))
    listing.add_argument(
        "words", nargs="*", metavar="WORD", help=_("only those with these words in their name")
    )
    listing.add_argument("--all", action="store_true", help=_("closed ones too"))
    output.add_limit(listing, _("at most so many"))
    output.add_format(listing)
    listing.set_defaults(run=ls)
    showing = commands.add_parser("show", help=_("one Interest with everything made within it"))
    showing.add_argument("id", type=int, metavar="ID")
    output.add_format(showing, plain=False)
    showing.set_defaults(run=show)
    interest_move.add_arguments(
        commands.add_parser("move", help=_("move Interests to another state")),
        commands.add_parser("close", help=_("close Interests as won or lost")),
    )


def ls(args: argparse.Namespace) -> int:
    """Print the list."""
    from crm_tui.store.queries import interests

    with opened(args) as desk, desk.store.read() as connection:
        ids = interests.ids(
            connection,
            "changed",
            descending=True,
            needle=" ".join(args.words),
            closed=args.all,
            limit=args.limit,
        )

        def rows() -> "Iterable[InterestRow]":
            for start in range(0, len(ids), _BATCH):
                found = interests.rows(connection, ids[start : start + _BATCH])
                yield from (found[key] for key in ids[start : start + _BATCH] if key in found)

        if args.json:
            output.json_list(_as_json(row, desk) for row in rows())
        else:
            headings = (_("id"), _("title"), _("customer"), _("state"), _("amount"), _("next contact"))
            output.table(headings, (_as_cells(row, desk, args.plain) for row in rows()), plain=args.plain)
    return exit_codes.OK


def show(args: argparse.Namespace) -> int:
    """Print one Interest."""
    from crm_tui.store.queries import interest_card, timeline

    with opened(args) as desk, desk.store.read() as connection:
        card = interest_card.card(connection, args.id)
        entries = timeline.of_interest(connection, args.id)
        if args.json:
            output.json_object(_card_as_json(card, entries, desk))
        else:
            _print_card(card, entries, desk)
    return exit_codes.OK


def _as_json(row: "InterestRow", desk: Desk) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "party": row.party,
        "scenario": row.scenario,
        "state": row.state,
        "outcome": row.outcome,
        "amount_minor": row.amount_minor,
        "currency": row.currency,
        "next_contact": output.iso(row.next_contact_at, desk.zone),
        "changed": output.iso(row.changed_at, desk.zone),
        "owner": row.owner,
        "probability": row.probability,
        "expected_close": row.expected_close.isoformat() if row.expected_close else None,
        "short_status": row.short_status,
        "next_action": output.iso(row.next_at, desk.zone),
    }


def _card_as_json(card: "InterestCard", entries: "Iterable[Entry]", desk: Desk) -> dict[str, Any]:
    return {
        **_as_json(card.row, desk),
        "states": [state.name for state in card.states],
        "state_since": output.iso(card.state_since, desk.zone),
        "created": output.iso(card.created_at, desk.zone),
        "purpose": card.purpose,
        "source": card.source,
        "close_reason": card.close_reason,
        "terms": card.terms,
        "party_name": card.party,
        "contact": card.person,
        "contacts": [{"kind": kind, "value": value} for kind, value in card.contacts],
        "timeline": [
            {
                "kind": entry.kind,
                "id": entry.id,
                "at": output.iso(entry.at, desk.zone),
                "title": entry.title,
                "detail": entry.detail,
                "status": entry.status,
                "step": entry.step,
            }
            for entry in entries
        ],
    }


def _as_cells(row: "InterestRow", desk: Desk, plain: bool) -> tuple[object, ...]:
    """For a person the state is translated; for a program it is called as it is stored."""
    coming = row.next_contact_at
    when = f"{coming.astimezone(desk.zone):%Y-%m-%d %H:%M}" if coming else ""
    return row.id, row.name, row.party, row.state if plain else _(row.state), _amount(row), when


def _amount(row: "InterestRow") -> str:
    from crm_tui.domain.money import Money, shown

    return "" if row.amount_minor is None else shown(Money(row.amount_minor, row.currency), i18n.language())


def _titled(entry: "Entry") -> str:
    from crm_tui.screens.interest.timeline_source import notice_text

    if entry.kind == "notice":
        return f"{entry.title}: {notice_text(entry)}"
    return _(entry.title) if entry.kind == "state" else entry.title


def _print_card(card: "InterestCard", entries: "Iterable[Entry]", desk: Desk) -> None:
    from crm_tui.screens.interest.timeline_source import STATUSES
    from crm_tui.screens.wording import kind_text
    from crm_tui.services.interest import purposes

    row = card.row
    states = " → ".join(f"[{_(one.name)}]" if one.id == card.state_id else _(one.name) for one in card.states)
    output.line(f"{row.id}  {row.name}")
    output.line(f"{_(row.scenario)}: {states}")
    with desk.store.read() as connection:
        purpose = purposes.name_of(connection, card.purpose)
    facts = [row.party, *(value for _kind, value in card.contacts), _amount(row), purpose]
    output.line(" · ".join(fact for fact in facts if fact))
    output.line("")
    output.table(
        (_("when"), _("what"), _("id"), _("title"), _("status")),
        (
            (
                f"{entry.at.astimezone(desk.zone):%Y-%m-%d %H:%M}",
                kind_text(entry.kind),
                entry.id,
                _titled(entry),
                _(STATUSES[entry.status]) if entry.status in STATUSES else entry.status,
            )
            for entry in entries
        ),
        plain=False,
    )
