"""Hours of a working day as a person writes them and as the store keeps them."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from crm_tui.domain.errors import Invalid
from crm_tui.domain.event.working_time import MINUTES_OF_DAY, Hours
from crm_tui.domain.text import clean

MOST_STRETCHES = 6
_STRETCH = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?")
_BETWEEN = re.compile(r"[\s,;]*")


def parsed_hours(text: str) -> Hours:
    """``9-18``, ``9:00-13:00, 14:00-18:00``; nothing or a dash is a day off. Raises Invalid."""
    if not text.strip().strip("-–—"):
        return ()
    found, place = [], 0
    for stretch in _STRETCH.finditer(text):
        if not _BETWEEN.fullmatch(text, place, stretch.start()):
            break
        from_hour, from_minute, to_hour, to_minute = (int(one or 0) for one in stretch.groups())
        if from_minute > 59 or to_minute > 59:
            break
        found.append((from_hour * 60 + from_minute, to_hour * 60 + to_minute))
        place = stretch.end()
    else:
        if found and _BETWEEN.fullmatch(text, place):
            return _checked(found, text)
    raise Invalid("working_hours", value=clean(text))


def hours_text(hours: Hours) -> str:
    """As it is shown and typed: ``09:00-13:00, 14:00-18:00``; empty for a day off."""
    return ", ".join(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in hours)


def as_json(hours: Hours) -> list[list[str]]:
    """As the store keeps them: ``[["09:00", "13:00"], …]``."""
    return [[_clock(opens), _clock(closes)] for opens, closes in hours]


def from_json(value: Iterable[Sequence[str]]) -> Hours:
    """What ``as_json`` made. Raises Invalid."""
    return parsed_hours(", ".join("-".join(stretch) for stretch in value))


def parsed_days(text: str) -> dict[date, tuple[Hours, str]]:
    """Exceptions of a calendar from lines ``2026-12-31; 9-16; Short day`` (comma, semicolon or tab between): the day,
    its hours (nothing for a day off) and, where there is one, its name. Empty lines and those that begin with ``#``
    say nothing. Raises Invalid with the number of the line."""
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        between = next((mark for mark in ("\t", ";") if mark in line), ",")
        day, hours, name = (*(part.strip() for part in line.split(between, 2)), "", "")[:3]
        try:
            found[date.fromisoformat(day)] = (parsed_hours(hours), clean(name))
        except (ValueError, Invalid):
            raise Invalid("working_days_line", line=number, value=clean(line)) from None
    return found


def _checked(found: list[tuple[int, int]], text: str) -> Hours:
    found.sort()
    joined: list[tuple[int, int]] = []
    for opens, closes in found:
        if not opens < closes <= MINUTES_OF_DAY or (joined and opens < joined[-1][1]):
            raise Invalid("working_hours", value=clean(text))
        if joined and joined[-1][1] == opens:
            opens = joined.pop()[0]
        joined.append((opens, closes))
    if len(joined) > MOST_STRETCHES:
        raise Invalid("working_hours", value=clean(text))
    return tuple(joined)


def _clock(minute: int) -> str:
    return "{:02}:{:02}".format(*divmod(minute, 60))
