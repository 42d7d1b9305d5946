"""``crm event``: what is in the calendar, and a new event in one line."""

import argparse
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import Desk, languages, opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.services.event.occurrences import Occurrence

DAYS_SHOWN = 7


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of ``crm event``."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    new = commands.add_parser(
        "add", help=_("a new event, its time in words: Meeting with Olga fri 15:00-16:00")
    )
    new.add_argument("text", metavar="TEXT")
    new.add_argument("--location", default="", metavar="TEXT", help=_("where"))
    new.add_argument("--interest", type=int, metavar="ID", help=_("the Interest it belongs to"))
    output.add_format(new)
    new.set_defaults(run=add)
    listing = commands.add_parser(
        "ls", aliases=["list"], help=_("what happens, in order of time; the next seven days")
    )
    listing.add_argument("--from", dest="begin", metavar="DAY", help=_("from this day on: a date, or words"))
    listing.add_argument("--to", dest="end", metavar="DAY", help=_("to the end of this day"))
    output.add_format(listing)
    listing.set_defaults(run=ls)


def add(args: argparse.Namespace) -> int:
    """Add an event and print it."""
    from crm_tui.domain.event import event_line
    from crm_tui.services.event import calendar, occurrences
    from crm_tui.store.tables import Interest

    with opened(args) as desk:
        told = event_line.read(args.text, desk.now, desk.zone, languages())
        with desk.store.work(desk.actor, "event.add") as work:
            if args.interest is not None:
                work.get(Interest, args.interest)
            event = calendar.add(
                work,
                told.summary,
                dtstart=told.dtstart,
                dtend=told.dtend,
                zone=desk.zone_name,
                owner_id=desk.user_id,
                all_day=told.all_day,
                rrule=str(told.rule) if told.rule else "",
                location=args.location,
                interest_id=args.interest,
            )
        begin = event.starts_at
        with desk.store.read() as connection:
            shown = occurrences.between(connection, begin, begin + timedelta(seconds=1))
        found = [one for one in shown if one.event_id == event.key]
        if args.json:
            output.json_object(_as_json(found[0], desk))
        else:
            _print(found, desk, args)
    return exit_codes.OK


def ls(args: argparse.Namespace) -> int:
    """Print what happens between two days."""
    from crm_tui.domain.errors import Invalid
    from crm_tui.domain.wall import day_start, to_wall
    from crm_tui.services.event import occurrences

    with opened(args) as desk:
        today = day_start(to_wall(desk.now, desk.zone).date(), desk.zone)
        begin = _day(args.begin, desk) if args.begin else today
        last = _day(args.end, desk) if args.end else begin + timedelta(days=DAYS_SHOWN - 1)
        end = day_start(to_wall(last, desk.zone).date() + timedelta(days=1), desk.zone)
        if end <= begin:
            raise Invalid("event_ends_before_start", start=begin.isoformat(), end=end.isoformat())
        with desk.store.read() as connection:
            found = occurrences.between(connection, begin, end, owner_id=desk.user_id)
        if args.json:
            output.json_list(_as_json(one, desk) for one in found)
        else:
            _print(found, desk, args)
    return exit_codes.OK


def _day(words: str, desk: Desk) -> datetime:
    """The first instant of the day that is meant."""
    from crm_tui.domain.errors import Invalid
    from crm_tui.domain.event import dates
    from crm_tui.domain.wall import day_start

    moment = dates.parse(words, desk.now, desk.zone, languages())
    if moment is None:
        raise Invalid("not_a_date", value=words)
    return day_start(moment.date, desk.zone)


def _print(found: "list[Occurrence]", desk: Desk, args: argparse.Namespace) -> None:
    headings = (_("id"), _("begins"), _("ends"), _("event"), _("where"))
    output.table(headings, (_as_cells(one, desk) for one in found), plain=args.plain)


def _as_json(one: "Occurrence", desk: Desk) -> dict[str, Any]:
    return {
        "id": one.event_id,
        "summary": one.summary,
        "begins": output.iso(one.starts_at, desk.zone),
        "ends": output.iso(one.ends_at, desk.zone),
        "all_day": one.all_day,
        "location": one.location,
        "recurring": one.recurring,
        "occurrence": one.wall.isoformat(),
        "interest_id": one.interest_id,
        "customer_id": one.customer_id,
    }


def _as_cells(one: "Occurrence", desk: Desk) -> tuple[object, ...]:
    begins, ends = (at.astimezone(desk.zone) for at in (one.starts_at, one.ends_at))
    if one.all_day:
        return (
            one.event_id,
            f"{begins:%Y-%m-%d}",
            f"{ends - timedelta(days=1):%Y-%m-%d}",
            one.summary,
            one.location,
        )
    return one.event_id, f"{begins:%Y-%m-%d %H:%M}", f"{ends:%Y-%m-%d %H:%M}", one.summary, one.location
