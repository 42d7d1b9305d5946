"""What stands in the calendar on a run of days: events and planned calls, each on every day that it touches."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from crm_tui.domain.clock import Clock
from crm_tui.domain.event.event_line import last_day
from crm_tui.domain.wall import day_start, to_utc, to_wall, zone_of
from crm_tui.i18n import _
from crm_tui.screens.wording import kind_text
from crm_tui.services.event import occurrences
from crm_tui.services.event.occurrences import Occurrence
from crm_tui.store.engine import Store
from crm_tui.store.queries import calendar as calendar_queries
from crm_tui.store.queries.calendar import PlannedRow

DAY = timedelta(days=1)
SHORTEST = timedelta(minutes=1)
"""What a call without an end is taken to last where overlaps are looked for."""


class DayItem(NamedTuple):
    """One thing on one day. ``time`` and ``day`` are by the person's clock, ``occurrence`` by the event's own."""

    day: date
    time: str
    title: str
    place: str
    kind: str
    """``event``, or the kind of a planned interaction."""
    record_id: int
    starts_at: datetime
    ends_at: datetime
    all_day: bool
    occurrence: datetime | None
    recurring: bool
    interest_id: int | None
    overlaps: bool
    over: bool

    @property
    def is_event(self) -> bool:
        """Whether it is an event of the calendar, and not a planned call."""
        return self.kind == "event"


class CalendarBook:
    """Reads items of days and gives each a number that stays the same over readings."""

    def __init__(self, store: Store, user_id: int, clock: Clock, zone: str) -> None:
        self.zone = zone_of(zone)
        self._zone_name = zone
        self._store = store
        self._user_id = user_id
        self._clock = clock
        self._numbers: dict[tuple[str, int, datetime | None, date], int] = {}
        self._items: dict[int, DayItem] = {}
        self._read_last: dict[int, DayItem] = {}

    def today(self) -> date:
        """The present day by the person's clock."""
        return to_wall(self._clock(), self.zone).date()

    def item(self, number: int) -> DayItem | None:
        """What has this number."""
        return self._items.get(number)

    def read(self, begin: date, days: int) -> dict[int, DayItem]:
        """The items of ``days`` days by number, in order of day and time, those of whole days first."""
        end = begin + timedelta(days=days)
        low, high = day_start(begin, self.zone), day_start(end, self.zone)
        with self._store.read() as connection:
            events = occurrences.between(connection, low, high, owner_id=self._user_id, margin=DAY)
            calls = calendar_queries.planned(connection, low, high, self._user_id)
        shared, now = _overlapping(events, calls), self._clock()
        found: list[DayItem] = []
        for one in events:
            on = self._days(one, begin, end)
            found += self._event(one, on, overlaps=id(one) in shared, over=one.ends_at <= now)
        for call in calls:
            found += self._call(call, begin, end, overlaps=id(call) in shared)
        found.sort(key=lambda one: (one.day, not one.all_day, one.starts_at, one.record_id))
        numbered = {self._number(one): one for one in found}
        self._items.update(numbered)
        self._read_last = numbered
        return numbered

    def number_of(self, kind: str, record_id: int, day: date) -> int | None:
        """The number of the first thing of a record on a day, of what was read last."""
        wanted = [
            number
            for number, one in self._read_last.items()
            if (one.kind == "event") == (kind == "event") and (one.record_id, one.day) == (record_id, day)
        ]
        return min(wanted, default=None, key=lambda number: self._items[number].starts_at)

    def _number(self, item: DayItem) -> int:
        key = (item.kind, item.record_id, item.occurrence, item.day)
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def _event(
        self, one: Occurrence, days: Sequence[tuple[date, str]], *, overlaps: bool, over: bool
    ) -> list[DayItem]:
        """The event on each of these days, each with the text of its time."""
        own = "" if one.all_day or one.zone == self._zone_name else self._own_time(one)
        place = f"{one.location} · {own}" if one.location and own else one.location or own
        # In the order of the fields, not by their names: a week may hold a thousand.
        times = (one.starts_at, one.ends_at, one.all_day, one.wall, one.recurring)
        rest = (one.summary, place, "event", one.event_id, *times, one.interest_id, overlaps, over)
        return [DayItem(day, text, *rest) for day, text in days]

    def _days(self, one: Occurrence, begin: date, end: date) -> list[tuple[date, str]]:
        """The days of an event within the window, each with the text of its time."""
        if not one.all_day:
            starts, ends = one.starts_at.astimezone(self.zone), one.ends_at.astimezone(self.zone)
            day, since, until = starts.date(), _clock(starts), _clock(ends)
            if day == ends.date() and since < until:  # as most: a week may hold a thousand
                return [(day, f"{since}–{until}")] if begin <= day < end else []
            span = Span(starts.replace(tzinfo=None), ends.replace(tzinfo=None), all_day=False)
        else:
            span = Span(one.wall, one.wall + _rounded(one.ends_at - one.starts_at), all_day=True)
        return [(day, span.text_on(day)) for day in span.days(begin, end)]

    def _call(self, row: PlannedRow, begin: date, end: date, *, overlaps: bool) -> Iterator[DayItem]:
        """The planned call on each of its days in the window."""
        ends_at = row.ends_at or row.starts_at
        span = Span(to_wall(row.starts_at, self.zone), to_wall(ends_at, self.zone), all_day=False)
        for day in span.days(begin, end):
            yield DayItem(
                day=day,
                time=span.text_on(day),
                title=f"{kind_text(row.kind)}: {row.subject}",
                place=row.party,
                kind=row.kind,
                record_id=row.id,
                starts_at=row.starts_at,
                ends_at=ends_at,
                all_day=False,
                occurrence=None,
                recurring=False,
                interest_id=row.interest_id,
                overlaps=overlaps,
                over=ends_at <= self._clock(),
            )

    def _own_time(self, one: Occurrence) -> str:
        """The time by the event's own clock, where that shows another one."""
        own = one.starts_at.astimezone(zone_of(one.zone))
        if own.utcoffset() == one.starts_at.astimezone(self.zone).utcoffset():
            return ""
        return f"{one.wall:%H:%M} {one.zone}"


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


def _clock(at: datetime) -> str:
    return f"{at.hour:02}:{at.minute:02}"


def _overlapping(events: Sequence[Occurrence], calls: Sequence[PlannedRow]) -> set[int]:
    """The ids (of objects) of those that share time with another; whole days do not count."""
    spans = [(one.starts_at, one.ends_at, id(one)) for one in events if not one.all_day]
    spans += [(one.starts_at, one.ends_at or one.starts_at, id(one)) for one in calls]
    marked: set[int] = set()
    latest: tuple[datetime, int] | None = None
    for starts_at, ends_at, key in sorted(spans):
        if latest is not None and starts_at < latest[0]:
            marked |= {key, latest[1]}
        until = max(ends_at, starts_at + SHORTEST)
        if latest is None or until > latest[0]:
            latest = (until, key)
    return marked


def whole_days(item: DayItem) -> timedelta:
    """The length of an event of whole days, whatever hour the clocks lost or won in between."""
    return _rounded(item.ends_at - item.starts_at)


def _rounded(length: timedelta) -> timedelta:
    return max(DAY, round(length / DAY) * DAY)


def to_own_clock(at: datetime, person: str, own: str) -> datetime:
    """A naive wall time of one zone as the clocks of another show it."""
    return to_wall(to_utc(at, zone_of(person)), zone_of(own)).replace(fold=0)
