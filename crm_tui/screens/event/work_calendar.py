"""The working calendars: week, country and special days, of the company or of a person (BP-15)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from textual.content import Content
from textual.widgets import Static

from crm_tui.domain.errors import Refused
from crm_tui.domain.event.public_holidays import FIRST_YEAR, LAST_YEAR
from crm_tui.domain.event.working_hours_text import hours_text, parsed_hours
from crm_tui.domain.event.working_time import CountryDay, Hours, Special, WorkingCalendar
from crm_tui.domain.wall import to_wall
from crm_tui.i18n import N_, _, language, ngettext
from crm_tui.screens.event.work_calendar_file import WorkCalendarFile
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.task.task_dates import echo_of, typed_due
from crm_tui.screens.wording import weekday
from crm_tui.services.event import work_calendars
from crm_tui.store.queries import party_names
from crm_tui.store.tables.processes import WorkCalendar
from crm_tui.store.work import Work
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag, heading_id

MONDAY = date(2024, 1, 1)
COMPANY = "company"
COUNTRY_ROW = 8
"""Id of the row of the country; those of the weekdays are 1 to 7, those of days their ordinal numbers."""
COUNTRY_NAMES: Mapping[str, str] = {
    "RU": N_("Russia"),
    "UA": N_("Ukraine: holidays are worked during martial law"),
    "KZ": N_("Kazakhstan"),
    "BY": N_("Belarus"),
    "UZ": N_("Uzbekistan"),
    "KG": N_("Kyrgyzstan"),
}
WORDS: Mapping[Special, str] = {
    Special.OFF: N_("holiday"),
    Special.MOVED: N_("moved working day"),
    Special.SHORT: N_("an hour shorter"),
    Special.MOVED_SHORT: N_("moved working day, an hour shorter"),
}


class WorkCalendarScreen(WorkCalendarFile, ListScreen[None]):
    """The week, the country, and the days of one year that are unlike the week."""

    SCOPES = ("work_calendar",)
    TABLES = frozenset({"work_calendar", "work_calendar_day", "user"})

    def __init__(self) -> None:
        super().__init__()
        self._whose: int | None = None
        self._year = 0
        self._own_days: Mapping[date, tuple[Hours, str]] = {}
        self._calendar = WorkingCalendar()
        self._country = ""

    def list_title(self) -> str:
        if self._whose is None:
            return _("Working calendar of the company, {year}").format(year=self._year)
        name = dict(self._colleagues()).get(self._whose, "–")
        title = _("Working calendar of {name}, {year}").format(name=name, year=self._year)
        return title if self._has_own() else f"{title} · " + _("as the company's")

    def make_list(self) -> RecordList:
        self._year = self._year or self._today().year
        columns = (
            Column("day", _("Day"), width=12, sortable=False),
            Column("hours", _("Working hours"), width=24, sortable=False),
            Column("why", _("Why"), flex=1, min_width=24, sortable=False),
        )
        return RecordList(SmallSource(columns, self._rows), Order(""))

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("work_calendar.change")

    def session_state(self) -> dict[str, Any]:
        return {"whose": self._whose, "year": self._year}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        whose, year = state.get("whose"), state.get("year")
        self._whose = whose if isinstance(whose, int) else None
        self._year = year if isinstance(year, int) and FIRST_YEAR <= year <= LAST_YEAR else self._year
        self._again()

    # what is shown

    async def command_work_calendar_whose(self, argument: str = "") -> None:
        """The company's first, then one's own, then the others."""
        me = self._user_id
        people = sorted(self._colleagues(), key=lambda one: one[0] != me)
        options = [(COMPANY, _("The company")), *((str(key), name) for key, name in people)]
        chosen = await self.app.push_screen_wait(Choice(_("Whose calendar"), options))
        if chosen is not None:
            self._whose = None if chosen == COMPANY else int(chosen)
            self._again()

    def command_work_calendar_later(self, argument: str = "") -> None:
        self._year = min(self._year + 1, LAST_YEAR)
        self._again()

    def command_work_calendar_earlier(self, argument: str = "") -> None:
        self._year = max(self._year - 1, FIRST_YEAR)
        self._again()

    def reload(self) -> None:
        self._again()

    def _again(self) -> None:
        self._list.reload()
        self.query_one(".card-title", Static).update(Content(self.list_title()))
        self.session_changed()

    # what is changed

    async def command_work_calendar_change(self, argument: str = "") -> None:
        """The weekday, the country or the day under the cursor."""
        row = self._list.current_id
        if row is None:
            raise Refused("nothing_chosen")
        if row == COUNTRY_ROW:
            await self._change_country()
        elif row < COUNTRY_ROW:
            await self._change_weekday(row - 1)
        else:
            day = date.fromordinal(row)
            name = self._own_days.get(day, ((), ""))[1] or self._law(day).name
            await self._ask_day(f"{day:%d.%m.%Y}", self._calendar.hours_of(day), name)

    async def command_work_calendar_add(self, argument: str = "") -> None:
        await self._ask_day("", (), "")

    async def command_work_calendar_remove(self, argument: str = "") -> None:
        row = self._list.current_id
        day = date.fromordinal(row) if row is not None and row > COUNTRY_ROW else None
        if day is None or day not in self._own_days:
            raise Refused("calendar_day_not_own")
        await self.act(
            "calendar.drop_day", lambda work: work_calendars.drop_day(work, self.calendar_shown(work), day)
        )

    async def command_work_calendar_drop(self, argument: str = "") -> None:
        whose = self._whose
        if whose is None or not self._has_own():
            raise Refused("calendar_of_company")
        await self.act("calendar.drop", lambda work: work_calendars.drop_own(work, whose))

    async def command_work_calendar_days(self, argument: str = "") -> None:
        """One a line; what is not understood keeps the form open."""

        async def save(filled: Mapping[str, str]) -> None:
            count = await self.act(
                "calendar.days",
                lambda work: work_calendars.set_days(work, self.calendar_shown(work), filled["days"]),
            )
            self.shell.say(ngettext("{n} day written.", "{n} days written.", count).format(n=count))

        await self.app.push_screen_wait(
            FormDialog(
                _("Many days"),
                [Field("days", _("Days"), lines=8)],
                save=save,
                intro=_("One a line, like 2026-12-31; 9-16; Short day. Without hours it is a day off."),
                kept_as="work-calendar-days",
            )
        )

    async def _change_weekday(self, number: int) -> None:
        day = MONDAY + timedelta(days=number)
        typed = await self.app.push_screen_wait(
            Prompt(
                _("Working hours on {day}").format(day=weekday(day)),
                hours_text(self._calendar.week[number]),
                preview=_hours_words,
                hint=_("9-18, or 9:00-13:00, 14:00-18:00; nothing for a day off"),
                may_be_empty=True,
            )
        )
        if typed is not None:
            week = list(self._calendar.week)
            week[number] = parsed_hours(typed)
            await self.act(
                "calendar.week",
                lambda work: work_calendars.change(work, self.calendar_shown(work), week=week),
            )

    async def _change_country(self) -> None:
        none = _("none") if self._whose is None else _("the company's")
        options = [("", none), *((code, f"{code} {_(name)}") for code, name in COUNTRY_NAMES.items())]
        chosen = await self.app.push_screen_wait(Choice(_("Holidays of which country"), options))
        if chosen is not None:
            await self.act(
                "calendar.country",
                lambda work: work_calendars.change(work, self.calendar_shown(work), country=chosen),
            )

    async def _ask_day(self, day: str, hours: Hours, name: str) -> None:
        async def save(filled: Mapping[str, str]) -> None:
            when, worked = self._typed_day(filled["day"]), parsed_hours(filled["hours"])
            await self.act(
                "calendar.day",
                lambda work: work_calendars.set_day(
                    work, self.calendar_shown(work), when, worked, filled["name"]
                ),
            )
            self._year = when.year

        await self.app.push_screen_wait(
            FormDialog(
                _("Day of the calendar"),
                [
                    Field("day", _("Day"), day, note=lambda text: echo_of(text, self._now(), self._zone())),
                    Field("hours", _("Working hours"), hours_text(hours), note=_hours_words),
                    Field("name", _("Name"), name),
                ],
                save=save,
                intro=_("Without hours it is a day off."),
                kept_as="work-calendar-day",
            )
        )
        self._again()

    # what is read

    def calendar_shown(self, work: Work) -> WorkCalendar:
        return work_calendars.company(work) if self._whose is None else work_calendars.own(work, self._whose)

    def _typed_day(self, text: str) -> date:
        at, all_day = typed_due(text, self._now(), self._zone())
        return to_wall(at - timedelta(seconds=1) if all_day else at, self._zone()).date()

    def _colleagues(self) -> list[tuple[int, str]]:
        with self.store.read() as connection:
            return party_names.colleagues(connection)

    def _has_own(self) -> bool:
        with self.store.read() as connection:
            return work_calendars.shown(connection, self._whose).is_own

    def _law(self, day: date) -> CountryDay:
        return self._calendar.country(day.year).get(day) or CountryDay(Special.OFF, "")

    def _rows(self) -> Sequence[Row]:
        with self.store.read() as connection:
            shown = work_calendars.shown(connection, self._whose, language=language())
        self._calendar, self._own_days, self._country = shown.calendar, shown.days, shown.country
        week = [
            Row(1 + number, (weekday(MONDAY + timedelta(days=number)), _hours(hours), ""))
            for number, hours in enumerate(self._calendar.week)
        ]
        name = f"{self._country} {_(COUNTRY_NAMES[self._country])}" if self._country else _("none")
        return [
            Row(heading_id(0), (_("Ordinary week"), "", "")),
            *week,
            Row(COUNTRY_ROW, (_("Holidays of"), name, "")),
            Row(heading_id(1), (_("Days unlike the week, {year}").format(year=self._year), "", "")),
            *(self._day_row(day) for day in self._days_of_year()),
        ]

    def _days_of_year(self) -> list[date]:
        days = {*self._calendar.exceptions, *self._calendar.country(self._year)}
        return sorted(day for day in days if day.year == self._year)

    def _day_row(self, day: date) -> Row:
        hours, law = self._calendar.hours_of(day), self._calendar.country(day.year).get(day)
        if day in self._calendar.exceptions:
            whose = _("written here") if day in self._own_days else _("the company's")
            name = self._own_days[day][1] if day in self._own_days else ""
            why = f"{whose} · {name}" if name else whose
        else:
            assert law is not None
            why = law.name if law.special is Special.OFF and law.name else _(WORDS[law.special])
        flags = RowFlag.NONE if hours != self._calendar.week[day.weekday()] else RowFlag.DIMMED
        return Row(day.toordinal(), (f"{weekday(day)} {day:%d.%m}", _hours(hours), why), flags)


def _hours(hours: Hours) -> str:
    return hours_text(hours).replace("-", "–") if hours else _("day off")


def _hours_words(typed: str) -> str:
    return _hours(parsed_hours(typed))
