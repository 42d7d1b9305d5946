"""Working time: deadlines in hours and days of work, not of the clock (BP-15, complaint C-28).

A calendar says when work is done on each day: the ordinary week, the country's holidays and moved working days over
it, and the calendar's own exceptions over both. Working time is the set of instants that this gives in a time zone,
the end of each stretch with it; all that is counted here is counted in that set, in elapsed time, so that a day on
which the clocks change is as long as it is.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import accumulate

from crm_tui.domain.wall import to_utc, to_wall

LONGEST_SEARCH_DAYS = 3660
MINUTES_OF_DAY = 1440
SHORTER_BY = 60
"""Minutes by which the working day before a holiday is shorter (Labour Code of Russia, article 95)."""

Stretch = tuple[int, int]
"""Minutes of wall clock time since midnight, from and until; the end of the day is 1440."""
Hours = tuple[Stretch, ...]
"""The stretches of one day, in order, none touching the next; none on a day off."""


class Special(StrEnum):
    """What a country makes of a day."""

    OFF = "off"
    MOVED = "moved"
    """Work is done on a day that is usually off."""
    SHORT = "short"
    """A working day an hour shorter than usual."""
    MOVED_SHORT = "moved_short"


@dataclass(frozen=True, slots=True)
class CountryDay:
    """A day that a country's law takes out of the ordinary week."""

    special: Special
    name: str
    """As the source writes it; may be empty."""
    as_weekday: int = 0
    """Of a moved day: the weekday whose hours it has (0 = Monday)."""


CountryDays = Callable[[int], Mapping[date, CountryDay]]
"""Year → its special days."""


def no_country(_year: int) -> Mapping[date, CountryDay]:
    """The days of no country: the week is never interrupted."""
    return {}


FIVE_DAYS: tuple[Hours, ...] = (((9 * 60, 18 * 60),),) * 5 + ((), ())
"""Monday to Friday, 9:00 to 18:00."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """When work is done, in wall clock time."""

    week: tuple[Hours, ...] = FIVE_DAYS
    """The hours of the seven weekdays, Monday first."""
    exceptions: Mapping[date, Hours] = field(default_factory=dict)
    """Days whose hours are these, whatever week and country say."""
    country: CountryDays = no_country

    def hours_of(self, day: date) -> Hours:
        """When work is done on this day; empty on a day off."""
        own = self.exceptions.get(day)
        if own is not None:
            return own
        usual = self.week[day.weekday()]
        law = self.country(day.year).get(day)
        if law is None:
            return usual
        if law.special is Special.OFF:
            return ()
        if law.special is Special.SHORT:
            return shortened(usual)
        moved = usual or self.week[law.as_weekday] or next((hours for hours in self.week if hours), ())
        return shortened(moved) if law.special is Special.MOVED_SHORT else moved

    def is_working_day(self, day: date) -> bool:
        """Whether any work is done on this day."""
        return bool(self.hours_of(day))

    def next_working_day(self, day: date) -> date:
        """The first working day after this one. Raises ValueError when there is none in ten years."""
        for _ in range(LONGEST_SEARCH_DAYS):
            day += timedelta(days=1)
            if self.is_working_day(day):
                return day
        raise ValueError("no working day in ten years")


ORDINARY = WorkingCalendar()


def shortened(hours: Hours) -> Hours:
    """The hours of a day that ends an hour early."""
    left, kept = SHORTER_BY, list(hours)
    while kept and left:
        opens, closes = kept.pop()
        if closes - opens > left:
            kept.append((opens, closes - left))
            break
        left -= closes - opens
    return tuple(kept)


def add_working_time(
    start: datetime, work: timedelta, zone: tzinfo, calendar: WorkingCalendar = ORDINARY
) -> datetime:
    """The instant (UTC) when ``work`` of working time has passed since ``start``.

    It is always in working time: nothing added to a Saturday gives Monday's opening. Adding twice is adding the sum,
    and whoever starts later is never earlier done. Raises ValueError for negative work, or when ten years of the
    calendar do not hold it.
    """
    if work < timedelta(0):
        raise ValueError("no working time to count")
    left = work
    for opens, closes in _stretches(calendar, zone, to_wall(start, zone).date()):
        begin = max(opens, start)
        if begin > closes:
            continue
        if left <= closes - begin:
            return (begin + left).astimezone(UTC)
        left -= closes - begin
    raise ValueError("no end of the working time in ten years")


def add_working_days(
    start: datetime, days: int, zone: tzinfo, calendar: WorkingCalendar = ORDINARY
) -> datetime:
    """The instant (UTC) at the same wall clock time ``days`` working days later.

    Counted from the first working moment at or after ``start``. Where work is not done at that time on that day, it
    is the next moment of the day at which it is, or its end: so two days and then three are five days wherever
    the working days have the same hours, while a shortened day in between may bring the time forward. Raises
    ValueError for negative days, or when ten years of the calendar do not hold them.
    """
    if days < 0:
        raise ValueError("no working time to count")
    begin = add_working_time(start, timedelta(0), zone, calendar)
    wall = to_wall(begin, zone)
    day = wall.date()
    if days == 0:
        return begin
    for _ in range(days):
        day = calendar.next_working_day(day)
        if (day - wall.date()).days > LONGEST_SEARCH_DAYS:
            raise ValueError("no end of the working time in ten years")
    wanted = to_utc(datetime.combine(day, wall.time()), zone)
    of_day = [one for one in _stretches(calendar, zone, day, 0) if to_wall(one[0], zone).date() == day]
    for opens, closes in of_day:
        if wanted <= closes:
            return max(wanted, opens)
    # Where the clocks skip all of a day's hours nothing of it is left.
    return of_day[-1][1] if of_day else add_working_time(wanted, timedelta(0), zone, calendar)


def working_time_between(
    start: datetime, end: datetime, zone: tzinfo, calendar: WorkingCalendar = ORDINARY
) -> timedelta:
    """How much working time lies between two instants; nothing when the end is not after the start."""
    found = timedelta(0)
    if end <= start:
        return found
    days = (to_wall(end, zone).date() - to_wall(start, zone).date()).days
    for opens, closes in _stretches(calendar, zone, to_wall(start, zone).date(), days):
        found += max(min(closes, end) - max(opens, start), timedelta(0))
    return found


def _stretches(
    calendar: WorkingCalendar, zone: tzinfo, day: date, days: int = LONGEST_SEARCH_DAYS
) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of working time of this day and those after it, as instants, apart and in order.

    Begun two days early, since where the clocks skip, hours of one day can come to lie in the next.
    """
    last = datetime.min.replace(tzinfo=UTC)
    for number in range(-2, days + 1):
        here = day + timedelta(days=number)
        for opens, closes in calendar.hours_of(here):
            begin, end = max(_instant(here, opens, zone), last), _instant(here, closes, zone)
            if end > begin:
                last = end
                if number >= 0 or end > _instant(day, 0, zone):
                    yield begin, end


def _instant(day: date, minute: int, zone: tzinfo) -> datetime:
    if minute == MINUTES_OF_DAY:
        return to_utc(datetime.combine(day + timedelta(days=1), time()), zone)
    return to_utc(datetime.combine(day, time(*divmod(minute, 60))), zone)


class WorkingClock:
    """A clock that goes only in working time: how much of it lies between many pairs of instants of a span, whose
    stretches are looked up once."""

    def __init__(self, calendar: WorkingCalendar, zone: tzinfo, first: datetime, last: datetime) -> None:
        days = (to_wall(last, zone).date() - to_wall(first, zone).date()).days
        stretches = list(_stretches(calendar, zone, to_wall(first, zone).date(), days))
        self._opens = [opens.timestamp() for opens, _closes in stretches]
        self._long = [(closes - opens).total_seconds() for opens, closes in stretches]
        self._before = [0.0, *accumulate(self._long)]

    def seconds(self, start: datetime, end: datetime) -> float:
        """Working seconds between the two, which lie within the span."""
        return max(self._shown(end) - self._shown(start), 0.0)

    def _shown(self, at: datetime) -> float:
        instant = at.timestamp()
        place = bisect_right(self._opens, instant) - 1
        if place < 0:
            return 0.0
        return self._before[place] + min(instant - self._opens[place], self._long[place])
