"""Wall-clock time and instants: the one place that turns one into the other (assurance, DST)."""

from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def to_utc(wall: datetime, zone: tzinfo) -> datetime:
    """The instant, aware in UTC, at which the clocks of the zone show this naive wall time.

    A time that the clocks skip is moved forward by the length of the gap. A time that they show twice is the
    first one, or the second when the wall time says ``fold=1``.
    """
    return wall.replace(tzinfo=zone).astimezone(UTC)


def to_wall(instant: datetime, zone: tzinfo) -> datetime:
    """What the clocks of the zone show at an aware instant, naive, with ``fold`` told."""
    return instant.astimezone(zone).replace(tzinfo=None)


def day_start(day: date, zone: tzinfo) -> datetime:
    """The first instant of a day in the zone, in UTC, also where midnight itself is skipped."""
    return to_utc(datetime.combine(day, time()), zone)


def zone_of(name: str) -> tzinfo:
    """The time zone with this IANA name; UTC for one that is not known, so that a bad setting shows wrong hours
    rather than nothing."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
