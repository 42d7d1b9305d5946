"""The working calendars by keyboard alone (BP-15)."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.route.route_map import Duration, Unit
from crm_tui.screens.event.work_calendar import WorkCalendarScreen
from crm_tui.screens.forms.form import FormDialog
from crm_tui.screens.forms.path_prompt import PathPrompt
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.services import users
from crm_tui.services.event import work_calendars
from crm_tui.services.ports import Ports
from tests.parsing.test_days_off import calendar
from tests.screens.keyboard import screen_text, type_text
from tests.waiting import settled

KEYS = {"latin": ("n", "e", "o"), "cyrillic": ("т", "у", "щ")}


def friday_and(ports: Ports, hours: int) -> str:
    """So many working hours after Friday 17:00 in Almaty, in UTC."""
    with ports.store.read() as connection:
        start = datetime(2026, 11, 20, 12, tzinfo=UTC)
        due = work_calendars.deadline(
            connection, ports.actor.user_id, start, Duration(hours, Unit.WORKING_HOURS)
        )
    return f"{due:%a %H:%M}"


@pytest.mark.parametrize(("layout", "size"), [("latin", (80, 24)), ("cyrillic", (120, 40))])
async def test_bp_15_the_companys_week_country_and_days_are_edited_by_keyboard(
    app: CrmApp, ports: Ports, layout: str, size: tuple[int, int]
) -> None:
    new, edit, whose = KEYS[layout]
    with ports.store.facts("setup") as work:
        work.change(work.get(type(users.current(ports.store)), ports.actor.user_id or 0), zone="Asia/Almaty")
    async with app.run_test(size=size) as pilot:
        await type_text(pilot, ":work_calendar\n")
        await settled(pilot, lambda: "09:00–18:00" in screen_text(app))
        # Monday: with lunch.
        await pilot.press(edit)
        await settled(pilot, lambda: isinstance(app.screen, Prompt))
        await pilot.press("ctrl+u")
        await type_text(pilot, "9-13 14-25")
        await settled(pilot, lambda: "are no working hours" in screen_text(app))
        await pilot.press("backspace", "backspace", "1", "8", "enter")
        await settled(pilot, lambda: "09:00–13:00, 14:00–18:00" in screen_text(app))
        assert friday_and(ports, 6) == "Mon 10:00"
        # The country, below the week.
        await pilot.press(*["down"] * 7, "enter")
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await type_text(pilot, "Kaz")
        await pilot.press("enter")
        await settled(pilot, lambda: "KZ Kazakhstan" in screen_text(app))
        # Next Monday off.
        await pilot.press(new)
        await settled(pilot, lambda: isinstance(app.screen, FormDialog))
        await type_text(pilot, "23.11.2026")
        await pilot.press("down", "down")
        await type_text(pilot, "Inventory")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: isinstance(app.screen, WorkCalendarScreen))
        await pilot.press("G", "up")
        await settled(pilot, lambda: "Inventory" in screen_text(app))
        assert friday_and(ports, 4) == "Tue 07:00"
        # A calendar of one's own over it.
        await pilot.press(whose)
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("2")
        await settled(pilot, lambda: "as the company's" in screen_text(app))
    with ports.store.read() as connection:
        known = work_calendars.shown(connection, None)
    assert known.days == {date(2026, 11, 23): ((), "Inventory")}
    assert known.country == "KZ"


async def test_bp_15_a_calendar_of_ones_own_is_made_by_its_first_day_and_given_up(
    app: CrmApp, ports: Ports
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        company = work_calendars.company(work)
        work_calendars.change(work, company, country="RU")
    async with app.run_test(size=(80, 24)) as pilot:
        app.run_command("everywhere.work_calendar")
        await settled(pilot, lambda: "RU Russia" in screen_text(app))
        await pilot.press("o")
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("2")
        await settled(pilot, lambda: "as the company's" in screen_text(app))
        await pilot.press("right_square_bracket")
        await settled(pilot, lambda: "unlike the week, 2027" in screen_text(app))
        # Many at once: the second line is refused until it is mended.
        await pilot.press("i")
        await settled(pilot, lambda: isinstance(app.screen, FormDialog))
        await type_text(pilot, "2027-02-19; 9-14; Short\n2027-02-30")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "Line 2 is no day" in screen_text(app))
        await pilot.press("backspace", "backspace", "2", "4", "ctrl+s")
        await settled(pilot, lambda: "2 days written" in screen_text(app))
        await type_text(pilot, "/Short")
        await pilot.press("enter")
        await settled(pilot, lambda: "Fri 19.02" in screen_text(app) and "Wed 24.02" not in screen_text(app))
        await pilot.press("x")
        await settled(pilot, lambda: "Fri 19.02" not in screen_text(app))
        await pilot.press("escape")
        await settled(pilot, lambda: "Fri 01.01" in screen_text(app))
        # The moved Saturday is the law's: nothing of it is written here.
        await type_text(pilot, "/moved")
        await pilot.press("enter")
        await settled(pilot, lambda: "Sat 20.02" in screen_text(app))
        await pilot.press("x")
        await settled(pilot, lambda: "Nothing is written about" in screen_text(app))
        await pilot.press("escape", "D")
        await settled(pilot, lambda: "as the company's" in screen_text(app))
    with ports.store.read() as connection:
        assert not work_calendars.shown(connection, ports.actor.user_id).is_own
        assert work_calendars.shown(connection, None).days == {}


async def test_bp_15_days_off_come_out_of_a_calendar_file(app: CrmApp, ports: Ports, tmp_path: Path) -> None:
    file = tmp_path / "holidays.ics"
    events = (
        "DTSTART;VALUE=DATE:20261123\r\nSUMMARY:Наурыз",
        "DTSTART;VALUE=DATE:20261122",
        "DTSTART:20261124T090000Z",
    )
    file.write_bytes(calendar(*events))
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, ":work_calendar\n")
        await settled(pilot, lambda: "09:00–18:00" in screen_text(app))
        await pilot.press("I")
        await settled(pilot, lambda: isinstance(app.screen, PathPrompt))
        await pilot.press("ctrl+u")
        await type_text(pilot, str(file))
        await pilot.press("enter")
        await settled(pilot, lambda: "1 day off written" in screen_text(app))
        text = screen_text(app)
        assert "Mon 23.11" in text
        assert "Наурыз" in text
        assert "Nobody worked on 1 before." in text, "a Sunday"
        assert friday_and(ports, 7) == "Tue 10:00", "in UTC, where the person of the tests lives"
        await pilot.press("u")
        await settled(pilot, lambda: "Наурыз" not in screen_text(app))
