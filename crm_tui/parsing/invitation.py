"""Calendar invitations in letters (iTIP, RFC 5546, in the format of RFC 5545), as plain data fit to show."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crm_tui.domain.errors import Invalid
from crm_tui.domain.event import recurrence
from crm_tui.domain.text import clean

MOST_BYTES = 256 * 1024
MOST_EVENTS = 20
MOST_PEOPLE = 200
METHODS = ("request", "cancel", "reply", "counter", "add", "publish", "refresh", "declinecounter")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the meeting; ``answer`` is the participation status (``ACCEPTED`` …) or empty."""

    name: str
    address: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    """One event of an invitation. Times are by the wall clock of ``zone``; of a whole day, midnight."""

    method: str
    """One of ``METHODS``."""
    uid: str
    summary: str
    dtstart: datetime
    dtend: datetime
    zone: str
    """IANA zone; empty for a time that is the same on every clock ("floating")."""
    all_day: bool
    location: str
    description: str
    organiser: Person | None
    people: tuple[Person, ...]
    rrule: str
    """The rule of recurrence, checked; empty for one that is not understood, too."""
    recurs: bool
    occurrence: datetime | None = None
    """The one of a series that the letter is about, by its start until now; None for the whole meeting."""
    sequence: int = 0
    """Revision of the meeting: an answer names the one it answers."""
    stamped_at: datetime | None = None
    """When it was written: tells two letters of one revision apart (RFC 5546 section 2.1.5)."""


def read(content: bytes) -> Invitation | None:
    """The first event of a calendar file; None for a file that has none or cannot be read. Never raises.

    Alarms and links in it are not looked at (assurance 1.3).
    """
    if len(content) > MOST_BYTES or content.upper().count(b"BEGIN:VEVENT") > MOST_EVENTS:
        return None
    from icalendar import Calendar  # a third of a second: only for a letter that brings an invitation

    try:
        calendar = Calendar.from_ical(content)
        event = next(iter(calendar.walk("VEVENT")), None)
        return None if event is None else _invitation(calendar, event)
    except Exception:  # the library raises what it likes over a hostile file
        return None


def _invitation(calendar: Any, event: Any) -> Invitation | None:
    start = getattr(event.get("DTSTART"), "dt", None)
    if start is None:
        return None
    end = getattr(event.get("DTEND"), "dt", None)
    all_day = not isinstance(start, datetime)
    begins, zone = _wall(start)
    if end is None:
        length = getattr(event.get("DURATION"), "dt", None)
        ends = begins + (length if isinstance(length, timedelta) else timedelta(days=1 if all_day else 0))
    else:
        ends = _wall(end, zone)[0]
    one = getattr(event.get("RECURRENCE-ID"), "dt", None)
    method = str(calendar.get("METHOD", "")).lower()
    return Invitation(
        method=method if method in METHODS else "publish",
        uid=_line(event.get("UID", ""))[:500],
        summary=_line(event.get("SUMMARY", "")),
        dtstart=begins,
        dtend=max(begins, ends),
        zone=zone,
        all_day=all_day,
        location=_line(event.get("LOCATION", "")),
        description=clean(str(event.get("DESCRIPTION", ""))[:10_000], multiline=True).strip(),
        organiser=_person(event.get("ORGANIZER")),
        people=_people(event.get("ATTENDEE")),
        rrule=_rule(event.get("RRULE")),
        recurs="RRULE" in event or "RDATE" in event,
        occurrence=None if one is None else _wall(one, zone)[0],
        sequence=max(0, int(event.get("SEQUENCE", 0))),
        stamped_at=_instant(getattr(event.get("DTSTAMP"), "dt", None)),
    )


def _instant(at: Any) -> datetime | None:
    return at.astimezone(UTC) if isinstance(at, datetime) and at.tzinfo is not None else None


def _wall(at: date, wanted: str = "") -> tuple[datetime, str]:
    """The time by its own clock, and that clock; ``wanted`` turns it to another one."""
    if not isinstance(at, datetime):
        return datetime.combine(at, time()), ""
    if at.tzinfo is None:
        return at, ""
    zone = wanted or getattr(at.tzinfo, "key", "") or "UTC"
    try:
        return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0), zone
    except (ZoneInfoNotFoundError, ValueError):
        return at.astimezone(UTC).replace(tzinfo=None), "UTC"


def _rule(value: Any) -> str:
    if value is None or isinstance(value, list):
        return ""
    try:
        return str(recurrence.Rule.parse(value.to_ical().decode()))
    except (Invalid, ValueError):
        return ""


def _people(value: Any) -> tuple[Person, ...]:
    listed = value if isinstance(value, list) else [value]
    found = (_person(one) for one in listed[:MOST_PEOPLE])
    return tuple(one for one in found if one is not None)


def _person(value: Any) -> Person | None:
    if value is None:
        return None
    address = _line(value)
    address = address[7:] if address.lower().startswith("mailto:") else address
    parameters = getattr(value, "params", {})
    return Person(_line(parameters.get("CN", "")), address, _line(parameters.get("PARTSTAT", "")).upper())


def _line(value: Any) -> str:
    return clean(" ".join(str(value).split()))[:500]
