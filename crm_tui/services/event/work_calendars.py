"""Working calendars: the company's and those of persons; deadlines counted in them (BP-15).

A person's own calendar lies over the company's: its week is the person's, its days come before the company's, and its
country, where it names one, takes the place of the company's. Nobody's calendar is Monday to Friday, 9 to 18. Hours
are wall clock time in the zone of the user whom they are counted for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from sqlalchemy import Connection, bindparam, select

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.event import working_hours_text
from crm_tui.domain.event.public_holidays import COUNTRIES, country_days
from crm_tui.domain.event.working_time import (
    FIVE_DAYS,
    ORDINARY,
    Hours,
    WorkingCalendar,
    add_working_days,
    add_working_time,
)
from crm_tui.domain.route.route_map import Duration, Unit
from crm_tui.domain.text import clean
from crm_tui.domain.wall import to_utc, to_wall
from crm_tui.services import users
from crm_tui.services.process.process_object import zone_of_user
from crm_tui.store.tables import User, table_of
from crm_tui.store.tables.processes import WorkCalendar, WorkCalendarDay
from crm_tui.store.work import Work

Week = Sequence[Hours]
"""The hours of the seven weekdays, Monday first."""
_calendar = table_of(WorkCalendar)
_OF_USER = (
    select(_calendar)
    .where(_calendar.c.user_id.is_(None) | (_calendar.c.user_id == bindparam("of")))
    .order_by(_calendar.c.id)
)


def deadline(connection: Connection, user_id: int | None, start: datetime, duration: Duration) -> datetime:
    """When so much time has passed since ``start`` (UTC): working hours and days in the calendar of the user, or of
    the company where there is no user; calendar days keep the wall clock time.

    Raises Invalid where the calendar has too little working time in ten years, or there is no such date.
    """
    return clockwork(connection, user_id).deadline(start, duration)


@dataclass(frozen=True, slots=True)
class Clockwork:
    """The calendar and the zone of a user, for many deadlines."""

    calendar: WorkingCalendar
    zone: tzinfo

    def deadline(self, start: datetime, duration: Duration) -> datetime:
        """As the function of this name."""
        amount, zone = duration.amount, self.zone
        try:
            match duration.unit:
                case Unit.MINUTES:
                    return (start + timedelta(minutes=amount)).astimezone(UTC)
                case Unit.CALENDAR_DAYS:
                    return to_utc(to_wall(start, zone) + timedelta(days=amount), zone)
                case Unit.WORKING_DAYS:
                    return add_working_days(start, amount, zone, self.calendar)
                case Unit.WORKING_HOURS:
                    return add_working_time(start, timedelta(hours=amount), zone, self.calendar)
        except (ValueError, OverflowError):
            raise Invalid("no_working_time", amount=amount, unit=duration.unit.value) from None


def clockwork(connection: Connection, user_id: int | None) -> Clockwork:
    """The calendar and the zone of a user; the company's, in UTC, of nobody."""
    return Clockwork(calendar_of(connection, user_id), zone_of_user(connection, user_id))


def calendar_of(connection: Connection, user_id: int | None) -> WorkingCalendar:
    """The calendar in which this user works; the company's for nobody."""
    return shown(connection, user_id).calendar


@dataclass(frozen=True, slots=True)
class Shown:
    """The calendar of a user or of the company, as a screen shows it."""

    calendar: WorkingCalendar
    country: str
    """The country whose days it has; empty for none."""
    days: Mapping[date, tuple[Hours, str]]
    """The exceptions written into this calendar itself: hours and name."""
    is_own: bool
    """Whether the user, or the company, has one at all."""


def shown(connection: Connection, user_id: int | None, *, language: str = "en") -> Shown:
    """The calendar in which this user works, the company's for nobody; the holidays named in ``language``."""
    rows = connection.execute(_OF_USER, {"of": user_id}).all()
    # Two devices may each have made a calendar of the company: the first is the one.
    company = next((row for row in rows if row.user_id is None), None)
    own = next((row for row in rows if row.user_id is not None), None)
    layers = [row for row in (company, own) if row is not None]
    if not layers:
        return Shown(ORDINARY, "", {}, False)
    written = {layer.id: days_of(connection, layer.id) for layer in layers}
    exceptions = {day: hours for days in written.values() for day, (hours, _name) in days.items()}
    country = next((layer.country for layer in reversed(layers) if layer.country), "")
    mine = company if user_id is None else own
    return Shown(
        WorkingCalendar(week_of(layers[-1].week), exceptions, country_days(country, language)),
        country,
        written[mine.id] if mine is not None else {},
        mine is not None,
    )


def days_of(connection: Connection, calendar_id: int) -> dict[date, tuple[Hours, str]]:
    """The exceptions written into a calendar: hours and name."""
    day = table_of(WorkCalendarDay)
    rows = connection.execute(select(day).where(day.c.calendar_id == calendar_id).order_by(day.c.day))
    return {row.day: (working_hours_text.from_json(row.hours), row.name) for row in rows}


def week_of(kept: Mapping[str, Sequence[Sequence[str]]]) -> tuple[Hours, ...]:
    """A week as the store keeps it. Raises Invalid."""
    return tuple(working_hours_text.from_json(kept.get(str(day), ())) for day in range(7))


# verbs: a calendar that is not one's own is an administrator's to change (Refused)


def company(work: Work) -> WorkCalendar:
    """The company's calendar, made when there is none: Monday to Friday, 9 to 18."""
    return work.find(WorkCalendar, user_id=None) or _made(work, None)


def own(work: Work, user_id: int) -> WorkCalendar:
    """The user's own calendar, made when there is none, with the company's week."""
    work.get(User, user_id)
    return work.find(WorkCalendar, user_id=user_id) or _made(work, user_id)


def drop_own(work: Work, user_id: int) -> None:
    """From now on the user works as the company does."""
    calendar = work.find(WorkCalendar, user_id=user_id)
    if calendar is not None:
        _check_right(work, calendar)
        days = work.all(WorkCalendarDay, calendar_id=calendar.key)
        work.remove_many(WorkCalendarDay, [day.key for day in days])
        work.remove(calendar)


def change(
    work: Work, calendar: WorkCalendar, *, week: Week | None = None, country: str | None = None
) -> None:
    """Another week, or another country. Raises Invalid for a week in which no work is done, or an unknown country."""
    _check_right(work, calendar)
    if week is not None:
        if not any(week):
            raise Invalid("week_without_work")
        kept = {str(day): working_hours_text.as_json(hours) for day, hours in enumerate(week) if hours}
        work.change(calendar, week=kept, changed_at=work.now)
    if country is not None:
        if country and country not in COUNTRIES:
            raise Invalid("unknown_country", value=clean(country))
        work.change(calendar, country=country, changed_at=work.now)


def set_day(work: Work, calendar: WorkCalendar, day: date, hours: Hours, name: str = "") -> WorkCalendarDay:
    """An exception: a day off without hours, a shortened or a moved working day with them."""
    _check_right(work, calendar)
    kept, name = working_hours_text.as_json(hours), clean(name).strip()
    there = work.find(WorkCalendarDay, calendar_id=calendar.key, day=day)
    if there is None:
        return work.add(WorkCalendarDay(calendar_id=calendar.key, day=day, hours=kept, name=name))
    work.change(there, hours=kept, name=name)
    return there


def set_days(work: Work, calendar: WorkCalendar, text: str) -> int:
    """Exceptions from lines of text (``working_hours_text.parsed_days``); how many. Raises Invalid."""
    days = working_hours_text.parsed_days(text)
    for day, (hours, name) in days.items():
        set_day(work, calendar, day, hours, name)
    return len(days)


def set_days_off(work: Work, calendar: WorkCalendar, days: Mapping[date, str]) -> int:
    """Nobody works on these days (day → name); how many of them were written: on the others nobody did before."""
    known = calendar_of(work.connection, calendar.user_id)
    new = {day: name for day, name in days.items() if known.is_working_day(day)}
    for day, name in new.items():
        set_day(work, calendar, day, (), name)
    return len(new)


def drop_day(work: Work, calendar: WorkCalendar, day: date) -> None:
    """The day is again as week and country say."""
    _check_right(work, calendar)
    there = work.find(WorkCalendarDay, calendar_id=calendar.key, day=day)
    if there is not None:
        work.remove(there)


def _made(work: Work, user_id: int | None) -> WorkCalendar:
    like = work.find(WorkCalendar, user_id=None)
    week = {str(day): working_hours_text.as_json(hours) for day, hours in enumerate(FIVE_DAYS) if hours}
    return work.add(
        WorkCalendar(
            name="", user_id=user_id, week=like.week if like is not None else week, changed_at=work.now
        )
    )


def _check_right(work: Work, calendar: WorkCalendar) -> None:
    me = work.actor.user_id  # the program itself (the demo) needs none
    if me is not None and calendar.user_id != me and not users.may(work.connection, me, users.ADMIN):
        raise Refused("needs_an_administrator")
