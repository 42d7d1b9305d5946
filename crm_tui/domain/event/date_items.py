"""The parts that a date in words is made of: one recogniser a kind of day, one for times of the day."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache

from crm_tui.domain.event.date_hints import has_day_word, has_digit
from crm_tui.domain.event.date_parts import (
    TONIGHT,
    WORK_ENDS,
    Day,
    Impossible,
    Today,
    shift_months,
    shift_working,
)
from crm_tui.domain.event.date_words import LANGUAGES, UNIT_LETTERS
from crm_tui.domain.wall import to_wall


def days_at(text: str, pos: int, today: Today, languages: tuple[str, ...]) -> Iterator[Day]:
    """Every reading of the text at a place as a day."""
    places = {pos, *(match.end() for one in languages if (match := _before_date(one).match(text, pos)))}
    for pattern, reader in _NEUTRAL:
        for place in places:
            if match := pattern.match(text, place):
                yield from reader(match, today)
    digit = has_digit(text)
    for language in languages:
        if has_day_word(text, language):
            yield from _read(_worded(language), text, pos, today)
        if digit:
            yield from _read(_numbered(language), text, pos, today)


Reader = Callable[[re.Match[str], Today], Iterator[Day]]
_Patterns = tuple[tuple[re.Pattern[str], Reader], ...]
_UNTIL = "(?: дейін)?"


def _read(patterns: _Patterns, text: str, pos: int, today: Today) -> Iterator[Day]:
    for pattern, reader in patterns:
        if match := pattern.match(text, pos):
            yield from reader(match, today)


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)".replace(" ?", r"\s*").replace(" ", r"\s+"))


@lru_cache
def _before_date(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{LANGUAGES[language].on}) ".replace(" ", r"\s+"))


@lru_cache
def _worded(language: str) -> _Patterns:
    """Days told with one of the words of ``date_hints.has_day_word``."""
    w = LANGUAGES[language]
    on = f"(?:(?:{w.on}) )?"
    units = "|".join(f"(?P<{unit}>{forms})" for unit, forms in w.units.items())
    numbers = "|".join(f"(?P<n{i}>{forms})" for i, forms in enumerate(w.numbers, 1))
    count = rf"(?:(?P<count>\d{{1,4}})|{numbers})"
    weekdays = "|".join(f"(?P<w{i}>{forms})" for i, forms in enumerate(w.weekdays))
    which = f"(?:(?P<this>{w.this})|(?P<next>{w.next})|(?P<last>{w.last})) "
    until = _UNTIL if language == "kk" else ""
    working = f"(?:(?P<working>{w.working}) )?"
    named = f"(?P<d0>{w.today})|(?P<d2>{w.after_tomorrow})|(?P<d1>{w.tomorrow})|(?P<b1>{w.yesterday})"
    return tuple(
        (_compile(pattern), reader)
        for pattern, reader in (
            (f"{on}(?:{named}){until}", _named),
            (f"(?:{w.now})", _now),
            (f"(?:{w.half_hour})|(?:{w.within}) (?:{w.half_hour})", _half_hour),
            (f"(?:{w.within}) (?:{count} )?{working}(?:{units})", _offset),
            (f"{count} {working}(?:{units}) (?:(?P<ago>{w.ago})|{w.later})", _offset),
            (f"{on}(?:{which})?(?:{weekdays}){until}", _weekday),
            (f"{on}{which}(?:{units})", _period),
            (f"{on}(?P<next>{w.next}) (?P<working>{w.working}) (?:{units})", _next_working),
            (f"{on}(?:{which})?(?:{w.weekend})", _weekend),
            (f"(?:{w.end_before}) (?:{which})?(?:(?:{w.working}) )?(?:{units})", _end_of),
            (f"(?:{which})?(?:(?:{w.working}) )?(?:{units}) (?:{w.end_after})", _end_of),
        )
    )


@lru_cache
def _numbered(language: str) -> _Patterns:
    """Days of the month, told with a number."""
    w = LANGUAGES[language]
    on = f"(?:(?:{w.on}) )?"
    months = "|".join(f"(?P<m{i}>{forms})" for i, forms in enumerate(w.months, 1))
    until = _UNTIL if language == "kk" else ""
    year = rf"(?:,? (?P<year>\d{{4}})(?: (?:{w.year_mark}))?)?"
    before_year = rf"(?:(?P<before>\d{{4}}) (?:{w.year_mark}) )?"
    number = rf"(?P<day>\d{{1,2}})(?:{w.day_mark})?"
    return tuple(
        (_compile(pattern), reader)
        for pattern, reader in (
            (f"{on}{before_year}{number} (?:of )?(?:{months}){until}{year}", _day_month),
            (f"{on}(?:{months}) {number}{year}", _day_month),
            (rf"{on}(?P<day>\d{{1,2}})(?:{w.day_mark})", _day_alone),
        )
    )


def _number_of(match: re.Match[str], prefix: str) -> int | None:
    for name, value in match.groupdict().items():
        if value is not None and name[0] == prefix and name[1:].isdigit():
            return int(name[1:])
    return None


def _named(match: re.Match[str], today: Today) -> Iterator[Day]:
    days = _number_of(match, "d")
    yield Day(match.end(), today.day + timedelta(-1 if days is None else days))


def _now(match: re.Match[str], today: Today) -> Iterator[Day]:
    yield Day(match.end(), today.day, today.wall.time())


def _half_hour(match: re.Match[str], today: Today) -> Iterator[Day]:
    yield _moved(match, today, "minute", 30)


def _unit(match: re.Match[str]) -> str:
    units = ("minute", "hour", "day", "week", "month", "year")
    return next(unit for unit in units if match[unit] is not None)


def _offset(match: re.Match[str], today: Today) -> Iterator[Day]:
    groups = match.groupdict()
    count = int(groups["count"]) if groups["count"] else (_number_of(match, "n") or 1)
    unit = _unit(match)
    if groups["working"] and unit != "day":
        return
    yield _moved(
        match, today, "working day" if groups["working"] else unit, -count if groups.get("ago") else count
    )


def _signed(match: re.Match[str], today: Today) -> Iterator[Day]:
    if unit := UNIT_LETTERS.get(match["unit"]):
        yield _moved(match, today, unit, int(match["sign"] + match["count"]))


def _moved(match: re.Match[str], today: Today, unit: str, count: int) -> Day:
    try:
        if unit in ("minute", "hour"):
            later = today.now + timedelta(minutes=count * (60 if unit == "hour" else 1))
            wall = to_wall(later, today.zone).replace(second=0, microsecond=0)
            return Day(match.end(), wall.date(), wall.time())
        if unit == "working day":
            return Day(match.end(), shift_working(today.day, count, today.is_working))
        if unit in ("day", "week"):
            return Day(match.end(), today.day + timedelta(count * (7 if unit == "week" else 1)))
        return Day(match.end(), shift_months(today.day, count * (12 if unit == "year" else 1)))
    except (OverflowError, ValueError) as error:
        raise Impossible from error


def _weekday(match: re.Match[str], today: Today) -> Iterator[Day]:
    wanted = _number_of(match, "w")
    assert wanted is not None
    monday = today.day - timedelta(today.day.weekday())
    if match["next"]:
        day = monday + timedelta(7 + wanted)
    elif match["last"]:
        day = monday + timedelta(wanted - 7)
    elif match["this"]:
        day = today.day + timedelta((wanted - today.day.weekday()) % 7)
    elif today.past:
        day = today.day - timedelta((today.day.weekday() - wanted - 1) % 7 + 1)
    else:
        day = today.day + timedelta((wanted - today.day.weekday() - 1) % 7 + 1)
    if match["next"] or match["last"]:
        kind = "day"
    else:
        # "27.11, пт" is one day told twice, "5 December by Friday" is not.
        kind = "weekday" if match.start(f"w{wanted}") == match.start() else "on weekday"
    yield Day(match.end(), day, kind=kind)


def _period_start(match: re.Match[str], today: Today) -> date | None:
    move = 1 if match["next"] else -1 if match["last"] else 0
    match _unit(match):
        case "day":
            return today.day + timedelta(move)
        case "week":
            return today.day + timedelta(7 * move - today.day.weekday())
        case "month":
            return shift_months(today.day.replace(day=1), move)
        case "year":
            return date(today.day.year + move, 1, 1)
    return None


def _period(match: re.Match[str], today: Today) -> Iterator[Day]:
    # "This week" names no day: better not understood than guessed.
    start = _period_start(match, today)
    if start and not match["this"]:
        yield Day(match.end(), start, kind="week" if match["week"] else "day")


def _next_working(match: re.Match[str], today: Today) -> Iterator[Day]:
    if _unit(match) == "day":
        yield Day(match.end(), shift_working(today.day, 1, today.is_working))


def _weekend(match: re.Match[str], today: Today) -> Iterator[Day]:
    saturday = today.day + timedelta(5 - today.day.weekday())
    move = 7 if match["next"] else -7 if match["last"] else 0
    yield Day(match.end(), saturday + timedelta(move) if move else max(saturday, today.day))


def _end_of(match: re.Match[str], today: Today) -> Iterator[Day]:
    start = _period_start(match, today)
    if start is not None:
        yield _end_of_period(match.end(), _unit(match), start, today)


def _end_of_period(end: int, unit: str, start: date, today: Today) -> Day:
    if unit == "day":
        return Day(end, start, WORK_ENDS)
    if unit == "week":
        friday = start + timedelta(4)
        return Day(end, friday if friday >= today.day else friday + timedelta(7))
    return Day(end, shift_months(start, 12 if unit == "year" else 1) - timedelta(1))


def _tonight(match: re.Match[str], today: Today) -> Iterator[Day]:
    yield Day(match.end(), today.day, TONIGHT)


def _short_end(match: re.Match[str], today: Today) -> Iterator[Day]:
    starts = {"d": today.day, "w": today.day - timedelta(today.day.weekday())}
    starts |= {"m": today.day.replace(day=1), "y": today.day.replace(month=1, day=1)}
    units = {"d": "day", "w": "week", "m": "month", "y": "year"}
    yield _end_of_period(match.end(), units[match["unit"]], starts[match["unit"]], today)


def _day_month(match: re.Match[str], today: Today) -> Iterator[Day]:
    groups = match.groupdict()
    year = groups["year"] or groups.get("before")
    month = _number_of(match, "m")
    assert month is not None
    yield _dated(match.end(), int(year) if year else None, month, int(match["day"]), today)


def _day_alone(match: re.Match[str], today: Today) -> Iterator[Day]:
    number, step = int(match["day"]), -1 if today.past else 1
    if not 1 <= number <= 31:
        return
    month = today.day.replace(day=1)
    for months in range(3):
        first = shift_months(month, months * step)
        if number <= monthrange(first.year, first.month)[1]:
            day = first.replace(day=number)
            if (day <= today.day) if today.past else (day >= today.day):
                yield Day(match.end(), day, kind="date")
                return


def _iso(match: re.Match[str], today: Today) -> Iterator[Day]:
    yield _dated(match.end(), int(match["year"]), int(match["month"]), int(match["day"]), today)


def _dotted(match: re.Match[str], today: Today) -> Iterator[Day]:
    year = match["year"]
    if not year and not 1 <= int(match["month"]) <= 12:
        return  # 10.30 may still be a time
    number = int(year) + 2000 if year and len(year) == 2 else int(year) if year else None
    yield _dated(match.end(), number, int(match["month"]), int(match["day"]), today)


def _slashed(match: re.Match[str], today: Today) -> Iterator[Day]:
    first, second = int(match["day"]), int(match["month"])
    if first != second and first <= 12 and second <= 12:
        raise Impossible  # 03/04 is the third of April here and the fourth of March there
    month, day = (first, second) if second > 12 else (second, first)
    yield _dated(match.end(), int(match["year"]), month, day, today)


def _dated(end: int, year: int | None, month: int, day: int, today: Today) -> Day:
    years = [year] if year else [today.day.year + i * (-1 if today.past else 1) for i in range(9)]
    for candidate in years:
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue  # 29 February waits for a leap year
        if year or ((found <= today.day) if today.past else (found >= today.day)):
            return Day(end, found, kind="date")
    raise Impossible


_NEUTRAL: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (
        re.compile(r"(?<![\w.:/-])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d|-\d)(?:t(?=\d\d:))?"),
        _iso,
    ),
    (
        re.compile(
            r"(?<![\w.,:/-])(?P<day>\d{1,2})\.(?P<month>\d\d|\d(?=\.\d{4}))"
            r"(?:\.(?P<year>\d{4}|\d\d))?(?: ?г\.?| ?р\.?)?"
            r"(?![\w:/]|[.,-]\d)"
        ),
        _dotted,
    ),
    (re.compile(r"(?<![\w.:/-])(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})(?![\w/])"), _slashed),
    (re.compile(r"(?<![\w.,:/+-])(?P<sign>[+-]) ?(?P<count>\d{1,4}) ?(?P<unit>[^\W\d_]+)(?!\w)"), _signed),
    (re.compile(r"(?<!\w)eo(?P<unit>[dwmy])(?!\w)"), _short_end),
    (re.compile(r"(?<!\w)tonight(?!\w)"), _tonight),
)
