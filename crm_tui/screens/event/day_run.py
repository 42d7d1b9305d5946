"""A run of days as it was read: what stands on each, and each thing on a day as it is shown."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from crm_tui.domain.wall import day_start, to_wall, zone_of
from crm_tui.screens.event.day_span import Span, rounded
from crm_tui.screens.wording import kind_text
from crm_tui.services.event.occurrences import Occurrence
from crm_tui.store.queries.calendar import PlannedRow

SHORTEST = timedelta(minutes=1)
"""What a call without an end is taken to last where overlaps are looked for."""
Standing: TypeAlias = "Occurrence | PlannedRow"
Numbers: TypeAlias = "dict[tuple[str, int, datetime | None, date], int]"
"""Of a kind, a record, an occurrence by its own clock and a day."""


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


class Window(NamedTuple):
    """The days read, by which clocks, and when: what had ended by then is over."""

    begin: date
    days: int
    zone: tzinfo
    zone_name: str
    now: datetime

    @property
    def end(self) -> date:
        """The day after the last."""
        return self.begin + timedelta(days=self.days)


class DayRun(Mapping[int, DayItem]):
    """Items by number, in order of day and time, those of whole days first.

    What stands where is worked out at once, an item when it is looked at: of the thousands of a month a screen shows
    dozens. ``numbers`` gives each thing on a day the number it had before, and takes in those that had none.
    """

    def __init__(
        self,
        window: Window,
        events: Sequence[Occurrence],
        calls: Sequence[PlannedRow],
        numbers: Numbers,
    ) -> None:
        """``events`` and ``calls`` are in order of start."""
        self._window = window
        self._shared = _overlapping(events, calls)
        self._on: dict[date, list[int]] = {}
        self._standing: dict[int, tuple[date, Standing]] = {}
        self._items: dict[int, DayItem] = {}
        ends = [*(one.ends_at for one in events), *(_end(one) for one in calls)]
        self._changes_at = min((end for end in ends if end > window.now), default=None)
        self._put(events, calls, numbers)

    def __getitem__(self, number: int) -> DayItem:
        item = self._items.get(number)
        if item is None:
            day, one = self._standing[number]
            made = self._of_event(one, day) if isinstance(one, Occurrence) else self._of_call(one, day)
            item = self._items[number] = made
        return item

    def __contains__(self, number: object) -> bool:
        return number in self._standing

    def __iter__(self) -> Iterator[int]:
        return iter(self._standing)

    def __len__(self) -> int:
        return len(self._standing)

    def on(self, day: date) -> Sequence[int]:
        """The numbers of a day, in order."""
        return self._on.get(day, ())

    def is_over(self, number: int) -> bool:
        """Whether it had ended when this was read."""
        return _end(self._standing[number][1]) <= self._window.now

    def holds_at(self, now: datetime) -> bool:
        """Whether what is over now was so when this was read."""
        return self._window.now <= now and (self._changes_at is None or now < self._changes_at)

    def _put(self, events: Sequence[Occurrence], calls: Sequence[PlannedRow], numbers: Numbers) -> None:
        """Each on its days: those of whole days first, then by start, and by the record."""
        begin, days = self._window.begin, self._window.days
        each_day = [begin + timedelta(n) for n in range(days)]
        whole: list[list[Standing]] = [[] for _day in each_day]
        timed: list[list[Standing]] = [[] for _day in each_day]
        for event, n in self._places(events):
            (whole if event.all_day else timed)[n].append(event)
        for call in calls:
            for day in self._span(call).days(begin, self._window.end):
                timed[(day - begin).days].append(call)
        for day, first, later in zip(each_day, whole, timed, strict=True):
            if calls:
                later.sort(key=_by_start)
            here = {_number(one, day, numbers): (day, one) for one in (*first, *later)}
            if here:
                self._on[day] = list(here)
                self._standing |= here

    def _places(self, events: Sequence[Occurrence]) -> Iterator[tuple[Occurrence, int]]:
        """Each event with each of its days, counted from 0."""
        begin, end, zone = self._window.begin, self._window.end, self._window.zone
        bounds = [day_start(begin + timedelta(n), zone) for n in range(self._window.days + 1)]
        # On a day on which the clocks are not put forward or back, what lies between its bounds stands on it alone.
        even = [
            low.astimezone(zone).utcoffset() == high.astimezone(zone).utcoffset()
            for low, high in pairwise(bounds)
        ]
        for event in events:
            starts_at, ends_at = event.starts_at, event.ends_at
            n = bisect_right(bounds, starts_at) - 1
            if not event.all_day and 0 <= n < len(even) and even[n] and starts_at < ends_at < bounds[n + 1]:
                yield event, n
            else:
                for day in self._span(event).days(begin, end):
                    yield event, (day - begin).days

    def _span(self, one: Standing) -> Span:
        zone = self._window.zone
        if isinstance(one, Occurrence) and one.all_day:
            return Span(one.wall, one.wall + rounded(one.ends_at - one.starts_at), all_day=True)
        return Span(to_wall(one.starts_at, zone), to_wall(_end(one), zone), all_day=False)

    def _of_event(self, one: Occurrence, day: date) -> DayItem:
        own = "" if one.all_day or one.zone == self._window.zone_name else self._own_time(one)
        return DayItem(
            day=day,
            time=self._span(one).text_on(day),
            title=one.summary,
            place=f"{one.location} · {own}" if one.location and own else one.location or own,
            kind="event",
            record_id=one.event_id,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            all_day=one.all_day,
            occurrence=one.wall,
            recurring=one.recurring,
            interest_id=one.interest_id,
            overlaps=id(one) in self._shared,
            over=one.ends_at <= self._window.now,
        )

    def _of_call(self, row: PlannedRow, day: date) -> DayItem:
        return DayItem(
            day=day,
            time=self._span(row).text_on(day),
            title=f"{kind_text(row.kind)}: {row.subject}",
            place=row.party,
            kind=row.kind,
            record_id=row.id,
            starts_at=row.starts_at,
            ends_at=_end(row),
            all_day=False,
            occurrence=None,
            recurring=False,
            interest_id=row.interest_id,
            overlaps=id(row) in self._shared,
            over=_end(row) <= self._window.now,
        )

    def _own_time(self, one: Occurrence) -> str:
        """The time by the event's own clock, where that shows another one."""
        own = one.starts_at.astimezone(zone_of(one.zone))
        if own.utcoffset() == one.starts_at.astimezone(self._window.zone).utcoffset():
            return ""
        return f"{one.wall:%H:%M} {one.zone}"


def _end(one: Standing) -> datetime:
    return one.ends_at or one.starts_at


def _id(one: Standing) -> int:
    return one.event_id if isinstance(one, Occurrence) else one.id


def _by_start(one: Standing) -> tuple[datetime, int]:
    return one.starts_at, _id(one)


def _number(one: Standing, day: date, numbers: Numbers) -> int:
    if isinstance(one, Occurrence):
        return numbers.setdefault(("event", one.event_id, one.wall, day), len(numbers) + 1)
    return numbers.setdefault((one.kind, one.id, None, day), len(numbers) + 1)


def _overlapping(events: Sequence[Occurrence], calls: Sequence[PlannedRow]) -> set[int]:
    """The ids (of objects) of those that share time with another; whole days do not count."""
    spans = [(one.starts_at, one.ends_at, id(one)) for one in events if not one.all_day]
    spans += [(one.starts_at, _end(one), id(one)) for one in calls]
    marked: set[int] = set()
    latest: tuple[datetime, int] | None = None
    for starts_at, ends_at, key in sorted(spans):
        if latest is not None and starts_at < latest[0]:
            marked |= {key, latest[1]}
        until = max(ends_at, starts_at + SHORTEST)
        if latest is None or until > latest[0]:
            latest = (until, key)
    return marked
