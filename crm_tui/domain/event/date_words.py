"""The words that dates and times are told with in Russian, Ukrainian, Kazakh and English.

Tables only; `date_items` makes patterns of them. Every entry is a regular expression without groups, in lower
case, with ``е`` for ``ё``, ``'`` for every apostrophe and one space for any white space.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Words:
    """What one language says; names of fields are the English words."""

    today: str
    tomorrow: str
    after_tomorrow: str
    yesterday: str
    now: str
    weekdays: tuple[str, ...]  # from Monday
    months: tuple[str, ...]  # from January
    numbers: tuple[str, ...]  # from one
    units: dict[str, str]
    half_hour: str
    within: str  # "in" of "in 3 days"
    later: str
    ago: str
    working: str
    weekend: str
    this: str
    next: str
    last: str
    end_before: str  # "end of" of "end of the week"
    end_after: str  # the same said after the period
    on: str  # before a date
    at: str  # before an hour
    by: str  # before an hour with minutes
    since: str  # "from" of "from 10 to 11"
    until: str
    hour_mark: str  # "o'clock"
    parts: dict[str, str]  # after an hour
    times_of_day: dict[str, str]  # alone
    day_mark: str  # after a number that is a day of the month
    year_mark: str


_NEVER = r"(?!)"


def _forms(stems: str, endings: str) -> tuple[str, ...]:
    return tuple(f"{stem}(?:{endings})" for stem in stems.split())


RUSSIAN = Words(
    today="сегодня",
    tomorrow="завтра",
    after_tomorrow="послезавтра",
    yesterday="вчера",
    now="сейчас",
    weekdays=(
        "понедельник[аеу]?|пн\\.?", "вторник[аеу]?|вт\\.?", "сред[ауые]|ср\\.?", "четверг[аеу]?|чт\\.?",
        "пятниц[ауые]|пт\\.?", "суббот[ауые]|сб\\.?", "воскресень[яюе]|вс\\.?",
    ),
    months=(
        "январ[ьяе]|янв\\.?", "феврал[ьяе]|фев\\.?", "март[ае]?|мар\\.?", "апрел[ьяе]|апр\\.?", "ма[йяе]",
        "июн[ьяе]", "июл[ьяе]", "август[ае]?|авг\\.?", "сентябр[ьяе]|сент?\\.?", "октябр[ьяе]|окт\\.?",
        "ноябр[ьяе]|ноя\\.?", "декабр[ьяе]|дек\\.?",
    ),
    numbers=("один|одну|одна", "два|две", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять"),
    units={
        "minute": "минут[ауы]?|мин\\.?", "hour": "час(?:а|ов)?", "day": "день|дня|дней|дню",
        "week": "недел[яюие]|недель", "month": "месяц(?:а|ев|е)?|мес\\.?", "year": "год[ау]?|лет",
    },
    half_hour="полчаса", within="через", later=_NEVER, ago="назад",
    working="рабоч(?:ий|его|их|ему)|раб\\.?",
    weekend="выходны(?:е|х|м)",
    this="эт(?:от|у|а|и|их)|ближайш(?:ий|ую|ая|ее|ие)", next="следующ(?:ий|ую|ая|ее|ей|его|ем|ие|их)|след\\.",
    last="прошл(?:ый|ую|ая|ое|ой|ого|ом|ые|ых)",
    end_before="(?:до |в |к |на )?кон(?:ец|ца|це|цу)", end_after=_NEVER,
    on="в|во|на|к|ко|до|с|со", at="в|во|к", by="в|во|к|до|на|с", since="с|со", until="до|по",
    hour_mark="час(?:а|ов)?|ч\\.?",
    parts={"morning": "утра", "day": "дня", "evening": "вечера", "night": "ночи"},
    times_of_day={
        "morning": "утром|с утра", "day": "днем|после обеда", "evening": "вечером",
        "noon": "в полдень|полдень", "midnight": "в полночь|полночь",
    },
    day_mark="-?го(?: числа)?|-?е(?: число)?| числа", year_mark="года?|г\\.?",
)  # fmt: skip

UKRAINIAN = Words(
    today="сьогодні",
    tomorrow="завтра",
    after_tomorrow="післязавтра|позавтра",
    yesterday="вчора|учора",
    now="зараз",
    weekdays=(
        "понеділ(?:ок|ка|ку|ком)|пн\\.?", "вівтор(?:ок|ка|ку)|вт\\.?", "серед[ауиі]|ср\\.?",
        "четвер(?:га|гу)?|чт\\.?",
        "п'ятниц[яюі]|пт\\.?", "субот[ауиі]|сб\\.?", "неділ[яюі]|нд\\.?",
    ),
    months=(
        "січ(?:ень|ня|ні)", "лют(?:ий|ого|ому)", "берез(?:ень|ня|ні)", "квіт(?:ень|ня|ні)", "трав(?:ень|ня|ні)",
        "черв(?:ень|ня|ні)", "лип(?:ень|ня|ні)", "серп(?:ень|ня|ні)", "верес(?:ень|ня|ні)", "жовт(?:ень|ня|ні)",
        "листопад[аі]?", "груд(?:ень|ня|ні)",
    ),
    numbers=("один|одну|одна", "два|дві", "три", "чотири", "п'ять", "шість", "сім", "вісім", "дев'ять", "десять"),
    units={
        "minute": "хвилин[ауи]?|хв\\.?", "hour": "годин[ауиі]?|год\\.?", "day": "день|дня|дні|днів",
        "week": "тиж(?:день|ня|ні|нів|ню)", "month": "місяц(?:ь|я|і|ів)", "year": "рік|року|роки|років|році",
    },
    half_hour="пів ?години", within="через|за", later=_NEVER, ago="тому",
    working="робоч(?:ий|ого|их|і)|роб\\.?",
    weekend="вихідн(?:і|их|им)",
    this="ц(?:ей|ю|я|ього|і|их)|найближч(?:ий|у|а|і|ого)", next="наступн(?:ий|у|а|ого|ої|ому|ій|і|их)",
    last="минул(?:ий|у|а|ого|ої|ому|і|их)",
    end_before="(?:до |в |у |на )?кін(?:ець|ця|ці)", end_after=_NEVER,
    on="в|у|на|до|з|к", at="о|об|в|у", by="о|об|в|у|до|на|з", since="з|із|від", until="до|по",
    hour_mark="годин[аиі]|год\\.?",
    parts={"morning": "ранку", "day": "дня", "evening": "вечора", "night": "ночі"},
    times_of_day={
        "morning": "вранці|зранку|уранці|ранком", "day": "вдень|удень|по обіді|після обіду",
        "evening": "ввечері|увечері|вечором", "noon": "опівдні|полудень", "midnight": "опівночі",
    },
    day_mark="-?го(?: числа)?|-?е(?: число)?| числа", year_mark="року|р\\.?",
)  # fmt: skip

_CASES = "|н?[ыі]ң|ға|ге|қа|ке|да|де|та|те|дан|ден|тан|тен|нан|нен"

KAZAKH = Words(
    today="бүгін",
    tomorrow="ертең|ертен",
    after_tomorrow="бүрсігүні|арғы күні",
    yesterday="кеше",
    now="қазір",
    weekdays=tuple(
        f"{long}(?: күн(?:і|іне|гі))?|{short}\\.?"
        for long, short in zip(
            _forms("дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жексенбі", _CASES),
            ("дс", "сс", "ср", "бс", "жм", "с[бн]", "жс"),
            strict=True,
        )
    ),
    months=_forms(
        "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан", _CASES
    ),
    numbers=("бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз", "он"),
    units={
        "minute": f"минут(?:{_CASES})|мин\\.?", "hour": f"сағат(?:{_CASES})",
        "day": f"күн(?:і|інен|іне|{_CASES})", "week": f"апта(?:ның|сы|{_CASES})",
        "month": f"ай(?:дың|{_CASES})", "year": f"жыл(?:дың|{_CASES})",
    },
    half_hour="жарты сағаттан (?:кейін|соң)", within=_NEVER, later="кейін|соң", ago="бұрын",
    working="жұмыс",
    weekend="демалыс(?:та| күндері| күні)?",
    this="осы|бұл|жақын", next="келесі|алдағы", last="өткен",
    end_before=_NEVER, end_after="соңында|соңына(?: дейін)?|соңы|аяғында|аяғына(?: дейін)?|аяғы",
    on=_NEVER, at="сағат", by="сағат", since=_NEVER, until=_NEVER, hour_mark=_NEVER,
    parts={},
    times_of_day={
        "morning": "таңертең(?:гі)?|таңғы", "day": "түстен кейін|күндізгі|күндіз", "evening": "кешке|кешкі|кешкісін",
        "noon": "түсте|тал түсте", "midnight": "түн ортасында",
    },
    day_mark="-?(?:і|ы|інде|ында|сі|сы|сінде|сында)", year_mark="жыл(?:ғы|ы)?|ж\\.?",
)  # fmt: skip

ENGLISH = Words(
    today="today",
    tomorrow="tomorrow|tmrw|tmr",
    after_tomorrow="(?:the )?day after tomorrow|overmorrow",
    yesterday="yesterday",
    now="now",
    weekdays=(
        "mondays?|mon\\.?", "tuesdays?|tues?\\.?", "wednesdays?|wed\\.?", "thursdays?|thur?s?\\.?",
        "fridays?|fri\\.?", "saturdays?|sat\\.?", "sundays?|sun\\.?",
    ),
    months=(
        "january|jan\\.?", "february|feb\\.?", "march|mar\\.?", "april|apr\\.?", "may", "june|jun\\.?",
        "july|jul\\.?", "august|aug\\.?", "september|sept?\\.?", "october|oct\\.?", "november|nov\\.?",
        "december|dec\\.?",
    ),
    numbers=("one|an|a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    units={
        "minute": "minutes?|mins?\\.?", "hour": "hours?|hrs?\\.?", "day": "days?", "week": "weeks?",
        "month": "months?", "year": "years?",
    },
    half_hour="half an hour|a half hour|half hour", within="in|within", later="later|from now|from today", ago="ago",
    working="working|business|work",
    weekend="(?:the )?weekend",
    this="this|coming|(?:the )?nearest", next="(?:the )?next", last="(?:the )?last|previous",
    end_before="(?:by |at |before )?(?:the )?end of(?: the)?", end_after=_NEVER,
    on="on the|on|by the|by|before|until|till|due|for|from|at|the", at="at|@", by="at|by|before|until|till|from|@",
    since="from|between", until="to|till|until|and",
    hour_mark="o'clock|h",
    parts={
        "am": "a\\.?m\\.?", "pm": "p\\.?m\\.?", "morning": "in the morning", "day": "in the afternoon",
        "evening": "in the evening|at night",
    },
    times_of_day={
        "morning": "in the morning|morning", "day": "in the afternoon|afternoon",
        "evening": "in the evening|this evening|evening", "noon": "at noon|noon|midday", "midnight": "at midnight",
    },
    day_mark="st|nd|rd|th", year_mark=_NEVER,
)  # fmt: skip

LANGUAGES = {"ru": RUSSIAN, "uk": UKRAINIAN, "kk": KAZAKH, "en": ENGLISH}

UNIT_LETTERS = {
    "м": "minute", "мин": "minute", "хв": "minute", "m": "minute", "min": "minute",
    "ч": "hour", "час": "hour", "сағ": "hour", "h": "hour",
    "д": "day", "дн": "day", "күн": "day", "d": "day",
    "н": "week", "нед": "week", "т": "week", "тиж": "week", "апта": "week", "w": "week",
    "мес": "month", "міс": "month", "ай": "month", "mo": "month",
    "рд": "working day", "wd": "working day",
}  # fmt: skip
"""The short forms of ``+3д``."""

WEEKDAY_ABBREVIATIONS = {
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    "uk": ("пн", "вт", "ср", "чт", "пт", "сб", "нд"),
    "kk": ("дс", "сс", "ср", "бс", "жм", "сб", "жс"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
