"""What happens in a window of time: the occurrences of single events and of series (RFC 5545)."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, DateTime, Row, or_, select, type_coerce

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
    event = table_of(Event)
    # Two reads along the index of ends: what ends, and the series, which have none. The sum keeps SQLite from the
    # index of owners, which would lead through all that a person ever had.
    owned = () if owner_id is None else (event.c.owner_id + 0 == owner_id,)
    reach = (event.c.until_at >= begin - margin, event.c.starts_at < end + margin)
    # What ends as the window begins is outside, but for what has no length at all.
    lasts = or_(event.c.until_at > begin, event.c.starts_at >= begin)
    inside = or_(event.c.all_day, lasts & (event.c.starts_at < end))
    single = select(*_fields_of_single()).where(*reach, inside, *owned)
    series = select(*(event.c[name] for name in _READ_OF_SERIES)).where(
        event.c.until_at.is_(None), event.c.starts_at < end + margin, *owned
    )
    rows = connection.execute(single.order_by(event.c.until_at).limit(MOST_EVENTS))
    found = [
        Occurrence(key, summary, location, _utc(starts_at), _utc(until_at), *rest)
        for key, summary, location, starts_at, until_at, *rest in rows.all()
    ]
    for row in connection.execute(series.limit(MOST_EVENTS)):
        wider = margin if row.all_day else timedelta()
        found += of_event(row, begin - wider, end + wider)
    return sorted(found, key=lambda one: (one.starts_at, one.event_id))


def _fields_of_single() -> tuple[ColumnElement[Any], ...]:
    """What is read of an event that happens once, in the order of ``Occurrence``."""
    event = table_of(Event)
    return (
        event.c.id,
        event.c.summary,
        event.c.location,
        type_coerce(event.c.starts_at, DateTime()),  # SQLModel's own type takes three calls for each value
        type_coerce(event.c.until_at, DateTime()),
        event.c.all_day,
        event.c.dtstart,
        event.c.zone,
        event.c.series_id.is_not(None).label("recurring"),
        event.c.interest_id,
        event.c.customer_id,
    )


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


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
