"""Days in conditions: a day (``2026-11-22``), or days that move with the calendar (``last 7 days``).

They are kept in the English words below; what a person types may be those, their translation, or any day that
``domain.event.dates`` understands.
"""

import re
from collections.abc import Callable, Sequence
from datetime import MAXYEAR, date, datetime, timedelta, tzinfo

from crm_tui.domain import wall
from crm_tui.domain.text import fold
from crm_tui.i18n import N_, _, ngettext

MOST_DAYS = 3660
FIRST_YEAR, LAST_YEAR = 1900, 2999
_PLURALS = (1, 2, 5)
"""Numbers with all the plural forms of our languages: a wrong one that is typed is understood, too."""
_COUNTED = re.compile(r"(last|next) ([1-9]\d{0,3}) days")

_NAMED = {
    "today": N_("today"),
    "yesterday": N_("yesterday"),
    "tomorrow": N_("tomorrow"),
    "this week": N_("this week"),
    "last week": N_("last week"),
    "next week": N_("next week"),
    "this month": N_("this month"),
    "last month": N_("last month"),
    "next month": N_("next month"),
    "this quarter": N_("this quarter"),
    "last quarter": N_("last quarter"),
    "next quarter": N_("next quarter"),
    "this year": N_("this year"),
    "last year": N_("last year"),
}

Days = tuple[date, date]
"""The first and the last day, both included."""


def is_span(value: str) -> bool:
    """Whether the words are kept words for days."""
    if value in _NAMED:
        return True
    counted = _COUNTED.fullmatch(value)
    if counted is not None:
        return int(counted[2]) <= MOST_DAYS
    return _iso(value) is not None


def days(value: str, today: date) -> Days:
    """The days meant by kept words. ``last 7 days`` end with today, ``next 7 days`` begin with it; weeks begin on
    Monday. Raises ValueError for words that ``is_span`` refuses."""
    counted = _COUNTED.fullmatch(value)
    if counted is not None:
        more = timedelta(days=int(counted[2]) - 1)
        return (today - more, today) if counted[1] == "last" else (today, today + more)
    if value in _NAMED:
        return _named(value, today)
    day = _iso(value)
    if day is None:
        raise ValueError(value)
    return day, day


def span(first: str, last: str, now: datetime, zone: tzinfo) -> Days:
    """From the first day of one value to the last day of another, by the clocks of the zone."""
    today = wall.to_wall(now, zone).date()
    return days(first, today)[0], days(last, today)[1]


def instants(value: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """The first instant of these days and the first one after them, in UTC, by the clocks of the zone."""
    first, last = days(value, wall.to_wall(now, zone).date())
    return wall.day_start(first, zone), wall.day_start(last + timedelta(days=1), zone)


def typed(text: str, now: datetime, zone: tzinfo, languages: Sequence[str] | None = None) -> str | None:
    """The kept words for what a person typed: the words above in English or their own language, or a day in
    whatever words; None when it is not understood."""
    wanted = fold(text)
    for kept, title in _NAMED.items():
        if wanted in (kept, fold(_(title))):
            return kept
    number = re.search(r"\d{1,4}", wanted)
    for direction in ("last", "next") if number is not None else ():
        count = int(number[0]) if number is not None else 0
        kept = f"{direction} {count} days"
        forms = {fold(_counted(direction, form).format(n=count)) for form in (count, *_PLURALS)}
        if wanted in forms | {kept}:
            return kept if is_span(kept) else None
    if _iso(wanted) is not None:
        return wanted
    from crm_tui.domain.event import dates  # large, and most filters name no date

    moment = dates.parse(text, now, zone, languages, past=True)
    if moment is None or not FIRST_YEAR <= moment.date.year <= LAST_YEAR:
        return None
    return moment.date.isoformat()


def said(value: str, show: Callable[[date], str] = date.isoformat) -> str:
    """Kept words in the person's language."""
    counted = _COUNTED.fullmatch(value)
    if counted is not None:
        return _counted(counted[1], int(counted[2])).format(n=counted[2])
    if value in _NAMED:
        return _(_NAMED[value])
    day = _iso(value)
    return value if day is None else show(day)


def _counted(direction: str, count: int) -> str:
    if direction == "last":
        return ngettext("last {n} day", "last {n} days", count)
    return ngettext("next {n} day", "next {n} days", count)


def _iso(value: str) -> date | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _named(value: str, today: date) -> Days:
    one = timedelta(days=1)
    which, _space, unit = value.partition(" ")
    if not unit:
        day = today + {"today": 0, "yesterday": -1, "tomorrow": 1}[value] * one
        return day, day
    step = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "week":
        monday = today - today.weekday() * one + step * 7 * one
        return monday, monday + 6 * one
    if unit == "month":
        first = _month(today, step)
        return first, _month(today, step + 1) - one
    if unit == "quarter":
        begun = 3 * step - (today.month - 1) % 3
        return _month(today, begun), _month(today, begun + 3) - one
    year = min(today.year + step, MAXYEAR - 1)
    return date(year, 1, 1), date(year, 12, 31)


def _month(today: date, step: int) -> date:
    months = today.year * 12 + today.month - 1 + step
    return date(months // 12, months % 12 + 1, 1)
