"""What a report of the command line is asked for: of which scenario, and over which days."""

import argparse
from datetime import date, timedelta
from typing import TYPE_CHECKING

from crm_tui.cli.opening import Desk, languages
from crm_tui.i18n import _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from crm_tui.domain.conditions.periods import Period

PERIOD = timedelta(days=365)
DAY = timedelta(days=1)


def scenario_of(connection: "Connection", wanted: str | None) -> tuple[int, str, str]:
    """Id, code and name of the scenario that is meant, the first one without a word. Raises NotFound."""
    from crm_tui.domain.errors import NotFound
    from crm_tui.domain.text import fold
    from crm_tui.store.queries import interests

    for found in interests.scenarios(connection):
        if wanted is None or fold(wanted) in (found[1], fold(found[2]), fold(_(found[2]))):
            return found
    raise NotFound("no_such_scenario", code=wanted or "")


def add_period(parser: argparse.ArgumentParser) -> None:
    """``--since`` and ``--until``."""
    parser.add_argument("--since", metavar="DAY", help=_("a date, or words; a year ago without it"))
    parser.add_argument("--until", metavar="DAY", help=_("the last day that counts; today without it"))


def period_of(args: argparse.Namespace, desk: Desk) -> "Period":
    """The days that a report looks back over. Raises Invalid."""
    from crm_tui.domain.conditions.periods import Period, end_of_today
    from crm_tui.domain.wall import day_start

    return Period(
        day_start(_day(args.since, desk), desk.zone) if args.since else desk.now - PERIOD,
        day_start(_day(args.until, desk) + DAY, desk.zone)
        if args.until
        else end_of_today(desk.now, desk.zone),
    )


def _day(words: str, desk: Desk) -> date:
    from crm_tui.domain.errors import Invalid
    from crm_tui.domain.event import dates

    moment = dates.parse(words, desk.now, desk.zone, languages(), past=True)
    if moment is None:
        raise Invalid("not_a_date", value=words)
    return moment.date
