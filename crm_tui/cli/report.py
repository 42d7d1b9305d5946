"""``crm report``: what stands too long, how fast Interests go through a scenario, how many come how far (L-25).

Why they ended, and what everybody did: ``report_counted``.
"""

import argparse
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from crm_tui.cli import exit_codes, output, report_counted
from crm_tui.cli.opening import Desk, opened
from crm_tui.cli.report_choice import add_period, period_of, scenario_of
from crm_tui.i18n import _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from crm_tui.domain.interest.deal_figures import Spans
    from crm_tui.store.queries.interests import InterestRow

DAY = timedelta(days=1)
_BATCH = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of ``crm report``."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    old = commands.add_parser(
        "stale", help=_("open Interests that stand longer without a touch than their state allows")
    )
    old.add_argument("--scenario", metavar="NAME", help=_("only those of this scenario: its code or name"))
    old.add_argument(
        "--days", type=float, metavar="N", help=_("that stand so many days, whatever is allowed")
    )
    output.add_format(old)
    old.set_defaults(run=stale)
    for name, meaning, act in (
        ("velocity", _("how long Interests stand in each state, and until they are won or lost"), velocity),
        (
            "conversion",
            _("how many of the Interests that were made come to each state, and are won"),
            conversion,
        ),
    ):
        made = commands.add_parser(name, help=meaning)
        made.add_argument("--scenario", metavar="NAME", help=_("code or name; the first scenario without it"))
        add_period(made)
        output.add_format(made)
        made.set_defaults(run=act)
    report_counted.add_arguments(commands)


def stale(args: argparse.Namespace) -> int:
    """Print them, the longest first."""
    with opened(args) as desk, desk.store.read() as connection:
        wanted = scenario_of(connection, args.scenario)[2] if args.scenario else None
        found = [
            (desk.now - max(row.state_since, row.touched_at or row.state_since), row)
            for row in _open(connection)
            if wanted in (None, row.scenario)
        ]
        limit = None if args.days is None else timedelta(days=args.days)
        found = [
            (stood, row)
            for stood, row in found
            if (row.is_rotting(desk.now) if limit is None else stood > limit)
        ]
        found.sort(key=lambda one: (-one[0], one[1].id))
        if args.json:
            output.json_list(_stale_as_json(stood, row, desk) for stood, row in found)
        else:
            headings = (_("days"), _("id"), _("title"), _("state"), _("owner"), _("next action"))
            cells = (
                (stood.days, row.id, row.name, _(row.state), row.owner, _day(row.next_at, desk))
                for stood, row in found
            )
            output.table(headings, cells, plain=args.plain)
    return exit_codes.OK


def velocity(args: argparse.Namespace) -> int:
    """Print the states in their order, then the whole way."""
    from crm_tui.domain.interest import deal_figures
    from crm_tui.store.queries import deal_ways, interests

    with opened(args) as desk, desk.store.read() as connection:
        key, code, _name = scenario_of(connection, args.scenario)
        period = period_of(args, desk)
        ways = deal_ways.ways(connection, key)
        speed = deal_figures.speed(ways, period)
        nothing = deal_figures.spans(())
        states = [
            (one.name, speed.get(one.id, nothing))
            for one in interests.states(connection, key)
            if one.outcome == "open"
        ]
        won, lost = deal_figures.whole(ways, period, "won"), deal_figures.whole(ways, period, "lost")
    if args.json:
        output.json_object(
            {
                "scenario": code,
                "since": output.iso(period.since, desk.zone),
                "until": output.iso(period.until, desk.zone),
                "states": [{"state": name, **_spans_as_json(one)} for name, one in states],
                "won": _spans_as_json(won),
                "lost": _spans_as_json(lost),
            }
        )
    else:
        rows = [*((_(name), one) for name, one in states), (_("until won"), won), (_("until lost"), lost)]
        headings = (_("state"), _("left"), _("half of them, days"), _("nine of ten, days"))
        cells = ((name, one.number, _days(one.median), _days(one.p90)) for name, one in rows)
        output.table(headings, cells, plain=args.plain)
    return exit_codes.OK


def conversion(args: argparse.Namespace) -> int:
    """Print the open states in their order."""
    from crm_tui.domain.interest import deal_figures
    from crm_tui.store.queries import deal_ways, interests

    with opened(args) as desk, desk.store.read() as connection:
        key, code, _name = scenario_of(connection, args.scenario)
        period = period_of(args, desk)
        states = {one.id: one.name for one in interests.states(connection, key) if one.outcome == "open"}
        found = deal_figures.funnel(deal_ways.ways(connection, key), list(states), period)
    if args.json:
        output.json_object(
            {
                "scenario": code,
                "since": output.iso(period.since, desk.zone),
                "until": output.iso(period.until, desk.zone),
                "states": [
                    {
                        "state": states[one.state_id],
                        "reached": one.reached,
                        "went_on": one.went_on,
                        "won": one.won,
                        "lost": one.lost,
                        "standing": one.standing,
                    }
                    for one in found
                ],
            }
        )
    else:
        headings = (_("state"), _("reached"), _("went on"), _("won"), _("lost here"), _("stand here"))
        cells = (
            (
                _(states[one.state_id]),
                one.reached,
                _share(one.went_on, one.reached),
                _share(one.won, one.reached),
                one.lost,
                one.standing,
            )
            for one in found
        )
        output.table(headings, cells, plain=args.plain)
    return exit_codes.OK


def _open(connection: "Connection") -> "Iterator[InterestRow]":
    from crm_tui.store.queries import interests

    ids = interests.ids(connection, "age", descending=False)
    for start in range(0, len(ids), _BATCH):
        yield from interests.rows(connection, ids[start : start + _BATCH]).values()


def _stale_as_json(stood: timedelta, row: "InterestRow", desk: Desk) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "party": row.party,
        "scenario": row.scenario,
        "state": row.state,
        "owner": row.owner,
        "days": round(stood / DAY, 1),
        "allowed_days": row.rot_days,
        "touched": output.iso(row.touched_at, desk.zone),
        "next_action": output.iso(row.next_at, desk.zone),
        "amount_minor": row.amount_minor,
        "currency": row.currency,
    }


def _spans_as_json(found: "Spans") -> dict[str, Any]:
    return {
        "number": found.number,
        "median_days": None if found.median is None else round(found.median / DAY, 2),
        "p90_days": None if found.p90 is None else round(found.p90 / DAY, 2),
    }


def _days(length: timedelta | None) -> str:
    return "" if length is None else f"{length / DAY:.1f}"


def _day(at: datetime | None, desk: Desk) -> str:
    return "" if at is None else f"{at.astimezone(desk.zone):%Y-%m-%d}"


def _share(part: int, whole: int) -> str:
    return f"{part} ({part * 100 // whole} %)" if whole else ""
