"""Recurring events: which rules are taken, and the wall time kept over every change of the clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.errors import Invalid
from crm_tui.domain.event import recurrence
from crm_tui.domain.event.recurrence import Rule, Weekday, occurrences
from crm_tui.domain.event.rule_parts import human

ALMATY = ZoneInfo("Asia/Almaty")


def _wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _shown(
    rule: str | Rule | None, start: str, low: str, high: str, zone: ZoneInfo = ALMATY, **more: list[datetime]
) -> list[str]:
    parsed = Rule.parse(rule) if isinstance(rule, str) else rule
    found = occurrences(
        _wall(start), zone, parsed, more.get("exdates", []), more.get("rdates", []), _utc(low), _utc(high)
    )
    return [f"{one.astimezone(zone):%m-%d %H:%M}" for one in found]


# The clocks change in the night to the given day: (zone, wall time, day, the local times of three days around it).
CHANGES = [
    ("Europe/Kyiv", "03:30", "2027-03-28", ["03:30", "04:30", "03:30"]),
    ("Europe/Kyiv", "03:30", "2026-10-25", ["03:30", "03:30", "03:30"]),
    ("Europe/Berlin", "02:30", "2027-03-28", ["02:30", "03:30", "02:30"]),
    ("Europe/Berlin", "02:30", "2026-10-25", ["02:30", "02:30", "02:30"]),
    ("America/New_York", "02:30", "2027-03-14", ["02:30", "03:30", "02:30"]),
    ("America/New_York", "01:30", "2026-11-01", ["01:30", "01:30", "01:30"]),
    ("Europe/London", "01:30", "2027-03-28", ["01:30", "02:30", "01:30"]),
    ("Europe/London", "01:30", "2026-10-25", ["01:30", "01:30", "01:30"]),
    ("Australia/Lord_Howe", "02:15", "2026-10-04", ["02:15", "02:45", "02:15"]),
    ("Australia/Lord_Howe", "01:45", "2027-04-04", ["01:45", "01:45", "01:45"]),
    ("America/Havana", "00:30", "2027-03-14", ["00:30", "01:30", "00:30"]),
    ("America/Havana", "00:30", "2026-11-01", ["00:30", "00:30", "00:30"]),
]


@pytest.mark.parametrize(("name", "at", "day", "times"), CHANGES)
def test_assurance_28_wall_time_over_changes_of_the_clocks(
    name: str, at: str, day: str, times: list[str]
) -> None:
    zone = ZoneInfo(name)
    before = date.fromisoformat(day) - timedelta(1)
    start = datetime.combine(before, datetime.strptime(at, "%H:%M").time())  # noqa: DTZ007 - wall time
    window = (
        datetime.combine(before, datetime.min.time(), zone),
        datetime.combine(before + timedelta(3), datetime.min.time(), zone),
    )
    found = occurrences(
        start, zone, recurrence.daily(), [], [], window[0].astimezone(UTC), window[1].astimezone(UTC)
    )
    assert [f"{one.astimezone(zone):%H:%M}" for one in found] == times
    assert [one.astimezone(zone).fold for one in found] == [0, 0, 0]


@pytest.mark.parametrize(
    ("rule", "start", "low", "high", "expected"),
    [
        ("FREQ=DAILY;COUNT=3", "2026-11-21T10:00", "2026-11-01", "2026-12-31",
         ["11-21 10:00", "11-22 10:00", "11-23 10:00"]),
        ("FREQ=WEEKLY;BYDAY=MO,WE", "2026-11-23T10:00", "2026-11-22", "2026-12-01",
         ["11-23 10:00", "11-25 10:00", "11-30 10:00"]),
        ("FREQ=WEEKLY;INTERVAL=2", "2020-01-06T10:00", "2026-11-16", "2026-12-31",
         ["11-16 10:00", "11-30 10:00", "12-14 10:00", "12-28 10:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-10-31T09:00", "2026-10-01", "2027-02-01",
         ["10-31 09:00", "12-31 09:00", "01-31 09:00"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27T09:00", "2026-11-01", "2027-01-01", ["11-27 09:00", "12-25 09:00"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-11-30T09:00", "2026-11-01", "2027-01-01",
         ["11-30 09:00", "12-31 09:00"]),
        ("FREQ=YEARLY", "2024-02-29T09:00", "2024-01-01", "2029-01-01", ["02-29 09:00", "02-29 09:00"]),
        ("FREQ=DAILY;UNTIL=20261123", "2026-11-21T10:00", "2026-11-01", "2026-12-31",
         ["11-21 10:00", "11-22 10:00", "11-23 10:00"]),
        ("FREQ=DAILY;UNTIL=20261122T050000Z", "2026-11-21T10:00", "2026-11-01", "2026-12-31",
         ["11-21 10:00", "11-22 10:00"]),
        ("FREQ=DAILY;UNTIL=20261122T045959Z", "2026-11-21T10:00", "2026-11-01", "2026-12-31", ["11-21 10:00"]),
        ("FREQ=DAILY;BYHOUR=9,15;BYMINUTE=0,30", "1970-01-01T09:00", "2026-11-21", "2026-11-21T12:00",
         ["11-21 09:00", "11-21 09:30", "11-21 15:00", "11-21 15:30"]),
        ("FREQ=HOURLY;COUNT=2", "2026-11-21T10:00", "2026-11-01", "2026-12-31", ["11-21 10:00", "11-21 11:00"]),
        (None, "2026-11-21T10:00", "2026-11-01", "2026-12-31", ["11-21 10:00"]),
        ("FREQ=WEEKLY;BYDAY=MO", "2026-11-21T10:00", "2026-11-01", "2026-11-24", ["11-21 10:00", "11-23 10:00"]),
        ("FREQ=DAILY", "2026-11-21T10:00", "2026-11-01", "2026-11-21T05:00", []),
        ("FREQ=YEARLY;BYMONTH=2;BYYEARDAY=300", "2026-11-21T10:00", "2026-12-01", "2030-01-01", []),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9", "2026-11-21T10:00", "2026-12-01", "2030-01-01", []),
    ],
)  # fmt: skip
def test_occurrences(rule: str | None, start: str, low: str, high: str, expected: list[str]) -> None:
    assert _shown(rule, start, low, high) == expected


def test_exceptions_and_extra_dates() -> None:
    shown = _shown(
        "FREQ=DAILY;COUNT=3", "2026-11-21T10:00", "2026-11-01", "2026-12-31",
        exdates=[_wall("2026-11-22T10:00")], rdates=[_wall("2026-11-25T12:00"), _wall("2026-11-23T10:00")],
    )  # fmt: skip
    assert shown == ["11-21 10:00", "11-23 10:00", "11-25 12:00"]


def test_an_old_endless_rule_is_bounded() -> None:
    start, low, high = _wall("1970-01-01T10:00"), _utc("1970-01-01"), _utc("2100-01-01")
    assert len(occurrences(start, ALMATY, recurrence.daily(), [], [], low, high)) == 1000
    assert len(occurrences(start, ALMATY, recurrence.daily(), [], [], low, high, cap=5)) == 5


@pytest.mark.parametrize(
    "bad",
    ["", "FREQ=", "FREQ=SECONDLY", "FREQ=MINUTELY;COUNT=3", "FREQ=HOURLY", "FREQ=HOURLY;UNTIL=20270101",
     "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;INTERVAL=99999", "FREQ=DAILY;COUNT=0",
     "FREQ=DAILY;COUNT=3;UNTIL=20270101", "FREQ=DAILY;UNTIL=tomorrow", "FREQ=DAILY;UNTIL=20270231",
     "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=2MO", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYMONTHDAY=0",
     "FREQ=YEARLY;BYMONTH=13", "FREQ=YEARLY;BYMONTH=-1", "FREQ=DAILY;BYSETPOS=1", "FREQ=DAILY;X=1",
     "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
     "FREQ=DAILY;BYDAY=MO;BYSETPOS=2", "FREQ=WEEKLY;BYMONTHDAY=1", "FREQ=MONTHLY;BYYEARDAY=1",
     "FREQ=HOURLY;COUNT=2;BYHOUR=1", "FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5",
     "FREQ", "FREQ=DAILY;INTERVAL=٣", "FREQ=DAILY;WKST=XX", "FREQ=DAILY;BYHOUR=24", "FREQ=DAILY;" + "BYHOUR=1" * 100],
)  # fmt: skip
def test_refused(bad: str) -> None:
    with pytest.raises(Invalid) as caught:
        Rule.parse(bad)
    assert caught.value.code == "recurrence"


@pytest.mark.parametrize(
    "text",
    ["FREQ=DAILY", "FREQ=DAILY;INTERVAL=3;COUNT=5", "FREQ=WEEKLY;BYDAY=MO,FR;WKST=SU", "FREQ=MONTHLY;BYDAY=-1FR,2TU",
     "FREQ=MONTHLY;UNTIL=20270101T100000Z;BYMONTHDAY=1,-1", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=8"],
)  # fmt: skip
def test_the_text_comes_back(text: str) -> None:
    assert str(Rule.parse(text)) == text
    assert Rule.parse("rrule:" + text.lower()) == Rule.parse(text)


def test_builders() -> None:
    assert str(recurrence.daily(2, count=5)) == "FREQ=DAILY;INTERVAL=2;COUNT=5"
    assert str(recurrence.weekly([4, 0, 0])) == "FREQ=WEEKLY;BYDAY=MO,FR"
    assert str(recurrence.monthly_on_day(-1)) == "FREQ=MONTHLY;BYMONTHDAY=-1"
    assert str(recurrence.monthly_on_weekday(1, 2)) == "FREQ=MONTHLY;BYDAY=2TU"
    assert str(recurrence.yearly(until=date(2030, 1, 1))) == "FREQ=YEARLY;UNTIL=20300101T235959"
    for broken in (
        lambda: recurrence.daily(0),
        lambda: recurrence.weekly([7]),
        lambda: recurrence.monthly_on_day(0),
    ):
        with pytest.raises(Invalid):
            broken()


def test_human() -> None:
    said = human(Rule.parse("FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR;UNTIL=20270101"))
    assert (said.frequency, said.interval, said.weekdays) == ("MONTHLY", 2, (Weekday(4, -1),))
    assert (said.until, said.count, said.is_whole) == (date(2027, 1, 1), None, True)
    assert not human(Rule.parse("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1")).is_whole


@given(
    st.text(max_size=60)
    | st.from_regex(r"FREQ=(DAILY|WEEKLY|YEARLY)(;[A-Z]{4,10}=[-0-9A-Z,]{1,8}){0,3}", fullmatch=True)
)
def test_parse_answers_or_refuses(text: str) -> None:
    try:
        rule = Rule.parse(text)
    except Invalid:
        return
    assert Rule.parse(str(rule)) == rule


@given(
    st.sampled_from(
        ["FREQ=DAILY;INTERVAL=3", "FREQ=DAILY;INTERVAL=3;BYMONTH=1,3", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU",
         "FREQ=WEEKLY;INTERVAL=3",          "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA;WKST=SU"]
    ),
    st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    st.integers(0, 300),
)  # fmt: skip
def test_a_late_window_shows_the_same_as_an_early_one(text: str, first: date, later: int) -> None:
    start = datetime.combine(first, datetime.min.time()).replace(hour=10)
    low = start.replace(tzinfo=UTC)
    middle, high = low + timedelta(days=later), low + timedelta(days=later + 60)
    whole = occurrences(start, ALMATY, Rule.parse(text), [], [], low - timedelta(1), high)
    assert occurrences(start, ALMATY, Rule.parse(text), [], [], middle, high) == [
        one for one in whole if one >= middle
    ]
