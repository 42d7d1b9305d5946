"""Times of the day in words: ``в 10``, ``at 3pm``, ``о 9 ранку``, ``сағат 10:00-де``, ``10-11:30``."""

import re
from collections.abc import Iterator
from datetime import time
from functools import lru_cache

from crm_tui.domain.event.date_hints import has_digit, has_time_of_day
from crm_tui.domain.event.date_parts import TIMES_OF_DAY, Hours, Impossible
from crm_tui.domain.event.date_words import LANGUAGES

_SUFFIX = r"(?:-?(?:де|да|те|та|ге|ға|ке|қа|ден|дан|тен|тан))?"  # Kazakh cases, written after digits
_CLOCK = re.compile(
    r"(?:(?<![\w.,:/-])|(?<=\dt))(?P<h>\d{1,2}):(?P<m>\d\d)(?::00)?(?: ?[–—-] ?(?P<h2>\d{1,2})(?::(?P<m2>\d\d))?)?"
    rf"{_SUFFIX}(?![\w:]|[.,]\d)"
)
_BARE_RANGE = re.compile(
    r"(?<![\w.,:/-])(?P<h>\d{1,2}) ?[–—-] ?(?P<h2>\d{1,2})(?::(?P<m2>\d\d))?(?![\w:/.-])"
)
_BARE_HOUR = re.compile(rf"(?<![\w.,:/-])(?P<h>\d{{1,2}}){_SUFFIX}(?![\w:/%-]|[.,]\d)")
_FIRST_AFTERNOON_HOURS = range(1, 7)


def hours_at(
    text: str, pos: int, languages: tuple[str, ...], after_day: bool, part: str | None
) -> Iterator[Hours]:
    """Every reading of the text at a place as a time.

    ``after_day``: a day stands before it, so a bare range ``10-12`` is one of hours. ``part``: a time of the day
    ("evening") stands before it and says which half of the day is meant.
    """
    digit = has_digit(text)
    for language in languages:
        for pattern in _patterns(language) if digit else ():
            if match := pattern.match(text, pos):
                yield _read(match, part)
        for name, pattern in _times_of_day(language) if has_time_of_day(text, language) else ():
            if part is None and (match := pattern.match(text, pos)):
                yield Hours(match.end(), TIMES_OF_DAY[name], part=name)
    if match := _CLOCK.match(text, pos):
        yield _read(match, part)
    if after_day and (match := _BARE_RANGE.match(text, pos)):
        yield _read(match, part)
    if part is not None and (match := _BARE_HOUR.match(text, pos)):
        yield _read(match, part)


@lru_cache
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    w = LANGUAGES[language]
    parts = "|".join(f"(?P<{name}>{forms})" for name, forms in w.parts.items()) or "(?!)"
    # "3 дня" alone is a number of days; "в 3 дня" is an hour.
    sure_parts = parts if language == "en" else parts.replace("дня", "(?!)")
    minutes = r"(?:[:.](?P<m>\d\d))?"
    clock = r"(?P<h>\d{1,2})"
    second = r"(?P<h2>\d{1,2})(?:[:.](?P<m2>\d\d))?"
    after = f"(?: ?(?:{parts}))?"
    end = rf"{_SUFFIX}(?!\w|[:.,]\d|%)"
    begin = r"(?<![\w.,:/+-])"
    if language == "kk":
        ranged = (
            rf"(?:сағат )?{clock}{minutes}-?(?:ден|дан|тен|тан|нан|нен) {second}-?(?:ге|ға|ке|қа)(?: дейін)?"
        )
    else:
        ranged = f"(?:{w.since}) {clock}{minutes}{after} (?:{w.until}) {second}"
    patterns = (
        ranged + (after.replace("(?P<", "(?P<late_") if language != "kk" else "") + end,
        f"(?:(?:{w.by}) )?{clock}:(?P<m>\\d\\d){after}{end}",
        f"(?:{w.at}) {clock}\\.(?P<m>\\d\\d){after}{end}",
        f"(?:{w.at}) ?{clock} ?[–—-] ?{second}{after}{end}",
        f"(?:{w.at}) ?{clock}(?: ?(?:{w.hour_mark}))?{after}{end}",
        f"{clock} ?(?:{sure_parts}){end}",
    )
    return tuple(
        re.compile(begin + pattern.replace(" ?", r"\s*").replace(" ", r"\s+")) for pattern in patterns
    )


@lru_cache
def _times_of_day(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (name, re.compile(rf"(?<!\w)(?:{forms})(?!\w)".replace(" ", r"\s+")))
        for name, forms in LANGUAGES[language].times_of_day.items()
    )


def _read(match: re.Match[str], part: str | None) -> Hours:
    groups = match.groupdict()
    named = ("am", "pm", "morning", "day", "evening", "night")
    own = next((name for name in named if groups.get(name)), None)
    late = next((name for name in named if groups.get("late_" + name)), None)
    exact = groups.get("m") is not None
    if groups.get("h2") is None:
        begin = _time(int(match["h"]), groups.get("m"), own or part, exact)
        return Hours(match.end(), begin, bare=not (exact or own or part))
    begin, until = _range(groups, own or part, late, exact)
    return Hours(match.end(), begin, until)


def _range(
    groups: dict[str, str | None], half: str | None, late: str | None, exact: bool
) -> tuple[time, time]:
    hour, minutes = int(groups["h"] or 0), groups.get("m")
    begin = _time(hour, minutes, half or late, exact)
    until = _time(int(groups["h2"] or 0), groups.get("m2"), late or half, True)
    if until <= begin and late and not half:
        begin = _time(hour, minutes, None, True)  # from 10 to 2 pm
    if until <= begin and until.hour < 12 and not (exact or late or half):
        until = until.replace(hour=until.hour + 12)  # from 10 to 2
    if until <= begin and not (
        exact and begin.hour >= 18 and until.hour < 12
    ):  # 23:00–01:30 ends the next day
        raise Impossible
    return begin, until


def _time(hour: int, minutes: str | None, half: str | None, exact: bool) -> time:
    if half is None:
        # Nobody meets "at 3" in the night: a bare hour before seven is one of the afternoon. 03:00 is the night.
        if minutes is None and not exact and hour in _FIRST_AFTERNOON_HOURS:
            hour += 12
    elif half in ("am", "pm", "morning", "day", "evening", "night") and hour <= 12:
        hour = _in_half(hour, half)
    elif half in ("am", "pm", "morning", "night", "noon", "midnight"):
        raise Impossible
    if hour > 23 or int(minutes or 0) > 59:
        raise Impossible
    return time(hour, int(minutes or 0))


def _in_half(hour: int, half: str) -> int:
    if hour == 0:
        raise Impossible
    if half == "am":
        return hour % 12
    if half == "pm":
        return hour % 12 + 12
    if half == "morning" and hour < 12:
        return hour
    if half == "day":
        return hour if hour >= 10 else hour + 12
    if half == "evening" and 4 <= hour < 12:
        return hour + 12
    if half == "night":
        return hour + 12 if 9 <= hour < 12 else hour % 12
    raise Impossible
