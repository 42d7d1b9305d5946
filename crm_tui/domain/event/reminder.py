"""Rules of the ledger of due times: when a reminder is due, how it is put off, what was missed."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Generic, TypeVar

from crm_tui.domain import wall
from crm_tui.domain.errors import Invalid
from crm_tui.domain.event import dates

MORNING = time(9)
MISSED_AFTER = timedelta(minutes=1)
"""A reminder that fires later than this after its due time was missed (the lid was closed)."""
POPUP_LIMIT = 3
"""More reminders than these are shown as one list (assurance 2, missed while down)."""

_LONGEST_LEAD = timedelta(days=366)
_DURATION = re.compile(
    r"([+-])?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?"
)

Item = TypeVar("Item")


def lead(text: str) -> timedelta:
    """How long before the start a reminder is due, from an iCalendar duration: ``-PT15M`` is 15 minutes.

    Raises `Invalid` (code ``lead``) for anything else, for a time after the start, and for over a year.
    """
    match = _DURATION.fullmatch(text.strip().upper())
    if match is None or not any(match.groups()[1:]):
        raise Invalid("lead", value=text)
    weeks, days, hours, minutes, seconds = (int(one or 0) for one in match.groups()[1:])
    duration = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if duration and match[1] != "-":
        raise Invalid("lead", value=text)
    if duration > _LONGEST_LEAD:
        raise Invalid("lead", value=text)
    return duration


def lead_in_words(text: str) -> timedelta | None:
    """The lead time that a person types, ``15m``, ``2ч``, ``1 д``, ``-PT15M``; None when it is not understood."""
    try:
        return lead(text)
    except Invalid:
        pass
    # A day is counted as 24 hours here: no clock changes in UTC.
    start = datetime.fromtimestamp(0, UTC)
    moment = dates.parse("+" + text.strip().lstrip("+-"), start, UTC)
    if moment is None:
        return None
    duration = moment.instant(time()) - start
    return duration if timedelta() < duration <= _LONGEST_LEAD else None


def lead_text(duration: timedelta) -> str:
    """The iCalendar duration of a lead time, to be stored."""
    seconds = int(duration.total_seconds())
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    day_part = f"{days}D" if days else ""
    clock = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
    if not day_part and not clock:
        return "PT0S"
    return f"-P{day_part}" + (f"T{clock}" if clock else "")


def due_at(start_wall: datetime, zone: tzinfo, before: timedelta) -> datetime:
    """The instant, in UTC, that lies ``before`` the start of an event told by naive wall time and zone.

    Whole days are counted on the calendar, so "a day before 10:00" is 10:00 also over a change of the clocks; the
    rest is counted as time that passes.
    """
    days = timedelta(days=before.days)
    return wall.to_utc(start_wall - days, zone) - (before - days)


def snooze_minutes(now: datetime, minutes: int) -> datetime:
    """Some minutes from now, in UTC: the choices "10 min" and "1 h"."""
    return now.astimezone(UTC) + timedelta(minutes=minutes)


def snooze_tomorrow(now: datetime, zone: tzinfo, morning: time = MORNING) -> datetime:
    """Tomorrow morning on the person's clocks, in UTC."""
    tomorrow = wall.to_wall(now, zone).date() + timedelta(days=1)
    return wall.to_utc(datetime.combine(tomorrow, morning), zone)


def snooze_in_words(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """The instant that a person types, ``10m``, ``завтра в 10``, ``пт``, in UTC; None when not understood or past."""
    moment = dates.parse(text, now, zone) or dates.parse("+" + text.strip(), now, zone)
    if moment is None:
        return None
    instant = moment.instant(MORNING)
    return instant if instant > now else None


def is_missed(due: datetime, now: datetime) -> bool:
    """Whether a reminder that is still unfired at ``now`` should have come noticeably earlier."""
    return now - due > MISSED_AFTER


@dataclass(frozen=True)
class Shown(Generic[Item]):
    """What the popup shows: ``items`` oldest first; ``as_list`` when they are too many for one by one."""

    items: tuple[Item, ...]
    missed: int
    as_list: bool


def grouped(due: Iterable[Item], due_of: Callable[[Item], datetime], now: datetime) -> Shown[Item]:
    """The reminders that are due at ``now``, as they are shown: no storm of popups, the oldest first.

    Reminders missed together ("while away") and more than three due at once come as one list.
    """
    items = tuple(sorted((one for one in due if due_of(one) <= now), key=due_of))
    missed = sum(is_missed(due_of(one), now) for one in items)
    return Shown(items, missed, len(items) > POPUP_LIMIT or missed > 1)
