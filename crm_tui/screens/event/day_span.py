"""From when to when something lasts, day by day."""

from datetime import date, datetime, time, timedelta

from crm_tui.domain.event.event_line import last_day
from crm_tui.i18n import _

DAY = timedelta(days=1)


class Span:
    """From when to when something lasts, naive by the clock it is shown by."""

    def __init__(self, begins: datetime, ends: datetime, *, all_day: bool) -> None:
        self._begins, self._ends, self._all_day = begins, ends, all_day
        self._first = self._last = begins.date()
        self._within_a_day = not all_day and ends.date() == self._first
        if not self._within_a_day:
            self._last = max(self._first, last_day(ends))

    def days(self, begin: date, end: date) -> list[date]:
        """Its days within a window."""
        if self._first == self._last:
            return [self._first] if begin <= self._first < end else []
        first, last = max(self._first, begin), min(self._last, end - DAY)
        return [first + timedelta(n) for n in range((last - first).days + 1)]

    def text_on(self, day: date) -> str:
        """``10:00–11:00``; on the days of a longer one ``23:00–``, ``–01:30`` and "all day" between."""
        if self._within_a_day and self._begins < self._ends:
            return f"{_clock(self._begins)}–{_clock(self._ends)}"
        if self._all_day or self._first < day < self._last:
            return _("all day")
        begins = _clock(self._begins) if day == self._first else ""
        if self._ends == self._begins:
            return begins
        if day != self._last:
            return f"{begins}–"
        return f"{begins}–24:00" if self._ends.time() == time() else f"{begins}–{_clock(self._ends)}"


def rounded(length: timedelta) -> timedelta:
    """The length of something of whole days, whatever hour the clocks lost or won in between."""
    return max(DAY, round(length / DAY) * DAY)


def _clock(at: datetime) -> str:
    return f"{at.hour:02}:{at.minute:02}"
