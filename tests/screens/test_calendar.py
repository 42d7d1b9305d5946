"""The calendar by keyboard alone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.event.calendar import CalendarScreen
from crm_tui.screens.event.calendar_book import CalendarBook
from crm_tui.screens.interest.interest_card import InterestScreen
from crm_tui.services.event import calendar
from crm_tui.services.interaction import interactions
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.ports import Ports
from crm_tui.store.tables import Event
from tests.screens.keyboard import screen_text, settle, type_text

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


def add(
    ports: Ports, summary: str, start: str, *, hours: float = 1, zone: str = "Asia/Almaty", rrule: str = ""
) -> int:
    """An event by wall clock; its id."""
    dtstart = datetime.fromisoformat(start)
    with ports.store.work(ports.actor, "setup") as work:
        assert ports.actor.user_id is not None
        event = calendar.add(
            work,
            summary,
            dtstart=dtstart,
            dtend=dtstart + timedelta(hours=hours),
            zone=zone,
            owner_id=ports.actor.user_id,
            rrule=rrule,
            reminder_minutes=None,
        )
        return event.key


def events(ports: Ports) -> list[tuple[str, str, str]]:
    """Summary, start and rule of all events."""
    with ports.store.facts("look") as work:
        return [(one.summary, one.dtstart.isoformat(" ", "minutes"), one.rrule) for one in work.all(Event)]


@SIZES
@pytest.mark.parametrize(
    ("new", "move", "delete", "undo"),
    [("n", "z", "D", "u"), ("т", "я", "В", "г")],
    ids=["latin", "russian"],
)
async def test_corp_14_add_in_words_move_delete_and_undo(
    app: CrmApp, ports: Ports, new: str, move: str, delete: str, undo: str, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("3", new)
        await settle(pilot)
        await type_text(pilot, "Встреча с Ольгой пт 15:00-16:00")
        await settle(pilot)
        assert "Встреча с Ольгой: Fri 20.11 15:00–16:00" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert events(ports) == [("Встреча с Ольгой", "2026-11-20 15:00", "")]
        assert "Fri 20.11 15:00–16:00 · Встреча с Ольгой" in screen_text(app)
        await pilot.press(move)
        await settle(pilot)
        await type_text(pilot, "17:30")
        await settle(pilot)
        assert "Fri 20.11 17:30–18:30" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert events(ports) == [("Встреча с Ольгой", "2026-11-20 17:30", "")]
        await pilot.press(delete)
        await settle(pilot)
        assert events(ports) == []
        assert "17:30" not in screen_text(app)
        await pilot.press(undo)
        await settle(pilot)
        assert events(ports) == [("Встреча с Ольгой", "2026-11-20 17:30", "")]
        assert "17:30–18:30" in screen_text(app)


@SIZES
async def test_c77_20_a_series_in_words_is_echoed_and_one_of_it_moved(
    app: CrmApp, ports: Ports, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("3", "n")
        await settle(pilot)
        await type_text(pilot, "Standup every weekday 9:30")
        await settle(pilot)
        assert "Standup: every weekday, first Fri 20.11 09:30–10:30" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("z")
        await settle(pilot)
        await type_text(pilot, "11:00")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        weekdays = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
        assert events(ports) == [
            ("Standup", "2026-11-20 09:30", weekdays),
            ("Standup", "2026-11-20 11:00", ""),
        ]
        assert "Fri 20.11 11:00–12:00 · Standup" in screen_text(app)
        await pilot.press("u")
        await settle(pilot)
        assert events(ports) == [("Standup", "2026-11-20 09:30", weekdays)]
        await pilot.press("L")
        await settle(pilot)
        assert screen_text(app).count("09:30–10:30") >= 5
        await pilot.press("D")
        await settle(pilot)
        await pilot.press("2")
        await settle(pilot)
        assert events(ports) == []


async def test_a_line_without_a_date_says_what_is_missing(app: CrmApp, ports: Ports) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3", "n")
        await settle(pilot)
        await type_text(pilot, "Lunch")
        await pilot.press("enter")
        await settle(pilot)
        assert "! Say when" in screen_text(app)
        assert events(ports) == []


@SIZES
async def test_corp_20_the_form_of_an_event(app: CrmApp, ports: Ports, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("3", "n", "enter")
        await settle(pilot)
        await type_text(pilot, "Совет")
        await pilot.press("tab")
        await type_text(pilot, "25.11 10:00")
        await pilot.press("tab")
        await type_text(pilot, "9:00 24.11")
        await pilot.press("tab")
        await type_text(pilot, "Зал")
        await pilot.press("tab")
        await type_text(pilot, "каждую среду")
        await settle(pilot)
        assert "every Wed" in screen_text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "The end is before the start." in screen_text(app)
        await pilot.press("shift+tab", "shift+tab")
        await type_text(pilot, "11:30")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert events(ports) == [("Совет", "2026-11-25 10:00", "FREQ=WEEKLY;BYDAY=WE")]
        assert "Wed 25.11 10:00–11:30 · Совет · Зал · repeats" in screen_text(app)
        await pilot.press("e")
        await settle(pilot)
        assert "This changes the whole series." in screen_text(app)
        await type_text(pilot, "!")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert [one[0][-1] for one in events(ports)] == ["!"]
        await pilot.press("enter")
        await settle(pilot)
        assert "15 minutes before" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, CalendarScreen)


async def test_a_week_in_columns_wide_and_in_rows_narrow(app: CrmApp, ports: Ports) -> None:
    add(ports, "Planning", "2026-11-16T10:00", rrule="FREQ=WEEKLY;BYDAY=MO,TH")
    add(ports, "Night shift", "2026-11-20T23:00", hours=2.5)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("3")
        await settle(pilot)
        heads = screen_text(app).splitlines()[2]
        assert [day in heads for day in ("Mon 16.11", "[Thu 19.11]", "Sun 22.11")] == [True] * 3
        assert "23:00–" in screen_text(app)
        assert "–01:30" in screen_text(app)
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        lines = screen_text(app).splitlines()
        assert [line.split()[:2] for line in lines[2:5]] == [
            ["Mon", "16.11"],
            ["Tue", "17.11"],
            ["Wed", "18.11"],
        ]
        assert "10:00–11:00  Planning" in lines[2]
        assert lines[5].startswith("▌")  # the cursor stays on the day
        await pilot.resize_terminal(60, 16)
        await settle(pilot)
        assert "Night shift" in screen_text(app)


WALKS = (
    ("l", "Fri 20.11"),
    ("h", "Wed 18.11"),
    ("hhhh", "Sun 15.11"),
    ("L", "Thu 26.11"),
    ("HH", "Thu 05.11"),
    ("LLh", "Wed 02.12"),
    ("дд", "Sat 21.11"),
    ("Д", "Thu 26.11"),
)


@SIZES
async def test_days_and_weeks_by_single_keys(app: CrmApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("3")
        await settle(pilot)
        for keys, day in WALKS:
            await pilot.press("T", *keys)
            await settle(pilot)
            assert isinstance(app.screen, CalendarScreen)
            assert (keys, app.screen.current_day().strftime("%a %d.%m")) == (keys, day)
            assert f" {day}" in screen_text(app).splitlines()[-2]


async def test_go_to_a_typed_date_and_the_view_is_remembered(app: CrmApp, ports: Ports) -> None:
    add(ports, "Fair", "2027-03-05T10:00")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("3", "J")
        await settle(pilot)
        await type_text(pilot, "5 марта")
        await settle(pilot)
        assert "Fri 05.03.2027" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert "Fair" in screen_text(app)
        await pilot.press("v")
        await settle(pilot)
        assert "Agenda: Fri 05.03.2027" in screen_text(app)
        app.save_session()
    again = CrmApp(ports)
    async with again.run_test(size=(120, 40)) as pilot:
        await pilot.press("3")
        await settle(pilot)
        assert "Agenda: Fri 05.03.2027" in screen_text(again)
        assert "Fair" in screen_text(again)


async def test_search_shows_the_agenda_of_what_is_found(app: CrmApp, ports: Ports) -> None:
    add(ports, "Fair", "2026-11-20T10:00")
    add(ports, "Dinner", "2026-11-20T19:00")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("3", "/")
        await settle(pilot)
        await type_text(pilot, "din")
        await settle(pilot)
        assert "Dinner" in screen_text(app)
        assert "Fair" not in screen_text(app)


async def test_overlaps_and_times_of_other_zones_are_told(app: CrmApp, ports: Ports) -> None:
    add(ports, "Kyiv office", "2026-11-20T09:00", zone="Europe/Kyiv")
    add(ports, "Review", "2026-11-20T12:30")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3", "l")
        await settle(pilot)
        text = screen_text(app)
        assert "12:00–13:00  Kyiv office" in text
        assert "09:00 Europe/Kyiv" in text
        rows = [line for line in text.splitlines() if "Kyiv office " in line or "Review" in line]
        assert [line[3] for line in rows[:2]] == ["!", "!"]
        assert "! overlaps" in text


async def test_a_planned_call_stands_in_the_calendar_and_opens_its_interest(
    app: CrmApp, ports: Ports
) -> None:
    with ports.store.facts("setup") as work:
        scenarios.ensure_shipped(work)
    with ports.store.work(ports.actor, "setup") as work:
        assert ports.actor.user_id is not None
        interest = interests.add(work, "20 насосов", owner_id=ports.actor.user_id)
        interactions.plan_contact(work, interest.key, datetime(2026, 11, 20, 5, tzinfo=UTC))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("3", "l")
        await settle(pilot)
        assert "Fri 20.11 10:00 · Call: 20 насосов" in screen_text(app)
        await pilot.press("z")
        await settle(pilot)
        await type_text(pilot, "monday")
        await pilot.press("enter")
        await settle(pilot)
        assert "Why is it put off?" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert "Mon 23.11 10:00 · Call: 20 насосов" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, InterestScreen)


@SIZES
async def test_many_events_of_a_day_are_all_reached(app: CrmApp, ports: Ports, size: tuple[int, int]) -> None:
    for number in range(30):
        add(ports, f"Event {number:02}", f"2026-11-19T{8 + number // 4:02}:{number % 4 * 15:02}", hours=0.25)
    async with app.run_test(size=size) as pilot:
        await pilot.press("3", "g", "g")
        await settle(pilot)
        for _step in range(40):
            await pilot.press("j")
        await settle(pilot)
        if size[0] < 100:
            await pilot.press(*"kkk")
            await settle(pilot)
        assert "Event 29" in screen_text(app).splitlines()[-2]
        await pilot.press("g", "g")
        await settle(pilot)
        if size[0] >= 100:
            assert "Event 00" in screen_text(app).splitlines()[-2]


async def test_an_event_is_shown_from_any_place(app: CrmApp, ports: Ports) -> None:
    later = add(ports, "Audit", "2026-12-24T10:00")
    series = add(ports, "Planning", "2025-01-06T10:00", rrule="FREQ=WEEKLY;BYDAY=MO")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        app.run_command("everywhere.show_event", str(later))
        await settle(pilot)
        assert "Thu 24.12 10:00–11:00 · Audit" in screen_text(app)
        app.run_command("everywhere.show_event", str(series))
        await settle(pilot)
        assert "Mon 23.11 10:00–11:00 · Planning" in screen_text(app)
        app.run_command("everywhere.show_event", "999")
        await settle(pilot)
        assert "This is not there any more." in screen_text(app)


def test_the_cursor_follows_what_was_moved_to_later_the_same_day(ports: Ports) -> None:
    event_id = add(ports, "Presentation", "2026-11-20 10:00")
    day = date(2026, 11, 20)
    assert ports.actor.user_id is not None
    book = CalendarBook(ports.store, ports.actor.user_id, ports.clock, ports.zone)
    book.read(day, 1)
    with ports.store.work(ports.actor, "setup") as work:
        calendar.move(work, event_id, datetime.fromisoformat("2026-11-20 15:00"))
    book.read(day, 1)
    number = book.number_of("event", event_id, day)
    assert number is not None
    item = book.item(number)
    assert item is not None
    assert item.time == "15:00–16:00"
