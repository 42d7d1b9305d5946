"""Words → date and time, in Russian, Ukrainian, Kazakh and English (design/libraries.md 3.2).

What is not understood gives None, never a guess; what is understood is echoed back to the person. Words that leave
something open are read so: a weekday is the next one after today; a date without a year, and a time without a
date, is the next one to come; the next week begins on Monday; the end of a week is its Friday.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from datetime import date as Date
from datetime import time as Time

from crm_tui.domain import wall
from crm_tui.domain.event.date_hours import hours_at
from crm_tui.domain.event.date_items import days_at
from crm_tui.domain.event.date_parts import WORK_BEGINS, Day, Hours, Impossible, Today
from crm_tui.domain.event.date_words import LANGUAGES, WEEKDAY_ABBREVIATIONS

FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Years that can be meant: beyond them the day after, or the same day in another zone, may be no date any more."""
_LIMIT = 1000  # characters of a typed line that are looked at
_BETWEEN = re.compile(r"[\s,()]*")
_PLACE = re.compile(r"(?<!\w)[\w+@-]")
_OF_A_PAPER = re.compile(r"(?<!\w)(?:от|від)\s+$")  # "договор от 25 декабря" names the contract
_AFTER_BARE_HOUR = re.compile(r"\s*(?:$|[,;.!?)])")


@dataclass(frozen=True)
class Moment:
    """A date, perhaps a time or a span of time, on the clocks of a zone.

    ``spans`` are the places of the text it was read from; ``day_told`` is False when only a time was told and the
    day is the next one to come. ``time`` is None when only the day was told; it carries
    ``fold=1`` in the second run of an hour that the clocks show twice.
    """

    date: Date
    time: Time | None
    zone: tzinfo
    until: Time | None = None
    spans: tuple[tuple[int, int], ...] = ()
    day_told: bool = field(default=True, compare=False)

    def wall(self, default: Time = WORK_BEGINS) -> datetime:
        """The naive wall time; ``default`` is the time of a moment that tells only the day."""
        return datetime.combine(self.date, default if self.time is None else self.time)

    def instant(self, default: Time = WORK_BEGINS) -> datetime:
        """The instant in UTC. A time that the clocks skip is moved forward."""
        return wall.to_utc(self.wall(default), self.zone)


@dataclass(frozen=True)
class _Told:
    day: Day | None
    hours: Hours | None
    spans: tuple[tuple[int, int], ...]

    @property
    def span(self) -> tuple[int, int]:
        return self.spans[0]


def monday_to_friday(day: date) -> bool:
    """The working days where no working calendar is known."""
    return day.weekday() < 5


def parse(
    text: str,
    now: datetime,
    zone: tzinfo,
    languages: Sequence[str] | None = None,
    *,
    past: bool = False,
    is_working: Callable[[date], bool] = monday_to_friday,
) -> Moment | None:
    """The moment that the whole text tells, or None when any word of it is not understood.

    ``now`` is aware; ``zone`` is the person's. ``past``: what is left open is read as behind us (for searches).
    """
    if not text.strip() or len(text) > _LIMIT:
        return None
    low = lowered(text)
    begin = len(text) - len(text.lstrip())
    try:
        today = Today(now, zone, past, is_working)
        told = _phrase(low, begin, today, _known(languages))
    except Impossible:
        return None
    return _moment(told, today) if told and not text[told.span[1] :].strip(" .)") else None


def find(
    text: str,
    now: datetime,
    zone: tzinfo,
    languages: Sequence[str] | None = None,
    *,
    past: bool = False,
    is_working: Callable[[date], bool] = monday_to_friday,
) -> tuple[Moment | None, str]:
    """The moment told somewhere in a line, and the line without it: ``Call Aigul tomorrow 10:00``.

    A day and a time told apart belong together. Of several moments the one at the end of the line counts, else the
    one at its beginning; when neither is at an edge, or something impossible (31 February) is said, none is.
    """
    today = Today(now, zone, past, is_working)
    try:
        told = _chosen(list(_phrases(lowered(text[:_LIMIT]), today, _known(languages))), text)
    except Impossible:
        return None, text
    return (_moment(told, today), _without(text, told.spans)) if told else (None, text)


def echo(moment: Moment, language: str, today: date | None = None) -> str:
    """What was understood, as ``пт 27.11 10:00 (+05)``; the year is told when it is not that of ``today``."""
    names = WEEKDAY_ABBREVIATIONS.get(language, WEEKDAY_ABBREVIATIONS["en"])
    day = f"{names[moment.date.weekday()]} {moment.date:%d.%m}"
    if today is not None and moment.date.year != today.year:
        day += f".{moment.date.year:04}"
    if moment.time is None:
        return day
    hours = f"{moment.time:%H:%M}" + (f"–{moment.until:%H:%M}" if moment.until else "")
    return f"{day} {hours} ({_offset(moment)})"


def _offset(moment: Moment) -> str:
    offset = moment.wall().replace(tzinfo=moment.zone).utcoffset() or timedelta()
    minutes = abs(offset) // timedelta(minutes=1)
    sign = "-" if offset < timedelta() else "+"
    return f"{sign}{minutes // 60:02}" + (f":{minutes % 60:02}" if minutes % 60 else "")


def _known(languages: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(LANGUAGES if languages is None else (one for one in languages if one in LANGUAGES))


_FOLDED = str.maketrans({"ё": "е", "’": "'", "ʼ": "'", "`": "'", "−": "-"})


def lowered(text: str) -> str:
    """The text in lower case, ``е`` for ``ё`` and one kind of apostrophe, letter by letter: places stay the same."""
    return "".join(low if len(low := c.lower()) == 1 else c for c in text).translate(_FOLDED)


def _phrases(lowered: str, today: Today, languages: tuple[str, ...]) -> Iterator[_Told]:
    pos = 0
    while place := _PLACE.search(lowered, pos):
        told = _phrase(lowered, place.start(), today, languages)
        if told is None:
            pos = place.start() + 1
        else:
            if not _OF_A_PAPER.search(lowered, 0, place.start()):
                yield told
            pos = told.span[1]


def _phrase(text: str, begin: int, today: Today, languages: tuple[str, ...]) -> _Told | None:
    """The longest run of a day and a time, in any order, that begins at a place."""
    day: Day | None = None
    hours: Hours | None = None
    end = pos = begin
    while True:
        part = hours.part if hours else None
        next_day = max(days_at(text, pos, today, languages), key=lambda found: found.end, default=None)
        readings = hours_at(text, pos, languages, day is not None, part)
        next_hours = max(readings, key=lambda found: found.end, default=None)
        if next_day and (next_hours is None or next_day.end >= next_hours.end):
            joined = _joined(day, next_day) if day else next_day
            if joined is None:
                break
            day, end = joined, next_day.end
        elif next_hours and (hours is None or hours.part) and not (day and day.at):
            if next_hours.bare and day is None and not _ends_or_day(text, next_hours.end, today, languages):
                break
            hours, end = next_hours, next_hours.end
        else:
            break
        pos = _after_separators(text, end)
    if day and not FIRST_YEAR <= day.day.year <= LAST_YEAR:
        raise Impossible
    return _Told(day, hours, ((begin, end),)) if day or hours else None


def _after_separators(text: str, pos: int) -> int:
    match = _BETWEEN.match(text, pos)
    return match.end() if match else pos


def _ends_or_day(text: str, pos: int, today: Today, languages: tuple[str, ...]) -> bool:
    """Whether a bare hour may be one: "at 10 tomorrow" and a last "at 10", but not "at 10 shops"."""
    if _AFTER_BARE_HOUR.match(text, pos):
        return True
    return any(True for _ in days_at(text, _after_separators(text, pos), today, languages))


def _joined(first: Day, second: Day) -> Day | None:
    """One day out of two that stand beside each other: ``пт 27.11``, ``27.11 (пт)``, ``friday next week``."""
    for one, other in ((first, second), (second, first)):
        is_named = one.kind == "weekday" or (one.kind == "on weekday" and one is first)
        if is_named and other.kind == "date":
            if one.day.weekday() != other.day.weekday():
                raise Impossible
            return replace(other, end=second.end)
        if one.kind.endswith("weekday") and other.kind == "week":
            return Day(second.end, other.day + timedelta(one.day.weekday()))
    return None


def _chosen(found: list[_Told], text: str) -> _Told | None:
    if len(found) == 2:
        first, second = found
        if first.day and not first.hours and not first.day.at and second.hours and not second.day:
            return _Told(first.day, second.hours, first.spans + second.spans)
        if second.day and not second.hours and not second.day.at and first.hours and not first.day:
            return _Told(second.day, first.hours, first.spans + second.spans)
    if len(found) <= 1:
        return found[0] if found else None
    if not text[found[-1].span[1] :].strip(" .,;!?)"):
        return found[-1]
    return found[0] if not text[: found[0].span[0]].strip() else None


def _moment(told: _Told, today: Today) -> Moment:
    hours, at = told.hours, told.hours.begin if told.hours else told.day.at if told.day else None
    if told.day:
        day = told.day.day
    else:
        day, wall_now = today.day, today.wall.time()
        if at is not None and today.past and at > wall_now:
            day -= timedelta(1)
        elif at is not None and not today.past and at <= wall_now:
            day += timedelta(1)
    return Moment(day, at, today.zone, hours.until if hours else None, told.spans, told.day is not None)


def _without(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    for begin, end in reversed(spans):
        text = text[:begin].rstrip(" ,;") + " " + text[end:].lstrip(" ,;")
    return " ".join(text.split())
