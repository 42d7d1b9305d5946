"""Words → recurrence rule, in Russian, Ukrainian, Kazakh and English (C77-20, CORP-20).

Understood are days (each, working ones, mornings and evenings), weeks and their weekdays, months with a day or an
n-th weekday, years, and intervals of these: "every Monday and Friday", "15 числа каждого месяца", "күн сайын",
"every 2 weeks". What is not understood is left in the line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from crm_tui.domain.errors import Invalid
from crm_tui.domain.event import recurrence
from crm_tui.domain.event.date_words import LANGUAGES
from crm_tui.domain.event.dates import lowered
from crm_tui.domain.event.recurrence import Rule

_LIMIT = 1000  # characters of a typed line that are looked at
_WORKING_DAYS = range(5)
_ORDINALS = (1, 2, 3, 4, -1)


@dataclass(frozen=True)
class Repetition:
    """A rule told in words, its place in the line, and ``morning`` or ``evening`` when it says so."""

    rule: Rule
    part: str
    span: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class _Phrases:
    """How one language tells a repetition; ``{…}`` are filled in by ``_patterns``."""

    daily: str
    working: str
    morning: str
    evening: str
    weekly: str
    monthly: str
    yearly: str
    on_days: tuple[str, ...]
    plural_days: tuple[str, ...]
    separator: str
    month_day: tuple[str, ...]
    ordinals: tuple[str, ...]  # first to fourth, last
    month_weekday: tuple[str, ...]
    interval: tuple[str, ...]
    numbers: tuple[str, ...]  # two, three, four: how they are said after "every"


_RUSSIAN_EVERY = "кажд(?:ый|ую|ое|ая|ого|ой|ые|ых)"
_UKRAINIAN_EVERY = "кожн(?:ий|у|е|а|ого|ої|і|их|ому|ій)"

_PHRASES = {
    "ru": _Phrases(
        daily=f"ежедневно|{_RUSSIAN_EVERY} (?:день|дня)",
        working=f"по будням|по будним дням|по рабочим дням|{_RUSSIAN_EVERY} (?:рабочий|будний) день|в будни",
        morning=f"{_RUSSIAN_EVERY} утро|по утрам",
        evening=f"{_RUSSIAN_EVERY} вечер|по вечерам",
        weekly=f"еженедельно|{_RUSSIAN_EVERY} недел[юи]|раз в неделю",
        monthly=f"ежемесячно|{_RUSSIAN_EVERY} месяца?|раз в месяц",
        yearly=f"ежегодно|{_RUSSIAN_EVERY} года?|раз в год",
        on_days=(f"{_RUSSIAN_EVERY} {{days}}", "по {plurals}"),
        plural_days=(
            "понедельникам", "вторникам", "средам", "четвергам", "пятницам", "субботам", "воскресеньям",
        ),
        separator=r"\s*(?:,|\bи\b)\s*(?:по |в )?",
        month_day=(
            f"{_RUSSIAN_EVERY} {{number}}(?:-?(?:го|е))? ?числ[оа]",
            f"{{number}}(?:-?(?:го|е))?(?: числа)? {_RUSSIAN_EVERY} месяца",
        ),
        ordinals=(
            "перв(?:ый|ую|ое|ая)", "втор(?:ой|ую|ое|ая)", "трет(?:ий|ью|ье|ья)", "четв[её]рт(?:ый|ую|ое|ая)",
            "последн(?:ий|юю|ее|яя)",
        ),
        month_weekday=(f"(?:в |во )?{{which}} {{day}} {_RUSSIAN_EVERY} месяца", "(?:в |во )?{which} {day} месяца"),
        interval=("кажд(?:ые|ых) {count} {unit}", "раз в {count} {unit}"),
        numbers=("две|два|двух", "три|трех", "четыре|четырех"),
    ),
    "uk": _Phrases(
        daily=f"щодня|щоденно|{_UKRAINIAN_EVERY} (?:день|дня)",
        working=f"щобудня|по буднях|у будні|в будні|по робочих днях|{_UKRAINIAN_EVERY} (?:робочий день|робочого дня)",
        morning=f"щоранку|{_UKRAINIAN_EVERY} ран(?:ок|ку)",
        evening=f"щовечора|{_UKRAINIAN_EVERY} веч(?:ір|ора)",
        weekly=f"щотижня|{_UKRAINIAN_EVERY} тиж(?:день|ня)|раз на тиждень",
        monthly=f"щомісяця|{_UKRAINIAN_EVERY} місяц(?:ь|я)|раз на місяць",
        yearly=f"щороку|{_UKRAINIAN_EVERY} (?:рік|року)|раз на рік",
        on_days=(f"{_UKRAINIAN_EVERY} {{days}}", "що{days}", "по {plurals}"),
        plural_days=("понеділках", "вівторках", "середах", "четвергах", "п'ятницях", "суботах", "неділях"),
        separator=r"\s*(?:,|\b(?:і|й|та)\b)\s*(?:що|по )?",
        month_day=(
            f"{_UKRAINIAN_EVERY} {{number}}(?:-?(?:го|е))? ?числ[оа]",
            f"{{number}}(?:-?(?:го|е))?(?: числа)? {_UKRAINIAN_EVERY} місяця",
        ),
        ordinals=(
            "перш(?:ий|у|а|ого|ої)", "друг(?:ий|у|а|ого|ої)", "трет(?:ій|ю|я|ього|ьої)",
            "четверт(?:ий|у|а|ого|ої)", "останн(?:ій|ю|я|ього|ьої)",
        ),
        month_weekday=(f"(?:в |у )?{{which}} {{day}} {_UKRAINIAN_EVERY} місяця", "(?:в |у )?{which} {day} місяця"),
        interval=("кожн(?:і|их) {count} {unit}", "раз на {count} {unit}"),
        numbers=("два|дві|двох", "три|трьох", "чотири|чотирьох"),
    ),
    "kk": _Phrases(
        daily="күн сайын|күнделікті|әр күн(?:і)?",
        working="әр жұмыс күні|жұмыс күндері|жұмыс күні сайын",
        morning="таң сайын|әр таң(?:да)?|күн сайын таңертең",
        evening="кеш сайын|әр кеш(?:те)?|күн сайын кешке",
        weekly="апта сайын|әр апта(?:да)?|аптасына бір рет",
        monthly="ай сайын|әр ай(?:да)?|айына бір рет",
        yearly="жыл сайын|әр жыл(?:ы|да)?|жылына бір рет",
        on_days=("{days} сайын", "әр {days}"),
        plural_days=(),
        separator=r"\s*(?:,|\b(?:және|мен|пен|бен)\b)\s*",
        month_day=(
            "әр айдың {number}(?:-?(?:і|ы|інде|ында|сі|сы|сінде|сында))?",
            "ай сайын {number}-?(?:інде|ында|сінде|сында)",
        ),
        ordinals=("бірінші", "екінші", "үшінші", "төртінші", "соңғы"),
        month_weekday=("(?:әр )?айдың {which} {day}",),
        interval=("әр {count} {unit}(?: сайын)?", "{count} {unit} сайын"),
        numbers=("екі", "үш", "төрт"),
    ),
    "en": _Phrases(
        daily="daily|every ?day|each day",
        working="(?:every|each) (?:weekday|working day|business day|workday)|on weekdays",
        morning="(?:every|each) morning",
        evening="(?:every|each) evening",
        weekly="weekly|(?:every|each) week|once a week",
        monthly="monthly|(?:every|each) month|once a month",
        yearly="yearly|annually|(?:every|each) year|once a year",
        on_days=("(?:every|each) {days}", "on {plurals}"),
        plural_days=("mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays"),
        separator=r"\s*(?:,\s*and\b|,|\band\b)\s*(?:on |every )?",
        month_day=(
            "(?:on )?(?:the )?{number}(?:st|nd|rd|th)? (?:day )?of (?:each|every) month",
            "(?:every|each) {number}(?:st|nd|rd|th)(?: of the month)?",
            "(?:monthly|(?:every|each) month) on the {number}(?:st|nd|rd|th)?",
        ),
        ordinals=("first|1st", "second|2nd", "third|3rd", "fourth|4th", "last"),
        month_weekday=(
            "(?:on )?(?:the )?{which} {day} of (?:each|every|the) month", "(?:every|each) month on the {which} {day}",
        ),
        interval=("every {count} {unit}",),
        numbers=("two|other|second", "three|third", "four|fourth"),
    ),
}  # fmt: skip

_UNITS = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}


def find(line: str, languages: Sequence[str] | None = None) -> tuple[Repetition | None, str]:
    """The repetition told somewhere in a line, and the line without its words; the longest one counts."""
    low = lowered(line[:_LIMIT])
    found = [one for language in _known(languages) for one in _all(low, language)]
    if not found:
        return None, line
    chosen = max(found, key=lambda one: (one.span[1] - one.span[0], -one.span[0]))
    begin, end = chosen.span
    return chosen, " ".join(f"{line[:begin].rstrip(' ,;')} {line[end:].lstrip(' ,;')}".split())


def parse(text: str, languages: Sequence[str] | None = None) -> Rule | None:
    """The rule that the whole text tells, also one of iCalendar (``FREQ=…``); None when it is not understood."""
    if text.strip().upper().startswith(("FREQ=", "RRULE:")):
        try:
            return Rule.parse(text)
        except Invalid:
            return None
    found, rest = find(text, languages)
    return found.rule if found and not rest.strip(" .") else None


def _known(languages: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(_PHRASES if languages is None else (one for one in languages if one in _PHRASES))


def _all(low: str, language: str) -> Iterator[Repetition]:
    for kind, pattern in _patterns(language):
        for match in pattern.finditer(low):
            rule = _rule(kind, match, language)
            if rule is not None:
                yield Repetition(rule, kind if kind in ("morning", "evening") else "", match.span())


def _rule(kind: str, match: re.Match[str], language: str) -> Rule | None:
    said = match.groupdict()
    match kind:
        case "daily" | "morning" | "evening":
            return recurrence.daily()
        case "working":
            return recurrence.weekly(_WORKING_DAYS)
        case "weekly":
            return recurrence.weekly()
        case "monthly":
            return Rule("MONTHLY")
        case "yearly":
            return recurrence.yearly()
        case "on_days":
            return recurrence.weekly(_weekdays(said["days"], language))
        case "month_day":
            number = int(said["number"])
            return recurrence.monthly_on_day(number) if 1 <= number <= 31 else None
        case "month_weekday":
            which = _ORDINALS[_index(said["which"], _PHRASES[language].ordinals)]
            return recurrence.monthly_on_weekday(_index(said["day"], LANGUAGES[language].weekdays), which)
        case _:
            count = _count(said["count"], language)
            unit = next(name for name in _UNITS if _whole(LANGUAGES[language].units[name], said["unit"]))
            return Rule(_UNITS[unit], count) if 1 <= count <= 100 else None


@cache
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    phrases, words = _PHRASES[language], LANGUAGES[language]
    day = _any(words.weekdays)
    plural = _any(phrases.plural_days) if phrases.plural_days else "(?!)"
    parts = {
        "{days}": f"(?P<days>{day}(?:{phrases.separator}{day})*)",
        "{plurals}": f"(?P<days>{plural}(?:{phrases.separator}{plural})*)",
        "{day}": f"(?P<day>{day})",
        "{number}": r"(?P<number>\d{1,2})(?![:.]?\d)",
        "{which}": f"(?P<which>{_any(phrases.ordinals)})",
        "{count}": rf"(?P<count>\d{{1,3}}|{_any(phrases.numbers)})",
        "{unit}": f"(?P<unit>{_any([words.units[name] for name in _UNITS])})",
    }
    kinds = ("daily", "working", "morning", "evening", "weekly", "monthly", "yearly")
    told = [(kind, getattr(phrases, kind)) for kind in kinds]
    for kind in ("on_days", "month_day", "month_weekday", "interval"):
        told += [(kind, one) for one in getattr(phrases, kind)]
    return tuple((kind, _compiled(pattern, parts)) for kind, pattern in told)


def _compiled(pattern: str, parts: dict[str, str]) -> re.Pattern[str]:
    pattern = pattern.replace(" ", r"\s+")
    for name, part in parts.items():
        pattern = pattern.replace(name, part)
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")


def _weekdays(said: str, language: str) -> list[int]:
    names = LANGUAGES[language].weekdays
    plurals = _PHRASES[language].plural_days or ("(?!)",) * 7
    pieces = re.split(_PHRASES[language].separator, said)
    return [
        _index(piece, [f"{one}|{many}" for one, many in zip(names, plurals, strict=True)]) for piece in pieces
    ]


def _count(said: str, language: str) -> int:
    return int(said) if said.isdigit() else 2 + _index(said, _PHRASES[language].numbers)


def _index(said: str, patterns: Sequence[str]) -> int:
    return next(index for index, pattern in enumerate(patterns) if _whole(pattern, said))


def _whole(pattern: str, said: str) -> bool:
    return re.fullmatch(pattern, said.strip()) is not None


def _any(patterns: Sequence[str]) -> str:
    return "(?:" + "|".join(f"(?:{pattern})" for pattern in patterns) + ")"
