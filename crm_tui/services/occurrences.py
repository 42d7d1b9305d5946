"""What happens in a window of time: the occurrences of single events and of series (RFC 5545)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, or_, select

from crm_tui.domain import recurrence
from crm_tui.domain.wall import to_utc, to_wall
from crm_tui.store.tables import Event, table_of

MOST_EVENTS = 20_000
"""No more events than these are looked at for one window."""
MOST_OCCURRENCES = 1000
"""No more occurrences of one event than these are given for one window."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time an event happens."""

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


_READ = (
    "summary", "location", "dtstart", "zone", "all_day", "series_id", "starts_at", "until_at",
    "owner_id", "interest_id", "customer_id",
)  # fmt: skip
_READ_OF_SERIES = ("dtend", "rrule", "exdates")


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
    event = table_of(Event)
    # Two reads along the index of ends: what ends, and the series, which have none. The owner is looked at here, for
    # the index of owners would lead through all that a person ever had.
    reach = (event.c.until_at >= begin - margin, event.c.starts_at < end + margin)
    # What ends as the window begins is outside, but for what has no length at all.
    lasts = or_(event.c.until_at > begin, event.c.starts_at >= begin)
    inside = or_(event.c.all_day, lasts & (event.c.starts_at < end))
    single = select(event.c.id, *(event.c[name] for name in _READ)).where(*reach, inside)
    series = select(event.c.id, *(event.c[name] for name in (*_READ, *_READ_OF_SERIES))).where(
        event.c.until_at.is_(None), event.c.starts_at < end + margin
    )
    found = [
        _single(row)
        for row in connection.execute(single.order_by(event.c.until_at).limit(MOST_EVENTS))
        if owner_id is None or row.owner_id == owner_id
    ]
    for row in connection.execute(series.limit(MOST_EVENTS)):
        if owner_id is None or row.owner_id == owner_id:
            wider = margin if row.all_day else timedelta()
            found += of_event(row, begin - wider, end + wider)
    return sorted(found, key=lambda one: (one.starts_at, one.event_id))


def _single(row: Row[Any]) -> Occurrence:
    return Occurrence(
        event_id=row.id,
        summary=row.summary,
        location=row.location,
        starts_at=row.starts_at,
        ends_at=row.until_at,
        all_day=row.all_day,
        wall=row.dtstart,
        zone=row.zone,
        recurring=row.series_id is not None,
        interest_id=row.interest_id,
        customer_id=row.customer_id,
    )


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
