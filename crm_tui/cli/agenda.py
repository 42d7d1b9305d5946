"""``crm agenda``: events, planned calls and tasks of each day, for a pipe or a shell's greeting (L-24)."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import Desk, languages, opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.screens.event.day_run import DayItem
    from crm_tui.store.queries.tasks import TaskRow

DAYS = 7
MOST_DAYS = 366
FIELDS = ("day", "weekday", "time", "kind", "title", "place", "sign", "id", "begins", "ends")
"""What ``--format`` may name."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing on one day, by the person's clock."""

    day: date
    time: str
    """``10:00–11:00``, ``all day``, ``23:00–`` …; of a task its due time, empty where it has the whole day."""
    kind: str
    """``event``, ``task``, or the kind of a planned interaction."""
    id: int
    title: str
    place: str
    """Where, or whom it is about."""
    begins: datetime | None
    ends: datetime
    all_day: bool
    interest_id: int | None
    overdue: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm agenda``."""
    parser.add_argument("--from", dest="begin", metavar="WORDS", help=_("the first day: a date, or words"))
    parser.add_argument(
        "--days", type=_days, default=DAYS, metavar="N", help=_("so many days; seven without it")
    )
    parser.add_argument(
        "--format",
        metavar="TEXT",
        help=_("a line for each thing, of these fields: {fields}").format(
            fields=" ".join(f"{{{name}}}" for name in FIELDS)
        ),
    )
    parser.add_argument("--json", action="store_true", help=_("JSON, for programs"))


def run(args: argparse.Namespace) -> int:
    """Print the days. Raises Invalid for a day or a field that is not understood."""
    from crm_tui.domain import format_text

    if args.format is not None:
        format_text.check(args.format, FIELDS)
    with opened(args) as desk:
        found = list(_lines(desk, _first_day(args.begin, desk), args.days))
        if args.json:
            output.json_list(_as_json(one, desk) for one in found)
        elif args.format is not None:
            for one in found:
                output.text(format_text.filled(args.format, _as_fields(one, desk)))
        else:
            _print_days(found)
    return exit_codes.OK


def _first_day(words: str | None, desk: Desk) -> date:
    from crm_tui.domain.errors import Invalid
    from crm_tui.domain.event import dates
    from crm_tui.domain.wall import to_wall

    if words is None:
        return to_wall(desk.now, desk.zone).date()
    moment = dates.parse(words, desk.now, desk.zone, languages())
    if moment is None:
        raise Invalid("not_a_date", value=words)
    return moment.date


def _lines(desk: Desk, begin: date, days: int) -> Iterator[Line]:
    """In order of day; on each what is overdue first, then what lasts the whole day, then by the time."""
    from crm_tui.domain.wall import day_start, to_wall
    from crm_tui.screens.event.calendar_book import CalendarBook
    from crm_tui.store.queries import tasks

    book = CalendarBook(desk.store, desk.user_id, lambda: desk.now, desk.zone_name)
    low, high = (day_start(day, desk.zone) for day in (begin, begin + timedelta(days=days)))
    today = to_wall(desk.now, desk.zone).date()
    with desk.store.read() as connection:
        due = tasks.due_between(connection, desk.user_id, None if begin == today else low, high)
    found = [_of_calendar(one) for one in book.read(begin, days).values()]
    found += [_of_task(row, desk, begin) for row in due]
    yield from sorted(
        found, key=lambda one: (one.day, not one.overdue, not one.all_day, one.begins or one.ends, one.id)
    )


def _of_calendar(item: "DayItem") -> Line:
    return Line(
        item.day,
        item.time,
        item.kind,
        item.record_id,
        item.title,
        item.place,
        item.starts_at,
        item.ends_at,
        item.all_day,
        item.interest_id,
    )


def _of_task(row: "TaskRow", desk: Desk, begin: date) -> Line:
    from crm_tui.domain.wall import to_wall
    from crm_tui.screens.wording import due_text

    assert row.due_at is not None
    wall = to_wall(row.due_at - timedelta(seconds=1) if row.due_all_day else row.due_at, desk.zone)
    time = "" if row.due_all_day else f"{wall:%H:%M}"
    is_early = wall.date() < begin  # what is late stands on the first day, with the day it was due on
    return Line(
        begin if is_early else wall.date(),
        due_text(row.due_at, desk.now, desk.zone, all_day=row.due_all_day) if is_early else time,
        "task",
        row.id,
        row.title,
        row.interest or row.customer or "",
        None,
        row.due_at,
        row.due_all_day,
        row.interest_id,
        row.due_at < desk.now,
    )


def _print_days(found: list[Line]) -> None:
    from rich.cells import cell_len

    from crm_tui.domain.text import clean
    from crm_tui.screens.wording import weekday

    width = max((cell_len(one.time) for one in found), default=0)
    last = None
    for one in found:
        if one.day != last:
            if last is not None:
                output.line("")
            output.line(f"{weekday(one.day)} {one.day:%d.%m.%Y}")
            last = one.day
        place = f" ({clean(one.place)})" if one.place else ""
        time = one.time + " " * (width - cell_len(one.time))
        output.line(f"  {_sign(one)} {time}  {clean(one.title)}{place}")


def _sign(one: Line) -> str:
    """``!`` overdue, ``-`` a task, ``*`` a call or meeting, a space for an event."""
    return "!" if one.overdue else {"task": "-", "event": " "}.get(one.kind, "*")


def _as_fields(one: Line, desk: Desk) -> dict[str, str]:
    from crm_tui.domain.text import clean
    from crm_tui.screens.wording import weekday

    return {
        "day": one.day.isoformat(),
        "weekday": weekday(one.day),
        "time": one.time,
        "kind": one.kind,
        "title": clean(one.title),
        "place": clean(one.place),
        "sign": _sign(one),
        "id": str(one.id),
        "begins": output.iso(one.begins, desk.zone) or "",
        "ends": output.iso(one.ends, desk.zone) or "",
    }


def _as_json(one: Line, desk: Desk) -> dict[str, Any]:
    return {
        "day": one.day.isoformat(),
        "time": one.time,
        "kind": one.kind,
        "id": one.id,
        "title": one.title,
        "place": one.place,
        "begins": output.iso(one.begins, desk.zone),
        "ends": output.iso(one.ends, desk.zone),
        "all_day": one.all_day,
        "overdue": one.overdue,
        "interest_id": one.interest_id,
    }


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= MOST_DAYS):
        raise argparse.ArgumentTypeError(_("not a number of days: {text}").format(text=text))
    return int(text)
