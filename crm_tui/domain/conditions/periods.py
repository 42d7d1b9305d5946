"""The days that figures look back over: ``last month``, ``2026-10-01..2026-11-15``, ``2026-10-01..`` until today.

They are kept in the words of ``condition_dates``, two of them with two dots between.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from crm_tui.domain import wall
from crm_tui.domain.conditions import condition_dates
from crm_tui.i18n import _

OFFERED = (
    "last 7 days",
    "last 30 days",
    "last 90 days",
    "last 365 days",
    "this month",
    "last month",
    "this quarter",
    "last quarter",
    "this year",
    "last year",
    "this week",
    "last week",
)
"""The periods most asked for."""
_APART = ".."
_TYPED_APART = re.compile(r"\.\.|\s[-–—]\s|(?<=\d)[–—](?=\d)|(?:(?<=\.\d)|(?<=\.\d\d)|(?<=\.\d{4}))-(?=\d)")


@dataclass(frozen=True, slots=True)
class Period:
    """From one instant until another, which is in it no more."""

    since: datetime
    until: datetime

    def __contains__(self, at: datetime) -> bool:
        return self.since <= at < self.until


def is_period(value: object) -> bool:
    """Whether the words are kept words for a period."""
    if not isinstance(value, str):
        return False
    first, _apart, last = value.partition(_APART)
    return condition_dates.is_span(first) and (not last or condition_dates.is_span(last))


def of(value: str, now: datetime, zone: tzinfo) -> Period:
    """The instants of kept words by the clocks of the zone; what is to come is not in it. Raises ValueError for words
    that ``is_period`` refuses."""
    first, last = _ends(value)
    since, _until = condition_dates.instants(first, now, zone)
    _since, until = condition_dates.instants(last, now, zone)
    return Period(since, min(until, end_of_today(now, zone)))


def end_of_today(now: datetime, zone: tzinfo) -> datetime:
    """The first instant of tomorrow."""
    return condition_dates.instants("today", now, zone)[1]


def typed(text: str, now: datetime, zone: tzinfo) -> str | None:
    """The kept words for what a person typed: words for days, two of them with ``..`` or a dash between, or one day,
    which means since then; None when it is not understood, and when the end comes before the beginning."""
    first, *others = (part.strip() for part in _TYPED_APART.split(text, maxsplit=1))
    since = condition_dates.typed(first, now, zone)
    if since is None:
        return None
    if not others:
        return f"{since}{_APART}" if since[:1].isdecimal() else since
    until = condition_dates.typed(others[0], now, zone) if others[0] else ""
    today = wall.to_wall(now, zone).date()
    if until is None or (
        until and condition_dates.days(since, today)[0] > condition_dates.days(until, today)[1]
    ):
        return None
    return f"{since}{_APART}{until}"


def said(value: str) -> str:
    """Kept words in the person's language."""
    first, apart, last = value.partition(_APART)
    if not apart:
        return condition_dates.said(first, _day)
    if not last:
        return _("since {day}").format(day=condition_dates.said(first, _day))
    return "–".join(condition_dates.said(one, _day) for one in (first, last))


def _ends(value: str) -> tuple[str, str]:
    first, apart, last = value.partition(_APART)
    return first, last or ("today" if apart else first)


_day: Callable[[date], str] = "{:%d.%m.%Y}".format
