"""What happens in a window of time: the occurrences of single events and of series (RFC 5545)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Row, Select, String, bindparam, or_, select, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.types import UserDefinedType

from crm_tui.domain.event import recurrence
from crm_tui.domain.wall import to_utc, to_wall
from crm_tui.store.tables import Event, table_of

MOST_EVENTS = 20_000
"""No more events than these are looked at for one window."""
MOST_OCCURRENCES = 1000
"""No more occurrences of one event than these are given for one window."""


class Occurrence(NamedTuple):
    """One time an event happens: a tuple, for a week may hold a thousand."""

    event_id: int
    summary: str
    location: str
    starts_at: datetime
    """Instant (UTC)."""
    ends_at: datetime
    all_day: bool
    wall: datetime
    """Start by the event's own clock: what names an occurrence of a series."""
    zone: str
    """IANA zone of the event's own clock."""
    recurring: bool
    interest_id: int | None
    customer_id: int | None


_READ_OF_SERIES = (
    "id", "summary", "location", "dtstart", "dtend", "zone", "all_day", "rrule", "exdates", "series_id",
    "interest_id", "customer_id",
)  # fmt: skip


def between(
    connection: Connection,
    begin: datetime,
    end: datetime,
    *,
    owner_id: int | None = None,
    margin: timedelta = timedelta(),
) -> list[Occurrence]:
    """What happens between two instants, in order of start; of one person, or of all.

    Of whole days also what lies up to ``margin`` outside: such a day stands on its date, whatever the zone.
    """
    window = {"begin": begin, "end": end, "earlier": begin - margin, "later": end + margin, "owner": owner_id}
    singles = connection.execute(_singles(owner_id is not None), window)
    found = list(map(Occurrence._make, singles.all()))
    for row in connection.execute(_series(owner_id is not None), window):
        wider = margin if row.all_day else timedelta()
        found += of_event(row, begin - wider, end + wider)
    return sorted(found, key=lambda one: (one.starts_at, one.event_id))


class _Instant(UserDefinedType[datetime]):
    """Text with its offset as an aware instant, without a call of Python for each: a week may hold a thousand."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str], datetime]:
        return datetime.fromisoformat


# Two reads along the index of ends: what ends, and the series, which have none. The sum keeps SQLite from the index
# of owners, which would lead through all that a person ever had. Made once: making a statement takes longer than
# reading a day.


@cache
def _singles(of_one: bool) -> Select[Any]:
    """What happens once, as an ``Occurrence`` has it."""
    event = table_of(Event)
    begin: ColumnElement[Any] = bindparam("begin")
    # What ends as the window begins is outside, but for what has no length at all.
    lasts = or_(event.c.until_at > begin, event.c.starts_at >= begin)
    return (
        select(
            event.c.id,
            event.c.summary,
            event.c.location,
            _instant(event.c.starts_at),
            _instant(event.c.until_at),
            event.c.all_day,
            event.c.dtstart,
            event.c.zone,
            event.c.series_id.is_not(None).label("recurring"),
            event.c.interest_id,
            event.c.customer_id,
        )
        .where(
            event.c.until_at >= bindparam("earlier"),
            event.c.starts_at < bindparam("later"),
            or_(event.c.all_day, lasts & (event.c.starts_at < bindparam("end"))),
            *_owned(of_one),
        )
        .order_by(event.c.until_at)
        .limit(MOST_EVENTS)
    )


@cache
def _series(of_one: bool) -> Select[Any]:
    event = table_of(Event)
    return (
        select(*(event.c[name] for name in _READ_OF_SERIES))
        .where(event.c.until_at.is_(None), event.c.starts_at < bindparam("later"), *_owned(of_one))
        .limit(MOST_EVENTS)
    )


def _owned(of_one: bool) -> tuple[ColumnElement[bool], ...]:
    return (table_of(Event).c.owner_id + 0 == bindparam("owner"),) if of_one else ()


def _instant(stored: ColumnElement[Any]) -> ColumnElement[datetime]:
    """A time of the store, which is UTC and does not say so."""
    return type_coerce(type_coerce(stored, String) + "+00:00", _Instant())


def of_event(
    event: Event | Row[Any], begin: datetime, end: datetime, limit: int = MOST_OCCURRENCES
) -> list[Occurrence]:
    assert event.id is not None, "the event is stored"
    zone = ZoneInfo(event.zone)
    length = to_utc(event.dtend, zone) - to_utc(event.dtstart, zone)
    if event.rrule:
        starts = recurrence.occurrences(
            event.dtstart,
            zone,
            recurrence.Rule.parse(event.rrule),
            exdates=[datetime.fromisoformat(text) for text in event.exdates],
            rdates=[],
            window_start_utc=begin - length,
            window_end_utc=end,
            cap=limit,
        )
    else:
        starts = [to_utc(event.dtstart, zone)]
    return [
        Occurrence(
            event_id=event.id,
            summary=event.summary,
            location=event.location,
            starts_at=start,
            ends_at=start + length,
            all_day=event.all_day,
            wall=to_wall(start, zone),
            zone=event.zone,
            recurring=bool(event.rrule or event.series_id),
            interest_id=event.interest_id,
            customer_id=event.customer_id,
        )
        for start in starts
        if start < end and start + max(length, timedelta(microseconds=1)) > begin
    ]
