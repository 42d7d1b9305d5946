"""Due times of reminders, snoozing, and what was missed."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.errors import Invalid
from crm_tui.domain.event import reminder

ALMATY = ZoneInfo("Asia/Almaty")
KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)  # Saturday 12:00 in Almaty


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("-PT15M", 15),
        ("-P1D", 1440),
        ("-P1W", 10080),
        ("-PT1H30M", 90),
        ("PT0S", 0),
        ("-P1DT2H", 1560),
        (" -pt5m ", 5),
    ],
)
def test_lead(text: str, minutes: int) -> None:
    assert reminder.lead(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "bad", ["", "P", "-P", "-PT", "PT15M", "+PT15M", "15", "-P1Y", "-P9999D", "-PT1M1H", "-P1DT"]
)
def test_lead_refused(bad: str) -> None:
    with pytest.raises(Invalid) as caught:
        reminder.lead(bad)
    assert caught.value.code == "lead"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("15m", 15), ("2ч", 120), ("1 д", 1440), ("30 хв", 30), ("1н", 10080), ("-PT15M", 15), ("+10мин", 10)],
)
def test_lead_in_words(text: str, minutes: int) -> None:
    assert reminder.lead_in_words(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "soon", "15", "0m", "9999д", "завтра"])
def test_lead_not_understood(text: str) -> None:
    assert reminder.lead_in_words(text) is None


@given(st.integers(0, 366 * 86_400))
def test_lead_text_comes_back(seconds: int) -> None:
    duration = timedelta(seconds=seconds)
    assert reminder.lead(reminder.lead_text(duration)) == duration


def test_due_before_a_wall_clock_start() -> None:
    start = datetime.fromisoformat("2026-11-27T10:00")
    assert reminder.due_at(start, ALMATY, timedelta(minutes=15)) == datetime(2026, 11, 27, 4, 45, tzinfo=UTC)


def test_a_day_before_is_the_same_hour_over_a_change_of_the_clocks() -> None:
    start = datetime.fromisoformat("2027-03-28T10:00")
    due = reminder.due_at(start, KYIV, timedelta(days=1))
    assert due.astimezone(KYIV).isoformat() == "2027-03-27T10:00:00+02:00"
    due = reminder.due_at(start, KYIV, timedelta(hours=12))
    assert due.astimezone(KYIV).isoformat() == "2027-03-27T21:00:00+02:00"


def test_snooze_choices() -> None:
    assert reminder.snooze_minutes(NOW, 10) == NOW + timedelta(minutes=10)
    assert reminder.snooze_tomorrow(NOW, ALMATY) == datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    assert reminder.snooze_tomorrow(NOW, ALMATY, time(8, 30)) == datetime(2026, 11, 22, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10m", "2026-11-21T07:10"),
        ("2 ч", "2026-11-21T09:00"),
        ("завтра в 10", "2026-11-22T05:00"),
        ("пт", "2026-11-27T04:00"),
        ("ертең", "2026-11-22T04:00"),
        ("at 3", "2026-11-21T10:00"),
    ],
)
def test_snooze_in_words(text: str, expected: str) -> None:
    found = reminder.snooze_in_words(text, NOW, ALMATY)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "later", "вчера", "сегодня в 9:00", "-2ч", "31 февраля"])
def test_snooze_refuses_the_past_and_the_unknown(text: str) -> None:
    assert reminder.snooze_in_words(text, NOW, ALMATY) is None


def _grouped(*minutes_ago: int) -> reminder.Shown[datetime]:
    return reminder.grouped([NOW - timedelta(minutes=m) for m in minutes_ago], lambda due: due, NOW)


@pytest.mark.parametrize(
    ("minutes_ago", "count", "missed", "as_list"),
    [((), 0, 0, False), ((0,), 1, 0, False), ((0, 0, 0), 3, 0, False), ((0, 0, 0, 0), 4, 0, True),
     ((30,), 1, 1, False), ((30, 120), 2, 2, True), ((-5,), 0, 0, False), ((-5, 0, 1), 2, 0, False)],
)  # fmt: skip
def test_grouped(minutes_ago: tuple[int, ...], count: int, missed: int, as_list: bool) -> None:
    shown = _grouped(*minutes_ago)
    assert (len(shown.items), shown.missed, shown.as_list) == (count, missed, as_list)


def test_story_o4_three_missed_come_as_one_list_oldest_first() -> None:
    shown = _grouped(15, 150, 120)
    assert shown.as_list
    assert list(shown.items) == sorted(shown.items)
