"""Words → recurrence rule: one table a language."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.errors import CrmError, Invalid
from crm_tui.domain.event import event_line
from crm_tui.domain.event.recurrence import Rule, first
from crm_tui.domain.event.recurrence_words import find, parse

ALMATY = ZoneInfo("Asia/Almaty")
NOW = datetime(2026, 11, 19, 11, 40, tzinfo=UTC)
"""Thursday 16:40 in Almaty."""

TABLES = {
    "en": """
every day                         | FREQ=DAILY
daily                             | FREQ=DAILY
every morning                     | FREQ=DAILY
every weekday                     | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
every Monday and Friday           | FREQ=WEEKLY;BYDAY=MO,FR
every tue, thu and sat            | FREQ=WEEKLY;BYDAY=TU,TH,SA
on Tuesdays and Thursdays         | FREQ=WEEKLY;BYDAY=TU,TH
every week                        | FREQ=WEEKLY
every other week                  | FREQ=WEEKLY;INTERVAL=2
every 3 days                      | FREQ=DAILY;INTERVAL=3
every month                       | FREQ=MONTHLY
the 15th of each month            | FREQ=MONTHLY;BYMONTHDAY=15
second tuesday of every month     | FREQ=MONTHLY;BYDAY=2TU
the last friday of each month     | FREQ=MONTHLY;BYDAY=-1FR
every year                        | FREQ=YEARLY
""",
    "ru": """
каждый день                       | FREQ=DAILY
ежедневно                         | FREQ=DAILY
каждое утро                       | FREQ=DAILY
по будням                         | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
каждый рабочий день               | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
каждый понедельник и пятницу      | FREQ=WEEKLY;BYDAY=MO,FR
по вторникам и четвергам          | FREQ=WEEKLY;BYDAY=TU,TH
каждую среду                      | FREQ=WEEKLY;BYDAY=WE
еженедельно                       | FREQ=WEEKLY
раз в две недели                  | FREQ=WEEKLY;INTERVAL=2
каждый месяц                      | FREQ=MONTHLY
15 числа каждого месяца           | FREQ=MONTHLY;BYMONTHDAY=15
каждое 1-е число                  | FREQ=MONTHLY;BYMONTHDAY=1
последняя пятница каждого месяца  | FREQ=MONTHLY;BYDAY=-1FR
каждый год                        | FREQ=YEARLY
""",
    "uk": """
щодня                             | FREQ=DAILY
щоранку                           | FREQ=DAILY
по буднях                         | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
щопонеділка і п'ятниці            | FREQ=WEEKLY;BYDAY=MO,FR
кожну п’ятницю                    | FREQ=WEEKLY;BYDAY=FR
по вівторках та четвергах         | FREQ=WEEKLY;BYDAY=TU,TH
кожного тижня                     | FREQ=WEEKLY
кожні 2 тижні                     | FREQ=WEEKLY;INTERVAL=2
щомісяця                          | FREQ=MONTHLY
15 числа кожного місяця           | FREQ=MONTHLY;BYMONTHDAY=15
останню п'ятницю кожного місяця   | FREQ=MONTHLY;BYDAY=-1FR
щороку                            | FREQ=YEARLY
""",
    "kk": """
күн сайын                         | FREQ=DAILY
таң сайын                         | FREQ=DAILY
жұмыс күндері                     | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
дүйсенбі және жұма сайын          | FREQ=WEEKLY;BYDAY=MO,FR
әр сәрсенбі                       | FREQ=WEEKLY;BYDAY=WE
апта сайын                        | FREQ=WEEKLY
екі апта сайын                    | FREQ=WEEKLY;INTERVAL=2
ай сайын                          | FREQ=MONTHLY
әр айдың 15-інде                  | FREQ=MONTHLY;BYMONTHDAY=15
айдың соңғы жұма                  | FREQ=MONTHLY;BYDAY=-1FR
жыл сайын                         | FREQ=YEARLY
""",
}
ROWS = [
    (language, *map(str.strip, row.split("|")))
    for language, table in TABLES.items()
    for row in table.strip().splitlines()
]


@pytest.mark.parametrize(("language", "words", "rule"), ROWS)
def test_c77_20_words_of_a_rule(language: str, words: str, rule: str) -> None:
    assert str(parse(words, [language])) == rule
    assert str(parse(words)) == rule


@pytest.mark.parametrize(("language", "words", "rule"), ROWS)
def test_c77_20_the_rule_is_found_in_a_line(language: str, words: str, rule: str) -> None:
    found, rest = find(f"Olga {words.upper()} 10:00", [language])
    assert found is not None
    assert (str(found.rule), rest) == (rule, "Olga 10:00")


@pytest.mark.parametrize(
    "words", ["", "tomorrow", "every", "каждый", "the 32nd of each month", "everyday life", "FREQ=SECONDLY"]
)
def test_no_rule_is_guessed(words: str) -> None:
    assert parse(words) is None


def test_a_rule_of_icalendar_is_taken_as_it_is() -> None:
    assert str(parse("FREQ=MONTHLY;BYDAY=-1FR")) == "FREQ=MONTHLY;BYDAY=-1FR"


@given(st.text(max_size=60), st.sampled_from(ROWS))
def test_any_text_is_read_without_a_fault(text: str, row: tuple[str, str, str]) -> None:
    for line in (text, f"{text} {row[1]}", f"{row[1]} {text}"):
        found, rest = find(line)
        assert found is None or len(rest) <= len(line)


LINES = """
Meeting with Olga fri 15:00-16:00            | Meeting with Olga | 2026-11-20 15:00 | 2026-11-20 16:00 |
Standup every weekday 9:30                   | Standup           | 2026-11-20 09:30 | 2026-11-20 10:30 | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
День рождения каждый год 5 марта             | День рождения     | 2027-03-05       | 2027-03-06       | FREQ=YEARLY
Планёрка по вторникам и четвергам в 10       | Планёрка          | 2026-11-24 10:00 | 2026-11-24 11:00 | FREQ=WEEKLY;BYDAY=TU,TH
Отчёт 15 числа каждого месяца                | Отчёт             | 2026-12-15       | 2026-12-16       | FREQ=MONTHLY;BYMONTHDAY=15
Зустріч з Ольгою у п'ятницю о 15:00          | Зустріч з Ольгою  | 2026-11-20 15:00 | 2026-11-20 16:00 |
Ертең 10:00 кездесу                          | кездесу           | 2026-11-20 10:00 | 2026-11-20 11:00 |
Night shift tomorrow 23:00-01:30             | Night shift       | 2026-11-20 23:00 | 2026-11-21 01:30 |
Gym every evening at 7                       | Gym               | 2026-11-19 19:00 | 2026-11-19 20:00 | FREQ=DAILY
Coffee every morning                         | Coffee            | 2026-11-20 09:00 | 2026-11-20 10:00 | FREQ=DAILY
Review every 2 weeks on monday 11:00         | Review            | 2026-11-23 11:00 | 2026-11-23 12:00 | FREQ=WEEKLY;INTERVAL=2
Отпуск 1 декабря                             | Отпуск            | 2026-12-01       | 2026-12-02       |
"""  # noqa: E501


@pytest.mark.parametrize("row", LINES.strip().splitlines())
def test_corp_20_an_event_in_one_line(row: str) -> None:
    line, summary, start, end, rule = map(str.strip, row.split("|"))
    event = event_line.read(line, NOW, ALMATY)
    assert (event.summary, str(event.rule or "")) == (summary, rule)
    assert (event.dtstart, event.dtend) == (datetime.fromisoformat(start), datetime.fromisoformat(end))
    assert event.all_day == (len(start) == len("2026-11-20"))


@pytest.mark.parametrize(
    ("line", "code"), [("Lunch", "event_date_missing"), ("tomorrow 10:00", "name_missing")]
)
def test_a_line_that_lacks_something_is_refused(line: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        event_line.read(line, NOW, ALMATY)
    assert refused.value.code == code


@given(st.text(max_size=30), st.sampled_from(ROWS), st.integers(0, 23), st.integers(0, 59))
def test_a_series_begins_on_a_day_of_its_rule(
    name: str, row: tuple[str, str, str], hour: int, minute: int
) -> None:
    try:
        event = event_line.read(f"{name} {row[1]} {hour:02}:{minute:02}", NOW, ALMATY)
    except CrmError:
        return
    assert event.dtend > event.dtstart
    if event.rule is not None and not event.rule.interval > 1:
        assert first(event.rule, event.dtstart) == event.dtstart


def test_the_first_of_a_rule_with_an_interval_is_the_next_day_it_names() -> None:
    rule = Rule.parse("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO")
    assert first(rule, datetime.fromisoformat("2026-11-19T09:00")) == datetime.fromisoformat(
        "2026-11-23T09:00"
    )
