"""Calendars of the company and of persons, and deadlines counted in them (BP-15)."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.event.working_hours_text import as_json, from_json, hours_text, parsed_days, parsed_hours
from crm_tui.domain.event.working_time import FIVE_DAYS, Hours
from crm_tui.domain.route.route_map import Duration, Unit
from crm_tui.services import users
from crm_tui.services.event import work_calendars
from crm_tui.services.inquiry import inquiries
from crm_tui.services.inquiry.intake_interest import Acceptance
from crm_tui.store.tables import Task
from crm_tui.store.tables.processes import WorkCalendar, WorkCalendarDay
from tests.domain.test_working_time import some_hours
from tests.services.conftest import Office

FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""17:00 in Almaty."""
H, D, MIN, CD = Unit.WORKING_HOURS, Unit.WORKING_DAYS, Unit.MINUTES, Unit.CALENDAR_DAYS


def due(office: Office, amount: int, unit: Unit, start: datetime = FRIDAY) -> str:
    """The deadline of the office's person as the clocks of UTC show it."""
    with office.store.read() as connection:
        return f"{work_calendars.deadline(connection, office.user.key, start, Duration(amount, unit)):%d.%m %H:%M}"


def test_bp_15_without_a_calendar_monday_to_friday_in_the_users_zone(office: Office) -> None:
    assert due(office, 4, H) == "23.11 07:00"
    assert due(office, 1, D) == "23.11 12:00"
    assert due(office, 90, MIN) == "20.11 13:30"
    assert due(office, 2, CD) == "22.11 12:00"
    with office.store.read() as connection:
        assert work_calendars.deadline(connection, None, FRIDAY, Duration(7, H)).hour == 10


def test_bp_15_the_companys_country_and_days_and_a_persons_own_over_them(office: Office) -> None:
    with office.store.work(office.actor, "calendar.change") as work:
        company = work_calendars.company(work)
        work_calendars.change(work, company, country="KZ", week=(((540, 780), (840, 1080)),) * 5 + ((), ()))
        work_calendars.set_day(work, company, date(2026, 11, 23), (), "Inventory")
        work_calendars.set_day(work, company, date(2026, 11, 28), ((540, 1080),))
    assert due(office, 5, H) == "24.11 08:00"
    assert due(office, 5, D) == "28.11 12:00"
    # Friday, 20 March; Nauryz until Wednesday.
    assert due(office, 2, H, datetime(2026, 3, 20, 12, tzinfo=UTC)) == "26.03 05:00"
    with office.store.work(office.actor, "calendar.change") as work:
        own = work_calendars.own(work, office.user.key)
        work_calendars.change(work, own, country="BY")
        work_calendars.set_day(work, own, date(2026, 11, 23), ((600, 720),))
    assert due(office, 3, H) == "23.11 07:00"
    assert due(office, 2, H, datetime(2026, 3, 20, 12, tzinfo=UTC)) == "23.03 05:00"
    with office.store.work(office.actor, "calendar.drop") as work:
        work_calendars.drop_own(work, office.user.key)
        assert [one.calendar_id for one in work.all(WorkCalendarDay)] == [company.key] * 2
        work_calendars.drop_day(work, company, date(2026, 11, 23))
        work_calendars.drop_day(work, company, date(2026, 11, 24))
        assert len(work.all(WorkCalendarDay)) == 1
    assert due(office, 2, H) == "23.11 05:00"


def test_bp_15_what_is_no_calendar_is_refused(office: Office) -> None:
    with office.store.work(office.actor, "calendar.change") as work:
        company = work_calendars.company(work)
        assert company.key == work_calendars.company(work).key
        for wrong in ({"week": ((),) * 7}, {"country": "XX"}):
            with pytest.raises(Invalid):
                work_calendars.change(work, company, **wrong)
        assert work_calendars.week_of(work.get(WorkCalendar, company.key).week) == FIVE_DAYS
    for amount, unit in ((10**6, H), (10**6, D), (10**12, MIN), (10**12, CD), (-1, H)):
        with pytest.raises(Invalid):
            due(office, amount, unit)


def test_bp_15_only_an_administrator_changes_what_is_not_his_own(office: Office) -> None:
    with office.store.facts("setup") as work:
        clerk = users.ensure(work, "clerk", zone="Europe/Kyiv")
    with office.store.work(users.actor_of(clerk), "calendar.change") as work:
        own = work_calendars.own(work, clerk.key)
        work_calendars.change(work, own, week=(((480, 1020),),) * 5 + ((), ()))
        company = work_calendars.company(work)
        for act in (
            lambda: work_calendars.change(work, company, country="UA"),
            lambda: work_calendars.set_day(work, company, date(2026, 12, 31), ()),
            lambda: work_calendars.drop_day(work, company, date(2026, 12, 31)),
        ):
            with pytest.raises(Refused):
                act()


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("9-18", ((540, 1080),)),
        ("9:00–13:00, 14:00–18:00", ((540, 780), (840, 1080))),
        ("14-18 9.30-13", ((570, 780), (840, 1080))),
        ("9-13;13-18", ((540, 1080),)),
        ("0-24", ((0, 1440),)),
        (" - ", ()),
        ("", ()),
    ],
)
def test_bp_15_hours_as_they_are_typed(typed: str, hours: Hours) -> None:
    assert parsed_hours(typed) == hours


@pytest.mark.parametrize(
    "typed", ["9", "18-9", "9-25", "9-18 x", "x 9-18", "9:60-18", "9-13, 12-18", "9-9", "now"]
)
def test_bp_15_what_is_no_hours_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        parsed_hours(typed)


@given(some_hours())
def test_bp_15_hours_are_shown_as_they_are_typed_and_kept(hours: Hours) -> None:
    joined = from_json(as_json(hours))
    assert parsed_hours(hours_text(hours)) == joined
    assert sum(until - begin for begin, until in joined) == sum(until - begin for begin, until in hours)


def test_bp_15_a_list_of_days_is_read_at_once(office: Office) -> None:
    text = "# decree\n2026-12-31; ; Before the feast\n\n2027-02-20, 9-17, Worked\n2027-02-22\t\n"
    with office.store.work(office.actor, "calendar.days") as work:
        assert work_calendars.set_days(work, work_calendars.company(work), text) == 3
        assert work_calendars.set_days(work, work_calendars.company(work), text) == 3
    with office.store.read() as connection:
        days = work_calendars.days_of(connection, work_calendars_key(office))
    assert days == {
        date(2026, 12, 31): ((), "Before the feast"),
        date(2027, 2, 20): (((540, 1020),), "Worked"),
        date(2027, 2, 22): ((), ""),
    }
    for wrong in ("31.12.2026; 9-18", "2026-12-31; nine", "2026-13-01"):
        with pytest.raises(Invalid) as error:
            parsed_days(f"\n{wrong}")
        assert error.value.facts["line"] == 2


def work_calendars_key(office: Office) -> int:
    """The id of the company's calendar."""
    with office.store.work(office.actor, "calendar.look") as work:
        return work_calendars.company(work).key


def test_bp_15_the_first_task_of_an_inquiry_is_due_by_the_calendar_of_whoever_accepts(office: Office) -> None:
    with office.store.work(office.actor, "calendar.day") as work:
        work_calendars.set_day(work, work_calendars.company(work), date(2026, 11, 20), ())
    letter = office.letter()
    with office.store.work(office.actor, "inquiry.accept") as work:
        accepted = inquiries.accept(work, letter.letter_id, Acceptance(purpose="purchase"))
        (task,) = work.all(Task, interest_id=accepted.interest_id)
    # Four hours from Thursday 16:40 on, without the Friday: Monday 11:40.
    assert task.due_at == datetime(2026, 11, 23, 6, 40, tzinfo=UTC)
