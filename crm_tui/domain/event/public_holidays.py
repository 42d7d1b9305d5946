"""Holidays, moved and shortened working days of a country, from the ``holidays`` library (BP-15).

The library carries the transfers that governments decree for each year: the production calendars of Russia,
Kazakhstan and Belarus, and of Ukraine until 2022. Two things are added: what it lacks, with the source, and Russia's
rule that the working day before a holiday is an hour shorter (Labour Code, article 95). Ukraine has no days off since
15 March 2022: during martial law holidays are worked (law 2136-IX, article 6), and so they are counted here; a
company that closes all the same writes them into its own calendar. What is not decreed yet nobody knows.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from crm_tui.domain.event.working_time import CountryDay, CountryDays, Special, no_country

if TYPE_CHECKING:
    from holidays import HolidayBase

COUNTRIES = ("RU", "UA", "KZ", "BY", "UZ", "KG")
"""ISO 3166-1 alpha-2 of the countries whose working days are known here."""
LANGUAGES: Mapping[str, Mapping[str, str]] = {
    "RU": {"ru": "ru"},
    "UA": {"uk": "uk", "ru": "uk"},
    "KZ": {"kk": "kk", "ru": "kk", "uk": "uk"},
    "BY": {"ru": "ru"},
    "UZ": {"uk": "uk"},
    "KG": {"ru": "ru_KG"},
}
"""Ours → the language in which a country's holidays are named: the nearest that it has; English otherwise."""
ENGLISH = "en_US"
FIRST_YEAR, LAST_YEAR = 1992, 2100

_LACKING: Mapping[str, Mapping[date, str]] = {
    "RU": {
        # Saturday's holiday goes to the next working day: Labour Code, article 112.
        date(2014, 3, 10): "International Women's Day (observed)",
        # Decree of the President 354 of 1 June 2020.
        date(2020, 7, 1): "Day of the vote on the constitution",
    }
}
_RUSSIAN_HOLIDAYS = frozenset(
    {*((1, day) for day in range(1, 9)), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)}
)
"""Month and day: Labour Code, article 112."""


def country_days(country: str, language: str = "en") -> CountryDays:
    """The special days of a country by year; those of no country where it is not among ``COUNTRIES``."""
    if country not in COUNTRIES:
        return no_country
    return lambda year: _days_of(country, year, LANGUAGES[country].get(language, ENGLISH))


_FROM = re.compile(r"substituted from (\d\d)/(\d\d)/(\d{4})")


@lru_cache(maxsize=128)
def _days_of(country: str, year: int, language: str) -> Mapping[date, CountryDay]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return {}
    named = _table(country, year, language)
    english = named if language == ENGLISH else _table(country, year, ENGLISH)
    days = {day: CountryDay(Special.OFF, name) for day, name in named.items() if day.year == year}
    for day, name in _LACKING.get(country, {}).items():
        if day.year == year:
            days[day] = CountryDay(Special.OFF, name)
    swapped = _swapped(english)
    for day in named.weekend_workdays:
        if day.year == year:
            instead = swapped.get(day)
            short = country == "RU" and instead is not None and _before_holiday(instead)
            weekday = 0 if instead is None else instead.weekday()
            days[day] = CountryDay(Special.MOVED_SHORT if short else Special.MOVED, "", weekday)
    if country == "RU":
        for day in _eves(year):
            days.setdefault(day, CountryDay(Special.SHORT, ""))
    return days


def _table(country: str, year: int, language: str) -> "HolidayBase":
    # Some 70 ms to import: only whoever counts in a country's working days pays it.
    import holidays

    # A year's transfers stand in the table of the year that has the day off.
    years = range(max(year - 1, FIRST_YEAR), min(year + 1, LAST_YEAR) + 1)
    return holidays.country_holidays(country, years=years, language=language)


def _eves(year: int) -> list[date]:
    """The weekdays before Russia's holidays."""
    every = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    return [day for day in every if day.year == year and day.weekday() < 5 and _before_holiday(day)]


def _before_holiday(day: date) -> bool:
    after = day + timedelta(days=1)
    return (after.month, after.day) in _RUSSIAN_HOLIDAYS


def _swapped(english: Mapping[date, str]) -> Mapping[date, date]:
    """Day that is worked → the day off that it was given for: the library tells it in the name alone."""
    found = {}
    for day, name in english.items():
        for month, number, year in _FROM.findall(name):
            found[date(int(year), int(month), int(number))] = day
    return found
