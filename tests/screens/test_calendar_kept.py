"""What the calendar keeps of a reading is what reading anew would give, whoever changes what and by which clocks."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui.app import CrmApp
from crm_tui.domain.wall import day_start, to_wall
from crm_tui.screens.event.calendar import CalendarScreen
from crm_tui.screens.event.calendar_book import KEPT, CalendarBook
from crm_tui.screens.event.calendar_source import CalendarSource
from crm_tui.screens.event.day_run import DayItem, DayRun, Window
from crm_tui.screens.event.day_span import Span
from crm_tui.services.event import calendar
from crm_tui.services.event.occurrences import Occurrence
from crm_tui.services.interaction import interactions
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.ports import Ports
from crm_tui.services.session import StoredSession
from crm_tui.store.engine import Store
from crm_tui.store.tables import Event, Interest
from crm_tui.widgets.row_source import Order
from tests.screens.keyboard import settle
from tests.stores import TestClock

MONDAY = date(2026, 11, 16)
WINDOWS = (*((MONDAY + timedelta(7 * week), 7) for week in range(KEPT - 1)), (MONDAY, 31))
HOURS = st.integers(0, 24 * 24)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ("add", "series", "days", "call", "move", "remove", "rename", "elsewhere", "session", "time")
        ),
        HOURS,
    ),
    min_size=1,
    max_size=6,
)


def items(run: DayRun) -> list[DayItem]:
    return [run[number] for number in run]


def act(ports: Ports, other: Store, name: str, hour: int) -> None:
    """Change something, here or in another program."""
    user_id = ports.actor.user_id
    assert user_id is not None
    start = datetime.combine(MONDAY - timedelta(days=1), time()) + timedelta(hours=hour)
    store = other if name == "elsewhere" else ports.store
    if name == "time":
        assert isinstance(store.clock, TestClock)
        store.clock.move(hours=hour % 30)
        return
    if name == "session":
        StoredSession(store, user_id).save("place", {"hour": hour})
        return
    with store.work(ports.actor, "change") as work:
        ids = [event.key for event in work.all(Event)]
        if name == "call":
            (interest,) = work.all(Interest)
            interactions.plan_contact(work, interest.key, start.replace(tzinfo=UTC))
        elif name == "rename":
            (interest,) = work.all(Interest)
            work.change(interest, name=f"{hour} насосов")
        elif name == "move" and ids:
            calendar.move(work, ids[hour % len(ids)], start)
        elif name == "remove" and ids:
            calendar.remove(work, ids[hour % len(ids)])
        else:
            all_day = name == "days"
            begins = datetime.combine(start.date(), time()) if all_day else start
            calendar.add(
                work,
                f"{name} {hour}",
                dtstart=begins,
                dtend=begins
                + timedelta(days=hour % 3 + 1 if all_day else 0, hours=0 if all_day else hour % 40),
                zone=("Asia/Almaty", "Europe/Berlin")[hour % 2],
                owner_id=user_id,
                rrule="FREQ=DAILY;COUNT=9" if name == "series" else "",
                all_day=all_day,
            )


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_what_is_kept_is_what_a_fresh_reading_gives(ports: Ports, acts: Sequence[tuple[str, int]]) -> None:
    assert ports.actor.user_id is not None
    other = Store(ports.store.path, ports.store.clock)
    with ports.store.facts("setup") as work:
        scenarios.ensure_shipped(work)
    with ports.store.work(ports.actor, "setup") as work:
        if not work.all(Interest):
            interests.add(work, "20 насосов", owner_id=ports.actor.user_id)
    given = (ports.store, ports.actor.user_id, ports.clock, ports.zone)
    book = CalendarBook(*given)
    try:
        for name, hour in (("add", 50), *acts):
            act(ports, other, name, hour)
            fresh = CalendarBook(*given)
            for window in WINDOWS:
                run = book.read(*window)
                assert items(run) == items(fresh.read(*window))
                assert book.keeps(*window)
                assert [book.item(number) for number in run] == items(run)
    finally:
        other.close()


def test_a_reading_is_kept_over_what_does_not_concern_it_and_no_more_are_than_are_needed(
    ports: Ports,
) -> None:
    assert ports.actor.user_id is not None
    book = CalendarBook(ports.store, ports.actor.user_id, ports.clock, ports.zone)
    kept = book.read(MONDAY, 7)
    StoredSession(ports.store, ports.actor.user_id).save("place", {"cursor": 3})
    assert book.read(MONDAY, 7) is kept
    for week in range(1, KEPT + 1):
        book.read(MONDAY + timedelta(7 * week), 7)
    assert not book.keeps(MONDAY, 7)


ZONES = st.sampled_from(("America/St_Johns", "America/Havana", "Asia/Beirut", "Australia/Lord_Howe", "UTC"))
"""Clocks that are put forward or back at midnight, a minute after it, or by half an hour."""


@settings(max_examples=60, deadline=None)
@given(ZONES, st.sampled_from(("2006-04-02", "2006-10-29", "2026-03-29", "2026-11-01")), st.data())
def test_each_event_stands_on_the_days_that_its_span_has_by_the_clocks_of_the_person(
    zone_name: str, middle: str, data: st.DataObject
) -> None:
    zone, begin = ZoneInfo(zone_name), date.fromisoformat(middle) - timedelta(days=1)
    minutes = st.tuples(st.integers(-1500, 6000), st.sampled_from((0, 1, 30, 60, 1439, 1440, 3000)))
    low = day_start(begin, zone)
    events = [
        Occurrence(
            n,
            f"{n}",
            "",
            start,
            start + timedelta(minutes=length),
            False,
            low,
            "UTC",
            False,
            None,
            None,
        )
        for n, (start, length) in enumerate(
            sorted(
                (low + timedelta(minutes=at), length)
                for at, length in data.draw(st.lists(minutes, max_size=8))
            )
        )
    ]
    run = DayRun(Window(begin, 4, zone, zone_name, low), events, (), {})
    spans = {
        one.event_id: Span(to_wall(one.starts_at, zone), to_wall(one.ends_at, zone), all_day=False)
        for one in events
    }
    for day in (begin + timedelta(n) for n in range(4)):
        shown = {run[number].record_id: run[number].time for number in run.on(day)}
        end = begin + timedelta(days=4)
        assert shown == {
            key: span.text_on(day) for key, span in spans.items() if day in span.days(begin, end)
        }


def test_the_length_expected_of_a_long_agenda_is_near_the_one_read(ports: Ports) -> None:
    for hour in range(0, 20 * 24, 9):
        act(ports, ports.store, "add", hour)
    assert ports.actor.user_id is not None
    source = CalendarSource(CalendarBook(ports.store, ports.actor.user_id, ports.clock, ports.zone))
    source.span(MONDAY, 31, agenda=True)
    expected = source.expected()
    read = len(source.ids(Order("time"), ""))
    assert read > 40
    assert abs(read - expected) < read / 2
    assert source.expected() == 0  # it is known now


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_corp_14_the_line_below_follows_the_cursor_before_anything_is_drawn(
    app: CrmApp, ports: Ports, size: tuple[int, int]
) -> None:
    for hour in (124, 126, 162):  # Friday 4:00 and 6:00, Saturday 18:00
        act(ports, ports.store, "add", hour)
    async with app.run_test(size=size) as pilot:
        await pilot.press("3", "v")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, CalendarScreen)
        below = screen.query_one(".calendar-detail")
        seen = [str(below.render())]
        for _step in range(2):
            screen._list.cursor_down()
            seen.append(str(below.render()))
        assert [text.split(" · ")[1] for text in seen] == ["add 124", "add 126", "add 162"]
        assert screen.current_day() == date(2026, 11, 21)
