"""An event typed in one line: ``Meeting with Olga fri 15:00-16:00``, ``Планёрка по будням 9:30``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from crm_tui.domain.errors import Invalid
from crm_tui.domain.event import dates, recurrence, recurrence_words
from crm_tui.domain.event.dates import Moment
from crm_tui.domain.event.recurrence import Rule
from crm_tui.domain.event.recurrence_words import Repetition
from crm_tui.domain.wall import to_wall

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_PARTS = {"morning": time(9), "evening": time(18)}
_NOON = 12


@dataclass(frozen=True)
class EventLine:
    """What the line tells. Times are naive, by the person's clocks; an event of whole days ends at midnight after
    its last day."""

    summary: str
    dtstart: datetime
    dtend: datetime
    all_day: bool
    rule: Rule | None


def read(line: str, now: datetime, zone: tzinfo, languages: Sequence[str] | None = None) -> EventLine:
    """The event told in a line. Without an end it lasts an hour, without a time the whole day.

    A series begins with the first day that its rule names. Raises Invalid when no date is told
    (``event_date_missing``) or nothing is left as its name (``name_missing``).
    """
    repetition, rest = recurrence_words.find(line, languages)
    moment, summary = dates.find(rest, now, zone, languages)
    summary = summary.strip(" ,;.-–")
    if moment is None and repetition is None:
        raise Invalid("event_date_missing")
    if not summary:
        raise Invalid("name_missing", kind="event")
    # A series at a time of day may begin today: whether its time is over is seen below.
    dated = moment is not None and (moment.day_told or repetition is None)
    day = moment.date if moment and dated else to_wall(now, zone).date()
    at = _time(moment, repetition)
    start = datetime.combine(day, at or time())
    if repetition is not None:
        start = _first(repetition.rule, start, to_wall(now, zone), all_day=at is None)
    end = end_of(start, moment.until if moment else None, all_day=at is None)
    return EventLine(summary, start, end, at is None, repetition.rule if repetition else None)


def end_of(start: datetime, until: time | None, *, all_day: bool) -> datetime:
    """The end of an event: at a time of day, on the next day when that is not after the start; else the usual
    length."""
    if all_day:
        return start + DAY
    if until is None:
        return start + HOUR
    end = datetime.combine(start.date(), until.replace(fold=0))
    return end if end > start else end + DAY


def _time(moment: Moment | None, repetition: Repetition | None) -> time | None:
    part = repetition.part if repetition else ""
    if moment is None or moment.time is None:
        return _PARTS.get(part)
    at = moment.time.replace(fold=0)
    if part == "evening" and at.hour < _NOON:
        return at.replace(hour=at.hour + _NOON)
    return at


def _first(rule: Rule, start: datetime, now: datetime, *, all_day: bool) -> datetime:
    """The first occurrence at or after the start told, and not before now."""
    begins = recurrence.first(rule, start)
    if begins is not None and not all_day and begins < now:
        begins = recurrence.first(rule, start + DAY)
    if begins is None:
        raise Invalid("recurrence", reason="never")
    return begins


def last_day(dtend: datetime) -> date:
    """The last day of an event of whole days, whose end is the midnight after it."""
    return (dtend - timedelta(microseconds=1)).date()
