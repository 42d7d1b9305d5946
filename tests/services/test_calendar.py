"""Verbs of the event: clocks and zones, series and their exceptions, reminders that follow, undo."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui.domain.errors import Conflict, Invalid, Refused
from crm_tui.services.event import calendar, occurrences
from crm_tui.services.event.occurrences import Occurrence
from crm_tui.services.interaction import interaction_moves, interactions
from crm_tui.services.interest import interests
from crm_tui.store.queries import calendar as calendar_queries
from crm_tui.store.tables import Event, Interaction, Interest, Reminder
from crm_tui.store.undo import undo
from tests.services.conftest import Office

HOUR = timedelta(hours=1)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def add(
    office: Office,
    start: str,
    *,
    zone: str = "Asia/Almaty",
    rrule: str = "",
    hours: float = 1,
    lead: int | None = 15,
) -> int:
    """An event; its id."""
    with office.store.work(office.actor, "calendar.new") as work:
        event = calendar.add(
            work,
            "Planning",
            dtstart=wall(start),
            dtend=wall(start) + hours * HOUR,
            zone=zone,
            owner_id=office.user.key,
            rrule=rrule,
            reminder_minutes=lead,
        )
        return event.key


def between(office: Office, begin: str, end: str) -> list[Occurrence]:
    with office.store.read() as connection:
        return occurrences.between(connection, utc(begin), utc(end), owner_id=office.user.key)


def starts(office: Office, begin: str, end: str) -> list[str]:
    return [one.starts_at.strftime("%d.%m %H:%M") for one in between(office, begin, end)]


def reminders(office: Office) -> list[str]:
    with office.store.facts("look") as work:
        rows = [one for one in work.all(Reminder) if one.acknowledged_at is None]
    return sorted(one.due_at.strftime("%d.%m %H:%M") for one in rows)


def everything(office: Office) -> list[object]:
    """All rows that a verb of the calendar may write."""
    with office.store.facts("look") as work:
        return [
            row.model_dump() for model in (Event, Reminder, Interaction, Interest) for row in work.all(model)
        ]


@pytest.mark.parametrize(
    ("zone", "start", "window", "expected"),
    [
        # Berlin puts its clocks back on 25 October: 10:00 stays 10:00.
        ("Europe/Berlin", "2026-10-24T10:00", ("2026-10-24", "2026-10-26"), ["24.10 08:00", "25.10 09:00"]),
        # Kyiv puts them forward on 28 March 2027: 03:30 is not there, so it is 04:30.
        ("Europe/Kyiv", "2027-03-27T03:30", ("2027-03-28", "2027-03-30"), ["28.03 01:30", "29.03 00:30"]),
        # 02:30 comes twice in Berlin: the event happens once, the first time.
        ("Europe/Berlin", "2026-10-25T02:30", ("2026-10-25", "2026-10-26"), ["25.10 00:30"]),
        # Almaty knows no summer time.
        ("Asia/Almaty", "2026-10-24T10:00", ("2026-10-24", "2026-10-26"), ["24.10 05:00", "25.10 05:00"]),
    ],
)  # fmt: skip
def test_corp_20_a_series_keeps_its_wall_time_over_changes_of_the_clocks(
    office: Office, zone: str, start: str, window: tuple[str, str], expected: list[str]
) -> None:
    add(office, start, zone=zone, rrule="FREQ=DAILY")
    assert starts(office, *window) == expected


def test_an_event_over_midnight_is_found_on_both_days(office: Office) -> None:
    add(office, "2026-11-20T23:00", hours=2.5)
    assert starts(office, "2026-11-20T19:30", "2026-11-21") == ["20.11 18:00"]
    assert starts(office, "2026-11-20T20:30", "2026-11-21") == []
    assert starts(office, "2026-11-20T10:00", "2026-11-20T18:00") == []


def test_an_event_without_length_belongs_to_the_window_it_begins(office: Office) -> None:
    add(office, "2026-11-20T10:00", hours=0)
    assert starts(office, "2026-11-20T05:00", "2026-11-20T06:00") == ["20.11 05:00"]
    assert starts(office, "2026-11-20T04:00", "2026-11-20T05:00") == []


def test_windows_of_a_long_series_are_read_alone(office: Office) -> None:
    add(office, "2006-01-02T10:00", rrule="FREQ=DAILY")
    assert starts(office, "2026-11-19", "2026-11-21") == ["19.11 05:00", "20.11 05:00"]


def test_events_of_others_are_not_shown(office: Office) -> None:
    add(office, "2026-11-20T10:00")
    with office.store.facts("setup") as work:
        event = work.all(Event)[0]
        work.change(event, owner_id=None)
    assert starts(office, "2026-11-19", "2026-11-22") == []


def test_rem_08_the_reminder_follows_a_move(office: Office) -> None:
    event = add(office, "2026-11-20T10:00", lead=30)
    assert reminders(office) == ["20.11 04:30"]
    with office.store.work(office.actor, "calendar.move") as work:
        calendar.move(work, event, wall("2026-11-23T15:00"))
    assert reminders(office) == ["23.11 09:30"]
    assert starts(office, "2026-11-19", "2026-11-25") == ["23.11 10:00"]


def test_corp_20_one_of_a_series_moves_and_the_others_stay(office: Office) -> None:
    event = add(office, "2026-11-20T10:00", rrule="FREQ=DAILY;COUNT=3")
    before = everything(office)
    with office.store.work(office.actor, "calendar.move") as work:
        calendar.move(work, event, wall("2026-11-21T15:00"), occurrence=wall("2026-11-21T10:00"))
    assert starts(office, "2026-11-19", "2026-11-30") == ["20.11 05:00", "21.11 10:00", "22.11 05:00"]
    assert reminders(office) == ["20.11 04:45", "21.11 09:45"]
    undo(office.store, office.actor)
    assert everything(office) == before


def test_corp_20_a_moved_series_takes_its_exceptions_along(office: Office) -> None:
    event = add(office, "2026-11-23T10:00", rrule="FREQ=WEEKLY;BYDAY=MO,WE")
    with office.store.work(office.actor, "calendar.delete") as work:
        calendar.remove(work, event, occurrence=wall("2026-11-25T10:00"))
    before = everything(office)
    with office.store.work(office.actor, "calendar.move") as work:
        calendar.move(work, event, wall("2026-11-24T11:00"))
    assert starts(office, "2026-11-20", "2026-12-05") == ["24.11 06:00", "01.12 06:00", "03.12 06:00"]
    undo(office.store, office.actor)
    assert everything(office) == before


def test_a_series_whose_rule_names_the_day_of_the_month_stays_on_it(office: Office) -> None:
    event = add(office, "2026-12-15T10:00", rrule="FREQ=MONTHLY;BYMONTHDAY=15")
    with pytest.raises(Refused) as refused, office.store.work(office.actor, "calendar.move") as work:
        calendar.move(work, event, wall("2026-12-16T10:00"))
    assert refused.value.code == "rule_names_the_day"
    with office.store.work(office.actor, "calendar.move") as work:
        calendar.move(work, event, wall("2026-12-15T11:00"))
    assert starts(office, "2026-12-01", "2027-01-31") == ["15.12 06:00", "15.01 06:00"]


def test_deleting_a_series_takes_what_became_of_it_and_undo_brings_all_back(office: Office) -> None:
    event = add(office, "2026-11-20T10:00", rrule="FREQ=DAILY;COUNT=3")
    with office.store.work(office.actor, "calendar.move") as work:
        calendar.move(work, event, wall("2026-11-21T15:00"), occurrence=wall("2026-11-21T10:00"))
    before = everything(office)
    with office.store.work(office.actor, "calendar.delete") as work:
        calendar.remove(work, event)
    assert starts(office, "2026-11-19", "2026-11-30") == []
    assert reminders(office) == []
    undo(office.store, office.actor)
    assert everything(office) == before


def test_the_form_changes_everything_and_guards_against_a_lost_update(office: Office) -> None:
    event = add(office, "2026-11-20T10:00", rrule="FREQ=DAILY")
    with office.store.work(office.actor, "calendar.delete") as work:
        calendar.remove(work, event, occurrence=wall("2026-11-21T10:00"))
    with office.store.read() as connection:
        row = calendar_queries.event(connection, event)
    assert row is not None
    told = {
        "summary": " Weekly  planning ",
        "dtstart": wall("2026-11-23T09:00"),
        "dtend": wall("2026-11-23T09:30"),
        "all_day": False,
        "location": "Room 2",
        "rrule": "FREQ=WEEKLY",
        "reminder_minutes": 60,
    }
    with office.store.work(office.actor, "calendar.edit") as work:
        changed = calendar.change(work, event, expected_version=row.version, **told)  # type: ignore[arg-type]
    assert (changed.summary, changed.exdates) == ("Weekly planning", [])
    assert starts(office, "2026-11-20", "2026-12-01") == ["23.11 04:00", "30.11 04:00"]
    assert reminders(office) == ["23.11 03:00"]
    with pytest.raises(Conflict), office.store.work(office.actor, "calendar.edit") as work:
        calendar.change(work, event, expected_version=row.version, **told)  # type: ignore[arg-type]
    ends_before = {**told, "dtend": wall("2026-11-22T09:00")}
    with pytest.raises(Invalid), office.store.work(office.actor, "calendar.edit") as work:
        calendar.change(work, event, expected_version=changed.version, **ends_before)  # type: ignore[arg-type]


def test_c77_12_a_planned_call_is_moved_and_cancelled_with_its_reminder(office: Office) -> None:
    with office.store.work(office.actor, "setup") as work:
        interest = interests.add(work, "20 pumps", owner_id=office.user.key)
        call = interactions.plan_contact(work, interest.key, utc("2026-11-20T05:00"))
    with office.store.read() as connection:
        rows = calendar_queries.planned(connection, utc("2026-11-20"), utc("2026-11-21"), office.user.key)
    assert [(row.id, row.subject) for row in rows] == [(call.key, "20 pumps")]
    before = everything(office)
    with office.store.work(office.actor, "calendar.move") as work:
        interaction_moves.reschedule(work, call.key, utc("2026-11-23T05:00"))
    assert reminders(office)[-1] == "23.11 04:45"
    with office.store.facts("look") as work:
        assert work.get(Interest, interest.key).next_contact_at == utc("2026-11-23T05:00")
    undo(office.store, office.actor)
    assert everything(office) == before
    with office.store.work(office.actor, "calendar.delete") as work:
        interactions.cancel(work, call.key)
    with office.store.facts("look") as work:
        assert work.get(Interest, interest.key).next_contact_at is None
    with pytest.raises(Refused), office.store.work(office.actor, "calendar.move") as work:
        interaction_moves.reschedule(work, call.key, utc("2026-11-24T05:00"))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    zone=st.sampled_from(["Asia/Almaty", "Europe/Kyiv", "Europe/Berlin", "America/New_York"]),
    start=st.datetimes(wall("2026-01-01"), wall("2027-01-01")).map(
        lambda at: at.replace(second=0, microsecond=0)
    ),
    rule=st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=DAILY;INTERVAL=3"]),
    cut=st.integers(1, 29),
)
def test_two_windows_give_what_one_does(
    office: Office, zone: str, start: datetime, rule: str, cut: int
) -> None:
    key = add(office, start.isoformat(), zone=zone, rrule=rule, hours=0.5, lead=None)
    begin = (start + timedelta(days=40)).date()
    days = [(begin + timedelta(days=n)).isoformat() for n in (0, cut, 30)]
    whole = between(office, days[0], days[2])
    parts = between(office, days[0], days[1]) + between(office, days[1], days[2])
    assert sorted(set(parts), key=lambda one: one.starts_at) == whole
    with office.store.work(office.actor, "calendar.delete") as work:
        calendar.remove(work, key)
