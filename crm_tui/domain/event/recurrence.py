"""Recurrence rules of iCalendar (RFC 5545 3.3.10): checked, bounded, and expanded on the clocks of a zone."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from math import prod
from typing import Any

from crm_tui.domain import wall
from crm_tui.domain.errors import Invalid

FREQUENCIES = ("HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_TEXT_LIMIT = 500
_INTERVAL_LIMIT = 1000
_COUNT_LIMIT = 10_000
_STEPS_LIMIT = 100_000  # candidates looked at, so that a rule that seldom matches ends
_NUMBERS = {
    "BYMONTH": (1, 12), "BYMONTHDAY": (1, 31), "BYYEARDAY": (1, 366), "BYWEEKNO": (1, 53),
    "BYSETPOS": (1, 366), "BYHOUR": (0, 23), "BYMINUTE": (0, 59), "BYSECOND": (0, 59),
}  # fmt: skip
_TIMES = ("BYHOUR", "BYMINUTE", "BYSECOND")
_FORBIDDEN_BESIDE = {
    "HOURLY": ("BYWEEKNO", "BYYEARDAY", "BYSETPOS", *_TIMES),
    "DAILY": ("BYWEEKNO", "BYYEARDAY", "BYSETPOS"),
    "WEEKLY": ("BYWEEKNO", "BYYEARDAY", "BYMONTHDAY"),
    "MONTHLY": ("BYWEEKNO", "BYYEARDAY"),
    "YEARLY": (),
}
_TIMES_LIMIT = 24  # times a day
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SIGNED = {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"}
_BY_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z)?)?")


@dataclass(frozen=True, order=True)
class Weekday:
    """A day of BYDAY: ``day`` from Monday (0); ``which`` the n-th of the period (-1 the last), 0 for each."""

    day: int
    which: int = 0


@dataclass(frozen=True)
class Rule:
    """A checked rule. Make one with `Rule.parse` or a builder; ``str`` gives the text of RRULE back.

    ``until`` is a naive wall time unless ``until_is_utc``. ``numbers`` holds the BY… parts other than BYDAY.
    """

    frequency: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    until_is_utc: bool = False
    weekdays: tuple[Weekday, ...] = ()
    numbers: tuple[tuple[str, tuple[int, ...]], ...] = ()
    week_start: int = 0

    @classmethod
    def parse(cls, text: str) -> "Rule":
        """The rule of ``FREQ=WEEKLY;BYDAY=MO`` (with or without ``RRULE:``).

        Raises `Invalid` (code ``recurrence``) for what RFC 5545 does not know and for what could run without end:
        SECONDLY, MINUTELY, HOURLY without COUNT, an interval under 1 (assurance 1.3, ICS).
        """
        text = text.strip().upper().removeprefix("RRULE:")
        if len(text) > _TEXT_LIMIT:
            raise Invalid("recurrence", reason="too_long")
        parts: dict[str, str] = {}
        for piece in filter(None, text.split(";")):
            name, equals, value = piece.partition("=")
            if not equals or name in parts:
                raise Invalid("recurrence", reason="syntax", part=piece)
            parts[name] = value
        return _rule(parts)

    def __str__(self) -> str:
        parts = [f"FREQ={self.frequency}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%dT%H%M%S}" + ("Z" if self.until_is_utc else ""))
        if self.weekdays:
            parts.append(
                "BYDAY=" + ",".join(f"{day.which or ''}{WEEKDAYS[day.day]}" for day in self.weekdays)
            )
        parts += [f"{name}={','.join(map(str, values))}" for name, values in self.numbers]
        if self.week_start:
            parts.append(f"WKST={WEEKDAYS[self.week_start]}")
        return ";".join(parts)


def daily(interval: int = 1, count: int | None = None, until: date | None = None) -> Rule:
    """Every day, or every n-th. ``until`` is the last day, included, here and below."""
    return _checked(Rule("DAILY", interval, count, _last_moment(until)))


def weekly(
    days: Iterable[int] = (), interval: int = 1, count: int | None = None, until: date | None = None
) -> Rule:
    """Every week on days counted from Monday (0); on the day of the first occurrence when none is given."""
    weekdays = tuple(Weekday(day) for day in sorted(set(days)))
    return _checked(Rule("WEEKLY", interval, count, _last_moment(until), weekdays=weekdays))


def monthly_on_day(day: int, interval: int = 1, count: int | None = None, until: date | None = None) -> Rule:
    """Every month on a day of the month; -1 is the last. A month without that day is left out."""
    return _checked(Rule("MONTHLY", interval, count, _last_moment(until), numbers=(("BYMONTHDAY", (day,)),)))


def monthly_on_weekday(
    weekday: int, which: int, interval: int = 1, count: int | None = None, until: date | None = None
) -> Rule:
    """Every month on its n-th weekday, the second Tuesday; ``which`` -1 is the last one."""
    weekdays = (Weekday(weekday, which),)
    return _checked(Rule("MONTHLY", interval, count, _last_moment(until), weekdays=weekdays))


def yearly(interval: int = 1, count: int | None = None, until: date | None = None) -> Rule:
    """Every year on the date of the first occurrence."""
    return _checked(Rule("YEARLY", interval, count, _last_moment(until)))


def first(rule: Rule, earliest: datetime) -> datetime | None:
    """The first naive wall time from ``earliest`` on that the rule itself names: what DTSTART should be.

    None when it names none within reach.
    """
    # An interval counts from the first occurrence, so it does not say which one that is.
    walls = _dateutil(replace(rule, interval=1, count=None), earliest, rule.until)
    return next(iter(walls), None)


def occurrences(
    dtstart_wall: datetime,
    zone: tzinfo,
    rule: Rule | None,
    exdates: Sequence[datetime],
    rdates: Sequence[datetime],
    window_start_utc: datetime,
    window_end_utc: datetime,
    cap: int = 1000,
) -> list[datetime]:
    """The instants, in UTC and in order, at which a recurring event begins within ``[start, end)`` of a window.

    ``dtstart_wall``, ``exdates`` and ``rdates`` are naive wall times of the zone. The wall time stays the same over
    changes of the clocks: a skipped time is moved forward, a doubled one is its first (assurance, DST). DTSTART is
    always an occurrence (RFC 5545 3.8.5.3). At most ``cap`` are given.
    """
    excluded = {wall.to_utc(one, zone) for one in exdates}
    # A day on each side covers every offset of a zone, and a wall time moved by a change of the clocks.
    low = wall.to_wall(window_start_utc, UTC) - timedelta(days=2)
    high = wall.to_wall(window_end_utc, UTC) + timedelta(days=2)
    found: set[datetime] = set()
    for one in (dtstart_wall, *rdates, *_expanded(rule, dtstart_wall, zone, low, high, cap + len(exdates))):
        instant = wall.to_utc(one.replace(fold=0), zone)
        if window_start_utc <= instant < window_end_utc and instant not in excluded:
            found.add(instant)
    return sorted(found)[:cap]


def _expanded(
    rule: Rule | None, start: datetime, zone: tzinfo, low: datetime, high: datetime, cap: int
) -> Iterable[datetime]:
    if rule is None or high < start:
        return
    until = rule.until
    if until is not None and rule.until_is_utc:
        until = wall.to_wall(until.replace(tzinfo=UTC), zone)
    walls = _dateutil(rule, _near(rule, start, low), until)
    given = 0
    for step, one in enumerate(walls):
        if one > high or step >= _STEPS_LIMIT or given > cap + 4 * _TIMES_LIMIT:
            return
        if one >= low and one >= start:
            given += 1
            yield one


def _near(rule: Rule, start: datetime, low: datetime) -> datetime:
    """A start close to the window that gives the same occurrences in it: decades of them need not be made."""
    if rule.count is not None or low <= start:
        return start
    days = (low - start).days
    match rule.frequency:
        case "DAILY":
            return start + timedelta(days // rule.interval * rule.interval)
        case "WEEKLY":
            return start + timedelta(days // (7 * rule.interval) * 7 * rule.interval)
    return start


def _dateutil(rule: Rule, start: datetime, until: datetime | None) -> Iterable[datetime]:
    from dateutil import rrule

    options: dict[str, Any] = {name.lower(): values for name, values in rule.numbers}
    if rule.weekdays:
        days = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)
        options["byweekday"] = [
            days[one.day](one.which) if one.which else days[one.day] for one in rule.weekdays
        ]
    walls: Iterable[datetime] = rrule.rrule(
        getattr(rrule, rule.frequency),
        dtstart=start,
        interval=rule.interval,
        wkst=rule.week_start,
        count=rule.count,
        until=until,
        **options,
    )
    return walls


def _rule(parts: dict[str, str]) -> Rule:
    numbers = tuple((name, _numbers(name, parts.pop(name))) for name in list(parts) if name in _NUMBERS)
    until = parts.pop("UNTIL", None)
    week_start = parts.pop("WKST", "MO")
    count = parts.pop("COUNT", None)
    if week_start not in WEEKDAYS:
        raise Invalid("recurrence", reason="weekday", value=week_start)
    rule = Rule(
        frequency=parts.pop("FREQ", ""),
        interval=_number("INTERVAL", parts.pop("INTERVAL", "1")),
        count=None if count is None else _number("COUNT", count),
        until=_until(until) if until is not None else None,
        until_is_utc=until is not None and until.endswith("Z"),
        weekdays=_weekdays(parts.pop("BYDAY", "")),
        numbers=numbers,
        week_start=WEEKDAYS.index(week_start),
    )
    if parts:
        raise Invalid("recurrence", reason="unknown", part=next(iter(parts)))
    return _checked(rule)


def _checked(rule: Rule) -> Rule:
    if rule.frequency not in FREQUENCIES:
        raise Invalid("recurrence", reason="frequency", value=rule.frequency)
    if rule.frequency == "HOURLY" and rule.count is None:
        raise Invalid("recurrence", reason="endless", value=rule.frequency)
    if not 1 <= rule.interval <= _INTERVAL_LIMIT:
        raise Invalid("recurrence", reason="interval", value=rule.interval)
    if rule.count is not None and not 1 <= rule.count <= _COUNT_LIMIT:
        raise Invalid("recurrence", reason="count", value=rule.count)
    if rule.count is not None and rule.until is not None:
        raise Invalid("recurrence", reason="count_and_until")
    if any(not 0 <= one.day <= 6 or abs(one.which) > 53 for one in rule.weekdays):
        raise Invalid("recurrence", reason="weekday")
    if rule.frequency not in ("MONTHLY", "YEARLY") and any(one.which for one in rule.weekdays):
        raise Invalid("recurrence", reason="weekday")
    for name, values in rule.numbers:
        low, high = _NUMBERS[name]
        if not all(low <= (abs(value) if name in _SIGNED else value) <= high for value in values):
            raise Invalid("recurrence", reason="range", part=name)
    _check_parts(rule)
    return rule


def _check_parts(rule: Rule) -> None:
    """Refuse what RFC 5545 forbids beside a frequency and days that no month has: dateutil seeks them for ever."""
    numbers = dict(rule.numbers)
    for name in _FORBIDDEN_BESIDE[rule.frequency]:
        if name in numbers:
            raise Invalid("recurrence", reason="forbidden", part=name)
    if not rule.weekdays and set(numbers) == {"BYSETPOS"}:
        raise Invalid("recurrence", reason="position")
    times = [len(numbers[name]) for name in _TIMES if name in numbers]
    if prod(times) > _TIMES_LIMIT:
        raise Invalid("recurrence", reason="too_often")
    longest = max(_LONGEST_MONTHS[month - 1] for month in numbers.get("BYMONTH", range(1, 13)))
    if "BYMONTHDAY" in numbers and min(map(abs, numbers["BYMONTHDAY"])) > longest:
        raise Invalid("recurrence", reason="never")
    if rule.frequency in ("HOURLY", "DAILY") and rule.weekdays and rule.interval > 1:
        raise Invalid("recurrence", reason="forbidden", part="BYDAY")  # every 7 days on a Monday may be never


def _number(name: str, text: str) -> int:
    if not re.fullmatch(r"[+-]?\d{1,5}", text, re.ASCII):
        raise Invalid("recurrence", reason="number", part=name, value=text)
    return int(text)


def _numbers(name: str, text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(_number(name, one) for one in text.split(",")))


def _weekdays(text: str) -> tuple[Weekday, ...]:
    days = []
    for one in filter(None, text.split(",")):
        match = _BY_DAY.fullmatch(one)
        if match is None:
            raise Invalid("recurrence", reason="weekday", value=one)
        days.append(Weekday(WEEKDAYS.index(match[2]), int(match[1] or 0)))
    return tuple(dict.fromkeys(days))


def _until(text: str) -> datetime:
    match = _UNTIL.fullmatch(text)
    try:
        if match:
            # UNTIL that is a date only includes that whole day.
            return datetime.strptime(match[1] + (match[2] or "235959"), "%Y%m%d%H%M%S")  # noqa: DTZ007 - wall time
    except ValueError:
        pass
    raise Invalid("recurrence", reason="until", value=text)


def _last_moment(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(23, 59, 59))
