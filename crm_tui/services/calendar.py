"""Verbs of the calendar event (RFC 5545), and what happens in a window of time."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, or_, select

from crm_tui.domain import recurrence
from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import clean
from crm_tui.domain.wall import to_utc, to_wall
from crm_tui.services import reminders
from crm_tui.store.tables import Event, table_of
from crm_tui.store.work import Work

LONGEST_LOOK_AHEAD = timedelta(days=800)
"""How far the next occurrence of a series is looked for."""
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


def add(
    work: Work,
    summary: str,
    *,
    dtstart: datetime,
    dtend: datetime,
    zone: str,
    owner_id: int,
    rrule: str = "",
    all_day: bool = False,
    location: str = "",
    description: str = "",
    reminder_minutes: int | None = 15,
    interest_id: int | None = None,
    customer_id: int | None = None,
) -> Event:
    """A new event by wall clock (naive times) in an IANA zone, with its reminder.

    Raises Invalid for an empty summary, an end before the start, or a rule that is none.
    """
    summary = _summary(summary)
    event = Event(
        uid=f"{uuid.uuid4()}@crm_tui",
        summary=summary,
        location=clean(location),
        description=clean(description, multiline=True),
        dtstart=dtstart,
        dtend=dtend,
        zone=zone,
        all_day=all_day,
        rrule=rrule,
        exdates=[],
        reminder_minutes=reminder_minutes,
        owner_id=owner_id,
        interest_id=interest_id,
        customer_id=customer_id,
        **_bounds(dtstart, dtend, zone, rrule),
        created_at=work.now,
        changed_at=work.now,
    )
    work.add(event)
    plan_reminder(work, event.key)
    return event


def move(
    work: Work,
    event_id: int,
    dtstart: datetime,
    *,
    dtend: datetime | None = None,
    occurrence: datetime | None = None,
) -> Event:
    """Give the event another start by its own clock; its length stays unless ``dtend`` is told.

    With ``occurrence`` (wall time) only that one of a series moves, and becomes a row of its own; without, the
    whole series moves with its exceptions. Raises Refused when the rule names days that cannot follow.
    """
    event = work.get(Event, event_id)
    dtend = dtend or dtstart + (event.dtend - event.dtstart)
    if occurrence is not None and event.rrule:
        return _move_one(work, event, occurrence, dtstart, dtend)
    by = dtstart - event.dtstart
    rrule = event.rrule
    if rrule:
        rrule = str(
            recurrence.moved(recurrence.Rule.parse(rrule), (dtstart.date() - event.dtstart.date()).days)
        )
        for single in work.all(Event, series_id=event.key):
            assert single.recurrence_id is not None, "a changed occurrence names the one it replaces"
            work.change(single, recurrence_id=single.recurrence_id + by)
    work.change(
        event,
        dtstart=dtstart,
        dtend=dtend,
        rrule=rrule,
        exdates=[(datetime.fromisoformat(text) + by).isoformat() for text in event.exdates],
        changed_at=work.now,
        **_bounds(dtstart, dtend, event.zone, rrule),
    )
    plan_reminder(work, event.key)
    return event


def _move_one(work: Work, event: Event, occurrence: datetime, dtstart: datetime, dtend: datetime) -> Event:
    _except(work, event, occurrence)
    kept = {
        "uid", "summary", "location", "description", "zone", "all_day",
        "reminder_minutes", "owner_id", "interest_id", "customer_id",
    }  # fmt: skip
    single = Event(
        **event.model_dump(include=kept),
        dtstart=dtstart,
        dtend=dtend,
        rrule="",
        exdates=[],
        series_id=event.key,
        recurrence_id=occurrence,
        **_bounds(dtstart, dtend, event.zone, ""),
        created_at=work.now,
        changed_at=work.now,
    )
    work.add(single)
    plan_reminder(work, event.key)
    plan_reminder(work, single.key)
    return single


def change(
    work: Work,
    event_id: int,
    *,
    expected_version: int,
    summary: str,
    dtstart: datetime,
    dtend: datetime,
    all_day: bool,
    location: str,
    rrule: str,
    reminder_minutes: int | None,
) -> Event:
    """What the form of an event says; times by the event's own clock. A series changes as a whole: with another
    start or rule its exceptions are gone.

    Raises Invalid, or Conflict when the event changed since it was read.
    """
    summary = _summary(summary)
    event = work.get(Event, event_id)
    keeps_days = (dtstart, rrule) == (event.dtstart, event.rrule)
    if not keeps_days:
        _remove_singles(work, event)
    work.change(
        event,
        expected_version=expected_version,
        summary=summary,
        dtstart=dtstart,
        dtend=dtend,
        all_day=all_day,
        location=clean(location),
        rrule=rrule,
        exdates=event.exdates if keeps_days else [],
        reminder_minutes=reminder_minutes,
        changed_at=work.now,
        **_bounds(dtstart, dtend, event.zone, rrule),
    )
    plan_reminder(work, event.key)
    return event


def rename(work: Work, event_id: int, summary: str, *, expected_version: int | None = None) -> Event:
    """Give the event another summary. Raises Invalid, or Conflict when it changed since it was read."""
    summary = _summary(summary)
    event = work.get(Event, event_id)
    work.change(event, expected_version=expected_version, summary=summary, changed_at=work.now)
    plan_reminder(work, event.key)
    return event


def remove(work: Work, event_id: int, *, occurrence: datetime | None = None) -> None:
    """Take the event out of the calendar; with ``occurrence`` (wall time) only that one of a series."""
    event = work.get(Event, event_id)
    if occurrence is not None and event.rrule:
        _except(work, event, occurrence)
        plan_reminder(work, event.key)
        return
    _remove_singles(work, event)
    reminders.withdraw(work, "event", event.key)
    work.remove(event)


def occurrences(
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
            found += _within(row, begin - wider, end + wider)
    return sorted(found, key=lambda one: (one.starts_at, one.event_id))


def plan_reminder(work: Work, event_id: int) -> None:
    """Write the reminder of the next occurrence that is still to come; none when there is none."""
    event = work.get(Event, event_id)
    reminders.withdraw(work, "event", event.key)
    if event.reminder_minutes is None or event.owner_id is None:
        return
    lead = timedelta(minutes=event.reminder_minutes)
    coming = _within(event, work.now, work.now + LONGEST_LOOK_AHEAD, limit=2)
    following = next((one for one in coming if one.starts_at > work.now), None)
    if following is None:
        return
    reminders.schedule(
        work,
        user_id=event.owner_id,
        subject_kind="event",
        subject_id=event.key,
        occurrence=following.wall.isoformat(),
        text=event.summary,
        due_at=following.starts_at - lead,
        subject_at=following.starts_at,
    )


_READ = (
    "summary", "location", "dtstart", "zone", "all_day", "series_id", "starts_at", "until_at",
    "owner_id", "interest_id", "customer_id",
)  # fmt: skip
_READ_OF_SERIES = ("dtend", "rrule", "exdates")


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


def _within(
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


def _bounds(dtstart: datetime, dtend: datetime, zone: str, rrule: str) -> dict[str, Any]:
    """First start and last end as instants; the end of a series is not computed but left open."""
    if dtend < dtstart:
        raise Invalid("event_ends_before_start", start=dtstart.isoformat(), end=dtend.isoformat())
    if rrule:
        recurrence.Rule.parse(rrule)
    place = ZoneInfo(zone)
    return {"starts_at": to_utc(dtstart, place), "until_at": None if rrule else to_utc(dtend, place)}


def _remove_singles(work: Work, event: Event) -> None:
    for single in work.all(Event, series_id=event.key):
        reminders.withdraw(work, "event", single.key)
        work.remove(single)


def _summary(text: str) -> str:
    text = " ".join(clean(text).split())
    if not text:
        raise Invalid("name_missing", kind="event")
    return text


def _except(work: Work, event: Event, occurrence: datetime) -> None:
    work.change(event, exdates=sorted({*event.exdates, occurrence.isoformat()}), changed_at=work.now)
