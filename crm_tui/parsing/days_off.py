"""Days off out of a calendar file (iCalendar, RFC 5545): a country's holidays, a factory's shutdown, a leave."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from crm_tui.domain.errors import Invalid
from crm_tui.domain.event import recurrence
from crm_tui.domain.text import clean

MOST_BYTES = 2 * 1024 * 1024
MOST_EVENTS = 5000
LONGEST = timedelta(days=366)
"""Days of one event: more is no time off."""


@dataclass(frozen=True, slots=True)
class DaysOff:
    """What a file says."""

    days: Mapping[date, str]
    """Day → what it is called."""
    passed_over: int
    """Events that are not of whole days, are cancelled or last more than a year, or whose rule of recurrence is not
    understood."""


def read(content: bytes, first: date, last: date) -> DaysOff:
    """The days between ``first`` and ``last`` that events of whole days cover, repeated ones too.

    Raises Invalid: ``calendar_file`` for what is no calendar, ``calendar_file_big``.
    """
    if len(content) > MOST_BYTES or content.upper().count(b"BEGIN:VEVENT") > MOST_EVENTS:
        raise Invalid("calendar_file_big", most=MOST_BYTES // 1024)
    from icalendar import Calendar  # a third of a second: only where a file is read

    try:
        events = list(Calendar.from_ical(content).walk("VEVENT"))
    except Exception as error:  # the library raises what it likes over a hostile file
        raise Invalid("calendar_file") from error
    days: dict[date, str] = {}
    passed_over = 0
    for event in events:
        try:
            found = list(_days(event, first, last))
        except Exception:  # as above: properties are read when they are asked for
            found = None
        if found is None or not _is_whole(event):
            passed_over += 1
            continue
        name = clean(" ".join(str(event.get("SUMMARY", "")).split()))[:200]
        for day in found:
            days[day] = days.get(day) or name
    return DaysOff(dict(sorted(days.items())), passed_over)


def _is_whole(event: Any) -> bool:
    begins = getattr(event.get("DTSTART"), "dt", None)
    is_cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    return isinstance(begins, date) and not isinstance(begins, datetime) and not is_cancelled


def _days(event: Any, first: date, last: date) -> Iterator[date]:
    """The days of one event. Raises Invalid and what the library raises."""
    if not _is_whole(event):
        return
    begins: date = event.get("DTSTART").dt
    length = _length(event, begins)
    if length > LONGEST:
        raise Invalid("calendar_file")
    for start in _starts(event, begins, first - length, last):
        for number in range(length.days):
            day = start + timedelta(days=number)
            if first <= day <= last:
                yield day


def _length(event: Any, begins: date) -> timedelta:
    """At least a day: DTEND is the day after the last (RFC 5545 section 3.6.1)."""
    ends, lasts = getattr(event.get("DTEND"), "dt", None), getattr(event.get("DURATION"), "dt", None)
    length = lasts if isinstance(lasts, timedelta) else timedelta(days=1)
    if isinstance(ends, date):
        length = datetime.combine(ends, time()) - datetime.combine(begins, time())
    return max(timedelta(days=length.days), timedelta(days=1))


def _starts(event: Any, begins: date, first: date, last: date) -> Sequence[date]:
    if "RRULE" not in event and "RDATE" not in event:
        return [begins]
    rule = recurrence.Rule.parse(event.get("RRULE").to_ical().decode()) if "RRULE" in event else None
    # A whole day is the same on every clock, so that the clock of UTC will do.
    found = recurrence.occurrences(
        datetime.combine(begins, time()),
        UTC,
        rule,
        _listed(event, "EXDATE"),
        _listed(event, "RDATE"),
        datetime.combine(max(first, date(1900, 1, 1)), time(), UTC),
        datetime.combine(last, time(), UTC) + timedelta(days=1),
    )
    return [one.date() for one in found]


def _listed(event: Any, name: str) -> list[datetime]:
    value = event.get(name)
    lists = value if isinstance(value, list) else [value] if value is not None else []
    return [
        datetime.combine(one.dt, time()) if not isinstance(one.dt, datetime) else one.dt.replace(tzinfo=None)
        for each in lists
        for one in each.dts
    ]
