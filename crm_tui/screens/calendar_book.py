"""What stands in the calendar on a run of days: events and planned calls, each on every day that it touches."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from crm_tui.domain.clock import Clock
from crm_tui.domain.event_line import last_day
from crm_tui.domain.wall import day_start, to_utc, to_wall, zone_of
from crm_tui.i18n import _
from crm_tui.screens.timeline_source import KINDS
from crm_tui.services import calendar
from crm_tui.services.calendar import Occurrence
from crm_tui.store.engine import Store
from crm_tui.store.queries import calendar as calendar_queries
from crm_tui.store.queries.calendar import PlannedRow

DAY = timedelta(days=1)
SHORTEST = timedelta(minutes=1)
"""What a call without an end is taken to last where overlaps are looked for."""


@dataclass(frozen=True, slots=True)
class DayItem:
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
        self._store = store
        self._user_id = user_id
        self._clock = clock
        self._numbers: dict[tuple[str, int, datetime | None, date], int] = {}
        self._items: dict[int, DayItem] = {}

    def today(self) -> date:
        """The present day by the person's clock."""
        return to_wall(self._clock(), self.zone).date()

    def item(self, number: int) -> DayItem | None:
        """What has this number."""
        return self._items.get(number)

    def read(self, begin: date, days: int) -> dict[int, DayItem]:
        """The items of ``days`` days by number, in order of day and time, those of whole days first."""
        end = begin + timedelta(days=days)
        # A day more on both sides: an event of a whole day stands on its date by its own clock.
        low, high = day_start(begin - DAY, self.zone), day_start(end + DAY, self.zone)
        with self._store.read() as connection:
            events = calendar.occurrences(connection, low, high, owner_id=self._user_id)
            calls = calendar_queries.planned(connection, low, high, self._user_id)
        things = [self._event(one) for one in events] + [self._call(one) for one in calls]
        found = [one for thing in _with_overlaps(things) for one in self._on_days(thing, begin, end)]
        found.sort(key=lambda one: (one.day, not one.all_day, one.starts_at, one.record_id))
        numbered = {self._number(one): one for one in found}
        self._items.update(numbered)
        return numbered

    def number_of(self, kind: str, record_id: int, day: date) -> int | None:
        """The number of the first thing of a record on a day, of what was read before."""
        wanted = [
            number
            for number, one in self._items.items()
            if (one.kind == "event") == (kind == "event") and (one.record_id, one.day) == (record_id, day)
        ]
        return min(wanted, default=None, key=lambda number: self._items[number].starts_at)

    def _number(self, item: DayItem) -> int:
        key = (item.kind, item.record_id, item.occurrence, item.day)
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def _event(self, one: Occurrence) -> DayItem:
        own = "" if one.all_day else self._own_time(one)
        return DayItem(
            day=one.wall.date() if one.all_day else to_wall(one.starts_at, self.zone).date(),
            time="",
            title=one.summary,
            place=" · ".join(part for part in (one.location, own) if part),
            kind="event",
            record_id=one.event_id,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            all_day=one.all_day,
            occurrence=one.wall,
            recurring=one.recurring,
            interest_id=one.interest_id,
            overlaps=False,
            over=one.ends_at <= self._clock(),
        )

    def _call(self, row: PlannedRow) -> DayItem:
        return DayItem(
            day=to_wall(row.starts_at, self.zone).date(),
            time="",
            title=f"{_(KINDS.get(row.kind, row.kind))}: {row.subject}",
            place=row.party,
            kind=row.kind,
            record_id=row.id,
            starts_at=row.starts_at,
            ends_at=row.ends_at or row.starts_at,
            all_day=False,
            occurrence=None,
            recurring=False,
            interest_id=row.interest_id,
            overlaps=False,
            over=(row.ends_at or row.starts_at) <= self._clock(),
        )

    def _own_time(self, one: Occurrence) -> str:
        """The time by the event's own clock, where that is another one."""
        zone = zone_of(one.zone)
        if one.starts_at.astimezone(zone).utcoffset() == one.starts_at.astimezone(self.zone).utcoffset():
            return ""
        return f"{one.wall:%H:%M} {one.zone}"

    def _on_days(self, item: DayItem, begin: date, end: date) -> list[DayItem]:
        if item.all_day:
            last = item.day + whole_days(item) - DAY
        else:
            last = max(item.day, last_day(to_wall(item.ends_at, self.zone)))
        first = item.day
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [
            replace(item, day=day, time=self._time_on(item, day, first, last))
            for day in days
            if begin <= day < end
        ]

    def _time_on(self, item: DayItem, day: date, first: date, last: date) -> str:
        if item.all_day or first < day < last:
            return _("all day")
        begins, ends = to_wall(item.starts_at, self.zone), to_wall(item.ends_at, self.zone)
        if item.ends_at == item.starts_at:
            return f"{begins:%H:%M}"
        until = "24:00" if ends.time() == time() else f"{ends:%H:%M}"
        return f"{begins:%H:%M}" * (day == first) + "–" + until * (day == last)


def _with_overlaps(things: list[DayItem]) -> list[DayItem]:
    """The same, those marked that share time with another; whole days do not count."""
    timed = sorted((one for one in things if not one.all_day), key=lambda one: one.starts_at)
    marked: set[int] = set()
    latest: DayItem | None = None
    for one in timed:
        if latest is not None and one.starts_at < _end(latest):
            marked |= {id(one), id(latest)}
        if latest is None or _end(one) > _end(latest):
            latest = one
    return [replace(one, overlaps=True) if id(one) in marked else one for one in things]


def _end(item: DayItem) -> datetime:
    return max(item.ends_at, item.starts_at + SHORTEST)


def whole_days(item: DayItem) -> timedelta:
    """The length of an event of whole days, whatever hour the clocks lost or won in between."""
    return max(DAY, round((item.ends_at - item.starts_at) / DAY) * DAY)


def to_own_clock(at: datetime, person: str, own: str) -> datetime:
    """A naive wall time of one zone as the clocks of another show it."""
    return to_wall(to_utc(at, zone_of(person)), zone_of(own)).replace(fold=0)
