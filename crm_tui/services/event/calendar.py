"""Verbs of the calendar event (RFC 5545)."""

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crm_tui.domain.errors import Invalid
from crm_tui.domain.event import recurrence, series
from crm_tui.domain.text import clean
from crm_tui.domain.wall import to_utc
from crm_tui.services.event import occurrences
from crm_tui.services.task import reminders
from crm_tui.store.tables import Event
from crm_tui.store.work import Work

LONGEST_LOOK_AHEAD = timedelta(days=800)
"""How far the next occurrence of a series is looked for."""


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
        rrule = str(series.moved(recurrence.Rule.parse(rrule), (dtstart.date() - event.dtstart.date()).days))
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


def plan_reminder(work: Work, event_id: int, *, after: datetime | None = None) -> None:
    """Write the reminder of the next occurrence that is still to come; none when there is none.

    ``after`` is the start of an occurrence whose reminder was answered: it is not reminded of again.
    """
    event = work.get(Event, event_id)
    following = _next_start(event, max(work.now, after) if after else work.now)
    if after is not None and following is None:
        return
    reminders.withdraw(work, "event", event.key)
    if event.reminder_minutes is None or event.owner_id is None or following is None:
        return
    lead = timedelta(minutes=event.reminder_minutes)
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


def _next_start(event: Event, after: datetime) -> occurrences.Occurrence | None:
    coming = occurrences.of_event(event, after, after + LONGEST_LOOK_AHEAD, limit=2)
    return next((one for one in coming if one.starts_at > after), None)


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
