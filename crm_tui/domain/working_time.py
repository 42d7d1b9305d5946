"""Working time: deadlines in hours of work, not of the clock.

One ordinary week for now (Monday to Friday, 9:00 to 18:00); calendars of persons and holidays come with the route
maps (inventory BP-15).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from crm_tui.domain.wall import to_utc, to_wall

LONGEST_SEARCH_DAYS = 3660


@dataclass(frozen=True, slots=True)
class WorkWeek:
    """The hours of work by weekday (0 = Monday), each day one stretch of wall clock time."""

    days: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    opens: time = time(9)
    closes: time = time(18)

    def is_working_day(self, day: date) -> bool:
        """Whether any work is done on this day."""
        return day.weekday() in self.days


ORDINARY = WorkWeek()


def add_working_time(start: datetime, work: timedelta, zone: tzinfo, week: WorkWeek = ORDINARY) -> datetime:
    """The instant (UTC) when ``work`` hours of working time have passed since ``start``.

    Raises ValueError for negative work or a week without working days.
    """
    if work < timedelta(0) or not week.days or week.opens >= week.closes:
        raise ValueError("no working time to count")
    wall = to_wall(start, zone)
    day = wall.date()
    left = work
    for _ in range(LONGEST_SEARCH_DAYS):
        opens, closes = datetime.combine(day, week.opens), datetime.combine(day, week.closes)
        begin = max(opens, wall) if day == wall.date() else opens
        if week.is_working_day(day) and begin < closes:
            if left <= closes - begin:
                return to_utc(begin + left, zone)
            left -= closes - begin
        day += timedelta(days=1)
    raise ValueError("no end of the working time in ten years")
