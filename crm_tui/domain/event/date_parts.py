"""What is found in a date in words: a day, a time of the day; and what a recogniser must know of today."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from crm_tui.domain.wall import to_wall

WORK_BEGINS = time(9)
WORK_ENDS = time(18)
TONIGHT = time(20)
TIMES_OF_DAY = {
    "morning": WORK_BEGINS, "noon": time(12), "day": time(14), "evening": time(18), "midnight": time(0),
}  # fmt: skip


class Impossible(Exception):
    """It is surely meant as a date or time, but there is no such one (31 February, 25:00)."""


@dataclass(frozen=True)
class Day:
    """A day found in a text; ``at`` is told by "in 2 hours" and "end of the day" only."""

    end: int
    day: date
    at: time | None = None
    kind: str = "day"  # or "weekday", "date", "week": these may stand beside each other


@dataclass(frozen=True)
class Hours:
    """A time of the day, or a range, found in a text; ``part`` alone is one like "in the evening"."""

    end: int
    begin: time
    until: time | None = None
    part: str | None = None
    bare: bool = False  # an hour without minutes or word: could be any number


@dataclass(frozen=True)
class Today:
    """What a recogniser must know: the clock, whether dates lie behind us, and the working days."""

    now: datetime
    zone: tzinfo
    past: bool
    is_working: Callable[[date], bool]

    @property
    def wall(self) -> datetime:
        return to_wall(self.now, self.zone).replace(second=0, microsecond=0)

    @property
    def day(self) -> date:
        return self.wall.date()


def shift_months(day: date, months: int) -> date:
    """The same day some months on, or the last day of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def shift_working(day: date, days: int, is_working: Callable[[date], bool]) -> date:
    """The n-th working day after (before, when negative) a day. A year without a working day is Impossible."""
    step = timedelta(1 if days > 0 else -1)
    for _ in range(abs(days)):
        for _tries in range(366):
            day += step
            if is_working(day):
                break
        else:
            raise Impossible
    return day
