"""Words → date and time: one table a language, read on Saturday 21 November 2026, 12:00, in Almaty (+05)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.event import date_hours, date_items
from crm_tui.domain.event.dates import Moment, echo, find, parse

ALMATY = ZoneInfo("Asia/Almaty")
NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)

RUSSIAN = """
сегодня                           | 2026-11-21
завтра                            | 2026-11-22
завтра в 10                       | 2026-11-22 10:00
завтра в 10:00                    | 2026-11-22 10:00
завтра в 3                        | 2026-11-22 15:00
завтра в 10.30                    | 2026-11-22 10:30
послезавтра в 9 утра              | 2026-11-23 09:00
вчера                             | 2026-11-20
сейчас                            | 2026-11-21 12:00
через час                         | 2026-11-21 13:00
через полчаса                     | 2026-11-21 12:30
через 2 часа                      | 2026-11-21 14:00
через 3 дня                       | 2026-11-24
через 3 дня в 12:15               | 2026-11-24 12:15
через неделю                      | 2026-11-28
через две недели                  | 2026-12-05
через месяц                       | 2026-12-21
через год                         | 2027-11-21
через 3 рабочих дня               | 2026-11-25
через 2 раб. дня                  | 2026-11-24
в пятницу                         | 2026-11-27
пт 10:00                          | 2026-11-27 10:00
в субботу                         | 2026-11-28
в эту пятницу                     | 2026-11-27
в следующий понедельник           | 2026-11-23
следующий вторник 15:30           | 2026-11-24 15:30
во следующую среду                | 2026-11-25
на следующей неделе               | 2026-11-23
в следующем месяце                | 2026-12-01
на выходных                       | 2026-11-21
в следующие выходные              | 2026-11-28
следующий рабочий день            | 2026-11-23
конец месяца                      | 2026-11-30
до конца недели                   | 2026-11-27
в конце следующего месяца         | 2026-12-31
конец рабочего дня                | 2026-11-21 18:00
конец дня                         | 2026-11-21 18:00
конец года                        | 2026-12-31
сегодня вечером                   | 2026-11-21 18:00
завтра утром                      | 2026-11-22 09:00
сегодня вечером в 8               | 2026-11-21 20:00
3 марта в 9 утра                  | 2027-03-03 09:00
25 декабря                        | 2026-12-25
25 декабря 2027 года              | 2027-12-25
25-го                             | 2026-11-25
25 числа                          | 2026-11-25
в 10                              | 2026-11-22 10:00
в 10 вечера                       | 2026-11-21 22:00
завтра с 10 до 12                 | 2026-11-22 10:00-12:00
с 3 до 5                          | 2026-11-21 15:00-17:00
завтра с 10 до 2                  | 2026-11-22 10:00-14:00
в полдень                         | 2026-11-22 12:00
3 дня назад                       | 2026-11-18
в 3 дня                           | 2026-11-21 15:00
3 дня                             | -
31 февраля                        | -
29 февраля                        | 2028-02-29
завтра в 25                       | -
в 12 вечера                       | -
каждый день                       | -
на этой неделе                    | -
завтра в 10 компаний              | -
"""

UKRAINIAN = """
сьогодні                          | 2026-11-21
завтра                            | 2026-11-22
післязавтра                       | 2026-11-23
учора                             | 2026-11-20
зараз                             | 2026-11-21 12:00
у п'ятницю                        | 2026-11-27
у п’ятницю о 10                   | 2026-11-27 10:00
в середу                          | 2026-11-25
чт 10:00                          | 2026-11-26 10:00
пт 27.11 10:00                    | 2026-11-27 10:00
цю п'ятницю                       | 2026-11-27
через тиждень                     | 2026-11-28
через годину                      | 2026-11-21 13:00
за годину                         | 2026-11-21 13:00
за 2 дні                          | 2026-11-23
через два тижні                   | 2026-12-05
через 2 години                    | 2026-11-21 14:00
через місяць                      | 2026-12-21
через рік                         | 2027-11-21
півгодини                         | 2026-11-21 12:30
через пів години                  | 2026-11-21 12:30
наступного тижня                  | 2026-11-23
наступного понеділка              | 2026-11-23
наступного місяця                 | 2026-12-01
у наступний понеділок о 9 ранку   | 2026-11-23 09:00
кінець дня                        | 2026-11-21 18:00
кінець місяця                     | 2026-11-30
кінець наступного місяця          | 2026-12-31
до кінця тижня                    | 2026-11-27
наступний робочий день            | 2026-11-23
через 3 робочих дні               | 2026-11-25
сьогодні ввечері                  | 2026-11-21 18:00
завтра вранці                     | 2026-11-22 09:00
завтра о 15:30                    | 2026-11-22 15:30
завтра о 3                        | 2026-11-22 15:00
завтра о 10 ранку                 | 2026-11-22 10:00
3 березня о 9 ранку               | 2027-03-03 09:00
25 грудня                         | 2026-12-25
25 грудня 2027 року               | 2027-12-25
25-го                             | 2026-11-25
у вихідні                         | 2026-11-21
з 10 до 11:30                     | 2026-11-22 10:00-11:30
завтра з 10 до 12                 | 2026-11-22 10:00-12:00
опівдні                           | 2026-11-22 12:00
3 дні тому                        | 2026-11-18
минулого тижня                    | 2026-11-09
31 лютого                         | -
завтра о 25                       | -
цього тижня                       | -
"""

KAZAKH = """
бүгін                             | 2026-11-21
ертең                             | 2026-11-22
ертең сағат 10:00                 | 2026-11-22 10:00
ертең сағат 10-да                 | 2026-11-22 10:00
ертең 10:00-де                    | 2026-11-22 10:00
ертең сағат 3                     | 2026-11-22 15:00
ертең таңертең                    | 2026-11-22 09:00
ертең таңғы сағат 9:30            | 2026-11-22 09:30
бүрсігүні түсте                   | 2026-11-23 12:00
кеше                              | 2026-11-20
қазір                             | 2026-11-21 12:00
дүйсенбі                          | 2026-11-23
дс 10:00                          | 2026-11-23 10:00
бейсенбіде                        | 2026-11-26
осы жұма                          | 2026-11-27
жұмаға дейін                      | 2026-11-27
жұма күні сағат 15:00             | 2026-11-27 15:00
келесі жұма                       | 2026-11-27
келесі дүйсенбі                   | 2026-11-23
келесі аптада                     | 2026-11-23
келесі айда                       | 2026-12-01
3 күннен кейін                    | 2026-11-24
бір аптадан кейін                 | 2026-11-28
екі аптадан кейін                 | 2026-12-05
3 айдан соң                       | 2027-02-21
бір жылдан кейін                  | 2027-11-21
30 минуттан кейін                 | 2026-11-21 12:30
жарты сағаттан кейін              | 2026-11-21 12:30
2 сағаттан кейін                  | 2026-11-21 14:00
3 жұмыс күнінен кейін             | 2026-11-25
келесі жұмыс күні                 | 2026-11-23
3 күн бұрын                       | 2026-11-18
25 желтоқсан                      | 2026-12-25
25 желтоқсанда сағат 15:00        | 2026-12-25 15:00
2027 жылғы 3 наурыз               | 2027-03-03
2027 ж. 3 наурыз                  | 2027-03-03
ай соңы                           | 2026-11-30
күннің соңы                       | 2026-11-21 18:00
жыл соңына дейін                  | 2026-12-31
аптаның соңына дейін              | 2026-11-27
бүгін кешке                       | 2026-11-21 18:00
бүгін кешкі сағат 7               | 2026-11-21 19:00
таңғы 9                           | 2026-11-22 09:00
демалыс күндері                   | 2026-11-21
10:00-ден 11:30-ге дейін          | 2026-11-22 10:00-11:30
сағат 10-нан 12-ге дейін          | 2026-11-22 10:00-12:00
31 ақпан                          | -
ертең сағат 25                    | -
"""

ENGLISH = """
today                             | 2026-11-21
tomorrow                          | 2026-11-22
tomorrow at 10                    | 2026-11-22 10:00
tomorrow at 3                     | 2026-11-22 15:00
tomorrow 3pm                      | 2026-11-22 15:00
tomorrow at 3:30 pm               | 2026-11-22 15:30
tomorrow morning                  | 2026-11-22 09:00
tomorrow in the evening           | 2026-11-22 18:00
day after tomorrow                | 2026-11-23
yesterday                         | 2026-11-20
now                               | 2026-11-21 12:00
next monday                       | 2026-11-23
this friday                       | 2026-11-27
on friday                         | 2026-11-27
friday next week                  | 2026-11-27
wednesday 14:00-15:30             | 2026-11-25 14:00-15:30
thu 26.11                         | 2026-11-26
next week                         | 2026-11-23
last week                         | 2026-11-09
next month                        | 2026-12-01
next working day                  | 2026-11-23
in 3 days                         | 2026-11-24
in an hour                        | 2026-11-21 13:00
in half an hour                   | 2026-11-21 12:30
in 2 weeks                        | 2026-12-05
in 3 business days                | 2026-11-25
3 days later                      | 2026-11-24
3 days ago                        | 2026-11-18
march 3                           | 2027-03-03
march 3rd, 2027 at 9 am           | 2027-03-03 09:00
3 march                           | 2027-03-03
may 9th                           | 2027-05-09
sep 5                             | 2027-09-05
the 25th                          | 2026-11-25
end of month                      | 2026-11-30
by the end of the week            | 2026-11-27
tonight                           | 2026-11-21 20:00
noon                              | 2026-11-22 12:00
from 3 to 5pm                     | 2026-11-21 15:00-17:00
from 10 to 2pm                    | 2026-11-22 10:00-14:00
tomorrow from 10 to 11:30         | 2026-11-22 10:00-11:30
at 10                             | 2026-11-22 10:00
10am                              | 2026-11-22 10:00
12 am                             | 2026-11-22 00:00
this weekend                      | 2026-11-21
next weekend                      | 2026-11-28
fri 26.11                         | -
on the 31st of november           | -
at 13 pm                          | -
in a fortnight                    | -
every day                         | -
blah                              | -
tomorrow blah                     | -
"""

ANY = """
27.11                             | 2026-11-27
27.11 10:00                       | 2026-11-27 10:00
27.11.2026 (пт)                   | 2026-11-27
чт 27.11                          | -
5.12.26                           | 2026-12-05
2026-12-25                        | 2026-12-25
2026-12-25T10:00                  | 2026-12-25 10:00
12/25/2026                        | 2026-12-25
25/12/2026                        | 2026-12-25
1.1.2031                          | 2031-01-01
5.3.2027 9:00                     | 2027-03-05 09:00
03/04/2027                        | -
10:30                             | 2026-11-22 10:30
13:30                             | 2026-11-21 13:30
10:00-11:30                       | 2026-11-22 10:00-11:30
завтра 10-11:30                   | 2026-11-22 10:00-11:30
+3д                               | 2026-11-24
+3d                               | 2026-11-24
+2ч                               | 2026-11-21 14:00
+2h                               | 2026-11-21 14:00
+30м                              | 2026-11-21 12:30
+1w                               | 2026-11-28
-1н                               | 2026-11-14
+2мес                             | 2027-01-21
+3рд                              | 2026-11-25
eod                               | 2026-11-21 18:00
eow                               | 2026-11-27
eom                               | 2026-11-30
eoy                               | 2026-12-31
25:00                             | -
10:00-09:00                       | -
30.02                             | -
1.5                               | -
1.2.3                             | -
12:30:45                          | -
10-11                             | -
99999-12-25                       | -
+9999год                          | -
31.12.9999                        | -
0001-01-01 00:00                  | -
3000-01-01                        | -
31.12.2999                        | 2999-12-31
"""


def _rows(table: str) -> list[tuple[str, str]]:
    rows = (line.partition("|") for line in table.strip().splitlines())
    return [(text.strip(), expected.strip()) for text, _, expected in rows]


def _shown(moment: Moment | None) -> str:
    if moment is None:
        return "-"
    hours = moment.time.strftime(" %H:%M") if moment.time is not None else ""
    return f"{moment.date}{hours}" + (moment.until.strftime("-%H:%M") if moment.until else "")


ALL = [
    (language, *row)
    for language, table in {"ru": RUSSIAN, "uk": UKRAINIAN, "kk": KAZAKH, "en": ENGLISH}.items()
    for row in _rows(table)
]


@pytest.mark.parametrize(("language", "text", "expected"), ALL)
def test_words(language: str, text: str, expected: str) -> None:
    assert _shown(parse(text, NOW, ALMATY)) == expected
    assert _shown(parse(text, NOW, ALMATY, [language])) == expected


@pytest.mark.parametrize(("text", "expected"), _rows(ANY))
def test_figures_of_any_language(text: str, expected: str) -> None:
    assert _shown(parse(text, NOW, ALMATY)) == expected


@pytest.mark.parametrize(("language", "text", "expected"), ALL)
def test_letter_case_and_white_space_do_not_matter(language: str, text: str, expected: str) -> None:
    assert _shown(parse(f"  {text.capitalize().replace(' ', '  ')} ", NOW, ALMATY)) == expected


@pytest.mark.parametrize(
    ("line", "rest", "expected"),
    [
        ("Call Aigul tomorrow 10:00", "Call Aigul", "2026-11-22 10:00"),
        ("Позвонить Айгуль завтра в 10", "Позвонить Айгуль", "2026-11-22 10:00"),
        ("завтра в 10 позвонить Айгуль", "позвонить Айгуль", "2026-11-22 10:00"),
        ("Завтра позвонить Айгуль в 10:00", "позвонить Айгуль", "2026-11-22 10:00"),
        ("в 10 завтра встреча", "встреча", "2026-11-22 10:00"),
        ("Надіслати рахунок у п'ятницю, терміново", "Надіслати рахунок терміново", "2026-11-27"),
        ("Айгүлге қоңырау шалу ертең сағат 10:00", "Айгүлге қоңырау шалу", "2026-11-22 10:00"),
        ("Договор №17 до 25 декабря", "Договор №17", "2026-12-25"),
        ("Отчёт за 5 месяцев +3д", "Отчёт за 5 месяцев", "2026-11-24"),
        ("Report for 5 December by Friday", "Report for 5 December", "2026-11-27"),
        ("Отправить в 10 компаний", "Отправить в 10 компаний", "-"),
        ("Отчёт до 25.12", "Отчёт", "2026-12-25"),
        ("Report by 2026-12-25, please", "Report please", "2026-12-25"),
        ("Встреча с Айгуль 10:00-11:30 завтра", "Встреча с Айгуль", "2026-11-22 10:00-11:30"),
        ("Договор от 25 декабря", "Договор от 25 декабря", "-"),
        ("Договор від 25.12 завтра", "Договор від 25.12", "2026-11-22"),
        ("Скидка 10%", "Скидка 10%", "-"),
        ("Счёт 10-11", "Счёт 10-11", "-"),
        ("Версия 1.2.3", "Версия 1.2.3", "-"),
        ("Позвонить +7 701 555 12 34", "Позвонить +7 701 555 12 34", "-"),
        ("Оплата 31 февраля в 10:00", "Оплата 31 февраля в 10:00", "-"),
        ("5 декабря обсудить 7 декабря и ещё", "обсудить 7 декабря и ещё", "2026-12-05"),
        ("обсудить 5 декабря и 7 декабря вместе", "обсудить 5 декабря и 7 декабря вместе", "-"),
        ("Call Aigul", "Call Aigul", "-"),
        ("", "", "-"),
    ],
)
def test_find_in_a_line(line: str, rest: str, expected: str) -> None:
    moment, left = find(line, NOW, ALMATY)
    assert (_shown(moment), left) == (expected, rest)


def test_find_tells_where() -> None:
    line = "завтра позвонить в 10:00"
    moment, _ = find(line, NOW, ALMATY)
    assert moment is not None
    assert [line[begin:end] for begin, end in moment.spans] == ["завтра", "в 10:00"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("monday", "2026-11-16"), ("суббота", "2026-11-14"), ("25 декабря", "2025-12-25"), ("1.1", "-"),
     ("01.11", "2026-11-01"), ("10:00", "2026-11-21 10:00"), ("13:00", "2026-11-20 13:00"),
     ("the 22nd", "2026-10-22")],
)  # fmt: skip
def test_past(text: str, expected: str) -> None:
    assert _shown(parse(text, NOW, ALMATY, past=True)) == expected


def test_working_days_come_from_the_calendar() -> None:
    def is_working(day: date) -> bool:
        return day.weekday() < 5 and day != date(2026, 11, 23)

    assert _shown(parse("next working day", NOW, ALMATY, is_working=is_working)) == "2026-11-24"
    assert parse("next working day", NOW, ALMATY, is_working=lambda day: False) is None


@pytest.mark.parametrize(
    ("moment", "language", "expected"),
    [
        (Moment(date(2026, 11, 27), time(10), ALMATY), "ru", "пт 27.11 10:00 (+05)"),
        (Moment(date(2026, 11, 27), time(10), ALMATY), "en", "Fri 27.11 10:00 (+05)"),
        (Moment(date(2026, 11, 27), None, ALMATY), "kk", "жм 27.11"),
        (
            Moment(date(2026, 11, 29), time(10), ZoneInfo("Europe/Kyiv"), time(11, 30)),
            "uk",
            "нд 29.11 10:00–11:30 (+02)",
        ),
        (Moment(date(2027, 11, 26), None, ALMATY), "ru", "пт 26.11.2027"),
        (Moment(date(2026, 11, 27), time(10), ZoneInfo("Asia/Kolkata")), "ru", "пт 27.11 10:00 (+05:30)"),
        (
            Moment(date(2026, 11, 27), time(10), ZoneInfo("America/St_Johns")),
            "xx",
            "Fri 27.11 10:00 (-03:30)",
        ),
    ],
)
def test_echo(moment: Moment, language: str, expected: str) -> None:
    assert echo(moment, language, date(2026, 11, 21)) == expected


@given(
    st.dates(date(2026, 11, 22), date(2027, 11, 20)),
    st.none() | st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.sampled_from(["ru", "uk", "kk", "en"]),
)
def test_what_is_echoed_is_understood(day: date, at: time | None, language: str) -> None:
    shown = echo(Moment(day, at, ALMATY), language, NOW.date()).partition(" (")[0]
    moment = parse(shown, NOW, ALMATY)
    assert moment is not None
    assert (moment.date, moment.time) == (day, at)


_PIECES = (
    "завтра|в|10|до|25|декабря|next|пн|31|02|.|:|-|+|(|ертең|сағат|on the|99999|eow|2026-02-30|о|pm|через|fri"
)
WORDS = st.sampled_from(_PIECES.split("|"))


@given(st.text(max_size=60) | st.lists(WORDS, max_size=12).map(" ".join), st.booleans())
def test_never_raises(line: str, past: bool) -> None:
    parse(line, NOW, ALMATY, past=past)
    moment, rest = find(line, NOW, ALMATY, past=past)
    assert moment is not None or rest == line


def test_no_pattern_is_made_for_a_line_that_tells_no_date() -> None:
    """Some hundred of them took an eighth of `crm task add`."""
    made = (date_items._worded, date_items._numbered, date_hours._patterns, date_hours._times_of_day)
    for one in made:
        one.cache_clear()
    assert find("Купить молоко и позвонить Ольге", NOW, ALMATY)[0] is None
    assert find("Buy milk", NOW, ALMATY)[0] is None
    assert [one.cache_info().currsize for one in made] == [0, 0, 0, 0]
    assert find("Buy milk tomorrow", NOW, ALMATY)[0] is not None
    assert [one.cache_info().currsize for one in made] == [1, 0, 0, 0]


def test_hours_are_counted_on_the_clock_of_the_world() -> None:
    kyiv = ZoneInfo("Europe/Kyiv")
    before_change = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)  # 02:30 in Kyiv, the clocks go back at 04:00
    moment = parse("+2h", before_change, kyiv)
    assert moment is not None
    assert moment.wall() == datetime.fromisoformat("2026-10-25T03:30")
    assert moment.instant() == before_change + timedelta(hours=2)


def test_a_skipped_time_is_moved_forward() -> None:
    kyiv = ZoneInfo("Europe/Kyiv")
    moment = parse("28.03.2027 03:30", NOW, kyiv)
    assert moment is not None
    assert moment.instant().astimezone(kyiv).strftime("%H:%M") == "04:30"


def test_a_day_alone_begins_with_the_working_day() -> None:
    moment = parse("завтра", NOW, ALMATY)
    assert moment is not None
    assert moment.instant() == datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
