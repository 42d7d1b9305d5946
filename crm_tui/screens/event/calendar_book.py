"""What stands in the calendar on a run of days: events and planned calls, each on every day that it touches."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from threading import Lock

from crm_tui.domain.clock import Clock
from crm_tui.domain.wall import day_start, to_utc, to_wall, zone_of
from crm_tui.screens.event.day_run import DayItem, DayRun, Numbers, Window
from crm_tui.screens.event.day_span import DAY, rounded
from crm_tui.services.event import occurrences
from crm_tui.store.engine import Store
from crm_tui.store.queries import calendar as calendar_queries
from crm_tui.store.unchanged import Unchanged

KEPT = 4
"""Runs of days that are kept: what is shown, and from where one came."""
TABLES = frozenset({"event", "interaction", "interest", "customer", "contact", "lead"})
"""What a reading is made of."""


class CalendarBook:
    """Reads items of days and gives each a number that stays the same over readings.

    What was read is kept until a commit or the clock changes it. Safe in any thread.
    """

    def __init__(self, store: Store, user_id: int, clock: Clock, zone: str) -> None:
        self.zone = zone_of(zone)
        self._zone_name = zone
        self._store = store
        self._user_id = user_id
        self._clock = clock
        self._numbers: Numbers = {}
        self._lock = Lock()
        self._unchanged = Unchanged(store, TABLES)
        self._current: set[tuple[date, int]] = set()
        """The runs kept that are as the store is."""
        self._kept: dict[tuple[date, int], DayRun] = {}
        """By first day and number of days, the one read last at the end. What is out of date stays until it is read
        anew, for it may still be on the screen."""

    def today(self) -> date:
        """The present day by the person's clock."""
        return to_wall(self._clock(), self.zone).date()

    def item(self, number: int) -> DayItem | None:
        """What has this number, as it was read last."""
        run = self._run_of(number)
        return run[number] if run is not None else None

    def first_to_come(self, numbers: Iterable[int]) -> int | None:
        """The first of these that was not over when it was read."""
        runs = ((number, self._run_of(number)) for number in numbers)
        return next((number for number, run in runs if run is not None and not run.is_over(number)), None)

    def read(self, begin: date, days: int) -> DayRun:
        """The items of ``days`` days by number, in order of day and time, those of whole days first."""
        with self._lock:
            run = self._kept_run(begin, days)
            if run is None:
                run = self._read(begin, days)
            self._kept.pop((begin, days), None)
            self._kept[begin, days] = run
            self._current.add((begin, days))
            if len(self._kept) > KEPT:
                oldest = next(iter(self._kept))
                del self._kept[oldest]
                self._current.discard(oldest)
        return run

    def keeps(self, begin: date, days: int) -> bool:
        """Whether ``read`` answers at once."""
        with self._lock:
            return self._kept_run(begin, days) is not None

    def count(self, begin: date, days: int) -> int:
        """About how many things stand on these days, with the days themselves: sooner known than read. Of a series
        nothing is counted, of what lasts for days one."""
        low, high = day_start(begin, self.zone), day_start(begin + timedelta(days=days), self.zone)
        with self._store.read() as connection:
            return calendar_queries.count(connection, low, high, self._user_id)

    def number_of(self, kind: str, record_id: int, day: date) -> int | None:
        """The number of the first thing of a record on a day, of what was read last."""
        run = next(reversed(self._kept.values()), None)
        items = {number: run[number] for number in run.on(day)} if run is not None else {}
        wanted = [
            number
            for number, one in items.items()
            if one.is_event == (kind == "event") and one.record_id == record_id
        ]
        return min(wanted, default=None, key=lambda number: items[number].starts_at)

    def _run_of(self, number: int) -> DayRun | None:
        return next((run for run in reversed(list(self._kept.values())) if number in run), None)

    def _kept_run(self, begin: date, days: int) -> DayRun | None:
        """What was read, if it is as the store and the clock are now."""
        if not self._unchanged.since_asked():
            self._current.clear()
        run = self._kept[begin, days] if (begin, days) in self._current else None
        return run if run is not None and run.holds_at(self._clock()) else None

    def _read(self, begin: date, days: int) -> DayRun:
        window = Window(begin, days, self.zone, self._zone_name, self._clock())
        low, high = day_start(begin, self.zone), day_start(window.end, self.zone)
        with self._store.read() as connection:
            events = occurrences.between(connection, low, high, owner_id=self._user_id, margin=DAY)
            calls = calendar_queries.planned(connection, low, high, self._user_id)
        return DayRun(window, events, calls, self._numbers)


def whole_days(item: DayItem) -> timedelta:
    """The length of an event of whole days, whatever hour the clocks lost or won in between."""
    return rounded(item.ends_at - item.starts_at)


def to_own_clock(at: datetime, person: str, own: str) -> datetime:
    """A naive wall time of one zone as the clocks of another show it."""
    return to_wall(to_utc(at, zone_of(person)), zone_of(own)).replace(fold=0)
