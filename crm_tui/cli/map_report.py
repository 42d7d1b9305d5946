"""``crm map report``: how a map runs (CORP-21)."""

import argparse
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from crm_tui.cli import exit_codes, output
from crm_tui.cli.map_finding import at_desk, meant
from crm_tui.cli.opening import Desk, languages
from crm_tui.i18n import N_, _

if TYPE_CHECKING:
    from crm_tui.services.process.process_report import Report, Times

ENDED = {
    "successful": N_("ended well"),
    "unsuccessful": N_("failed"),
    "terminated": N_("ended early"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("map", metavar="MAP", help=_("code, number or name"))
    for name, meaning in (
        ("--since", _("what happened from this day on")),
        ("--until", _("what happened before this day")),
    ):
        parser.add_argument(name, metavar="DATE", help=meaning)
    output.add_format(parser, plain=False)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the report: times in seconds as JSON, in hours and minutes of working time for people."""
    from crm_tui.domain.errors import NotFound
    from crm_tui.services.process import process_report

    with at_desk(args) as desk:
        found = meant(desk, args.map)
        if not found.key:
            raise NotFound("no_such_map", code=args.map)
        period = {
            name: at
            for name, at in (("since", _begin(desk, args.since)), ("until", _begin(desk, args.until)))
            if at is not None
        }
        with desk.store.read() as connection:
            report = process_report.of_map(connection, found.key, desk.now, **period)
        if args.json:
            output.json_object({"code": found.code, **_as_json(report, desk)})
        else:
            _print(report)
    return exit_codes.OK


def _begin(desk: Desk, words: str | None) -> datetime | None:
    """The beginning of the day that is meant. Raises Invalid."""
    from crm_tui.domain.errors import Invalid
    from crm_tui.domain.event import dates
    from crm_tui.domain.wall import day_start

    if words is None:
        return None
    moment = dates.parse(words, desk.now, desk.zone, languages())
    if moment is None:
        raise Invalid("not_a_date", value=words)
    return day_start(moment.date, desk.zone)


def _as_json(report: "Report", desk: Desk) -> dict[str, Any]:
    return {
        "started": report.started,
        "ended": {how: _seconds(times) for how, times in report.ended.items()},
        "running": [
            {"version": version, "status": status, "number": number}
            for version, status, number in report.running
        ],
        "steps": [
            {
                "point": one.point, "name": one.name, "entered": one.entered, "left": one.left,
                "cancelled": one.cancelled, "waiting": one.waiting, "waiting_late": one.waiting_late,
                "oldest": output.iso(one.oldest, desk.zone), "clock": _seconds(one.clock),
                "working": _seconds(one.working),
            }
            for one in report.steps
        ],
        "deaths": [
            {
                "point": one.point, "end": one.end, "reason": one.reason, "terminated": one.terminated,
                "number": one.number,
            }
            for one in report.deaths
        ],
        "late": [
            {
                "performer": one.name, "user_id": one.user_id, "number": one.number, "late": one.late,
                "open_late": one.open_late,
            }
            for one in report.late
        ],
    }  # fmt: skip


def _seconds(times: "Times | None") -> dict[str, Any] | None:
    if times is None:
        return None
    return {
        "number": times.number,
        "median": times.median.total_seconds(),
        "p90": times.p90.total_seconds(),
    }


def _print(report: "Report") -> None:
    running = sum(number for _version, _status, number in report.running)
    whole = [(_("started"), report.started), (_("running now"), running)]
    whole += [(_(ENDED[how]), times.number) for how, times in report.ended.items()]
    output.table((report.title, _("processes")), whole, plain=False)
    tables: list[tuple[tuple[str, ...], list[tuple[object, ...]]]] = [
        (
            (_("step"), _("entered"), _("waiting"), _("late"), _("working time"), _("9 of 10 in")),
            [
                (
                    one.name, one.entered, one.waiting, one.waiting_late,
                    _span(one.working.median if one.working else None),
                    _span(one.working.p90 if one.working else None),
                )
                for one in report.steps
            ],
        ),
        (
            (_("failed or ended early at"), _("reason"), _("end"), _("processes")),
            [(one.point, one.reason, one.end, one.number) for one in report.deaths],
        ),
        (
            (_("performer"), _("with a deadline"), _("done late"), _("late now")),
            [(one.name, one.number, one.late, one.open_late) for one in report.late],
        ),
    ]  # fmt: skip
    for headings, rows in tables:
        if rows:
            output.line("")
            output.table(headings, rows, plain=False)


def _span(span: timedelta | None) -> str:
    """Hours and minutes."""
    if span is None:
        return ""
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60}:{minutes % 60:02}"
