"""Whether a line can tell a date at all.

The patterns that read one are some hundred, and to make them takes an eighth of ``crm task add``: they are made for a
line with a digit, or with one of the words that each of them needs.
"""

import re
from functools import lru_cache

from crm_tui.domain.event.date_words import LANGUAGES


def has_digit(text: str) -> bool:
    """Whether a number can be in it."""
    return any(letter.isdecimal() for letter in text)


@lru_cache(maxsize=32)
def has_day_word(text: str, language: str) -> bool:
    """Whether one of the words is in it that every day without a number is told with."""
    return _day_words(language).search(text) is not None


@lru_cache(maxsize=32)
def has_time_of_day(text: str, language: str) -> bool:
    """Whether a time of the day is in it."""
    return _pattern(*LANGUAGES[language].times_of_day.values()).search(text) is not None


@lru_cache
def _day_words(language: str) -> re.Pattern[str]:
    w = LANGUAGES[language]
    named = (w.today, w.after_tomorrow, w.tomorrow, w.yesterday, w.now, w.half_hour, w.weekend)
    return _pattern(*named, *w.weekdays, *w.units.values())


def _pattern(*forms: str) -> re.Pattern[str]:
    words = "|".join(forms) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)".replace(" ?", r"\s*").replace(" ", r"\s+"))
