"""Calendar: a week at a glance, or the agenda of what comes; events and planned calls side by side."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from textual.content import Content
from textual.messages import Layout
from textual.reactive import Reactive
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.event import dates
from crm_tui.domain.event.recurrence import Rule
from crm_tui.i18n import _
from crm_tui.screens.base import CrmScreen, Topics
from crm_tui.screens.event.calendar_book import CalendarBook
from crm_tui.screens.event.calendar_commands import CalendarCommands
from crm_tui.screens.event.calendar_details import EventDetails
from crm_tui.screens.event.calendar_source import CalendarSource
from crm_tui.screens.event.calendar_words import before_text, day_text, rule_text, span_text
from crm_tui.screens.event.day_run import DayItem
from crm_tui.screens.forms.prompt import Prompt
from crm_tui.screens.lists.list_search import ListSearch, SearchBar
from crm_tui.screens.task.task_dates import languages
from crm_tui.screens.wording import date_hint
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order
from crm_tui.widgets.week_view import Block, Blocks, DayColumn, WeekView

COLUMNS_FROM = 100
"""Narrower than so many cells a week is shown as a list of its days."""
WEEK = timedelta(days=7)
AGENDA_DAYS = 31
VIEWS = ("week", "agenda")
TOPICS = frozenset({"event", "interaction", "interest", "customer", "*"})


class CalendarScreen(ListSearch, CalendarCommands, CrmScreen[None]):
    """The calendar of the person at the keys."""

    SCOPES = ("calendar",)
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """Without the whole screen drawn anew for it, which the layout of the other view has just been."""
    CSS = """
    CalendarScreen .calendar-title { height: 1; text-style: bold; }
    CalendarScreen .calendar-detail { height: 1; color: $text-muted; }
    EventDetails .event-text { height: auto; max-height: 12; margin-top: 1; }
    """

    def compose_body(self) -> Iterable[Widget]:
        ports = self.shell.ports
        self._book = CalendarBook(self.store, self._user_id, ports.clock, ports.zone)
        self._source = CalendarSource(self._book)
        self._day = self._book.today()
        self._view = VIEWS[0]
        self._in_columns = True  # until it is arranged, the list has no say in where the cursor is
        self._list = RecordList(
            self._source,
            Order("time"),
            header=False,
            moved=self._list_moved,
            at_hand=self._source.is_at_hand,
            empty=Content(_("Nothing is planned. n: a new event.")),
        )
        self._week = WeekView(self._week_moved)
        yield Static(Content(""), classes="calendar-title")
        yield self._week
        yield self._list
        yield Static(Content(""), classes="calendar-detail")
        yield SearchBar(self._list)

    def on_mount(self) -> None:
        self._arrange()

    def on_resize(self) -> None:
        if self._wants_columns() != self._in_columns:
            self._arrange()

    # What is shown

    def reload(self) -> None:
        if self._in_columns:
            self._show_week(self._day, self._week.key)
        else:
            self._list.reload()
        self._show_detail()

    def store_changed(self, topics: Topics) -> None:
        if topics.keys() & TOPICS:
            self.reload()

    def session_state(self) -> dict[str, Any]:
        return {"view": self._view, "day": self._day.isoformat(), "seen": self._book.today().isoformat()}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        if state.get("view") in VIEWS:
            self._view = str(state["view"])
        if state.get("seen") == self._book.today().isoformat():  # of another day, today is of more use
            self._day = date.fromisoformat(str(state["day"]))
        self._arrange()

    def show_record(self, record_id: int) -> None:
        """Put the cursor on the event, on the day of its next occurrence. Raises NotFound."""
        row = self.event_row(record_id)
        today = self._book.today()
        coming = self._book.read(today, 366) if row.rrule else {}
        days = [one.day for one in coming.values() if one.is_event and one.record_id == record_id]
        self.show_item("event", record_id, min(days, default=row.dtstart.date()))

    def show_item(self, kind: str, record_id: int, day: date) -> None:
        self._go(day, anew=True)
        number = self._book.number_of(kind, record_id, day)
        if number is None:
            return
        if self._in_columns:
            self._show_week(day, number)
        else:
            self._list.go_to(number)

    def current_item(self) -> DayItem:
        key = self._week.key if self._in_columns else self._list.current_id
        item = self._book.item(key) if key is not None else None
        if item is None:
            raise Refused("nothing_chosen")
        return item

    def current_day(self) -> date:
        return self._day

    def _wants_columns(self) -> bool:
        return self._view == "week" and self.app.size.width >= COLUMNS_FROM

    def _arrange(self) -> None:
        """Show the widget that this view and this width ask for, and the day in it."""
        self._in_columns = self._wants_columns()
        self._week.display, self._list.display = self._in_columns, not self._in_columns
        (self._week if self._in_columns else self._list).focus()
        self._go(self._day, anew=True)
        self.post_message(Layout(self._week))  # else what is drawn anew comes first, in a frame of its own

    def _go(self, day: date, *, anew: bool = False) -> None:
        """Put the cursor on a day, reading what is not shown yet."""
        day = max(date.min + 2 * WEEK, min(date.max - 60 * WEEK, day))
        if self._in_columns:
            self._go_in_week(day, anew=anew)
        else:
            self._go_in_list(day, anew=anew)
        self._show_title()

    def _go_in_week(self, day: date, *, anew: bool) -> None:
        if anew or _monday(day) != _monday(self._day):
            self._show_week(day)
        else:
            self._week.go(day.weekday())

    def _go_in_list(self, day: date, *, anew: bool) -> None:
        self._day = day
        if self._view == "week":
            begin, days = _monday(day), 7
        else:
            begin, days = day, AGENDA_DAYS
        before = self._list.current_id
        number = None if anew else self._source.coming_on(day)
        if number is None:
            self._source.span(begin, days, agenda=self._view == "agenda")
            self._list.show(self._source, expected=self._source.expected())
            number = self._source.coming_on(day)
        if number is not None:
            self._list.go_to(number)
        if self._list.current_id == before:  # else the day is that of the row, which may come later
            self._day = day

    def _show_week(self, day: date, key: int | None = None) -> None:
        begin = _monday(day)
        self._day = day
        run = self._book.read(begin, 7)

        def block(number: int) -> Block:
            item = run[number]
            return Block(number, item.time, item.title, urgent=item.overlaps, dimmed=item.over)

        if key is None:
            key = self._book.first_to_come(run.on(day))
        week = [begin + timedelta(n) for n in range(7)]
        columns = [DayColumn(self._source.day_text(one).strip(), Blocks(run.on(one), block)) for one in week]
        self._week.show(columns, day.weekday(), key)

    def _show_title(self) -> None:
        today = self._book.today()
        if self._view == "week":
            monday = _monday(self._day)
            text = _("Week {number}: {first} – {last}").format(
                number=monday.isocalendar().week,
                first=day_text(monday, today),
                last=day_text(monday + timedelta(days=6), today),
            )
        else:
            last = self._source.begin + timedelta(days=AGENDA_DAYS - 1)
            text = _("Agenda: {first} – {last}").format(
                first=day_text(self._source.begin, today), last=day_text(last, today)
            )
        self.query_one(".calendar-title", Static).update(Content(f" {text}"), layout=False)

    def _show_detail(self) -> None:
        """The thing under the cursor in one line, in full."""
        try:
            item = self.current_item()
        except Refused:
            text = day_text(self._day, self._book.today())
        else:
            parts = [self._span(item), item.title, item.place]
            parts += [_("repeats")] * item.recurring + [_("! overlaps")] * item.overlaps
            text = " · ".join(part for part in parts if part)
        self.query_one(".calendar-detail", Static).update(Content(f" {text}"), layout=False)

    def _span(self, item: DayItem) -> str:
        return span_text(*self.wall_span(item), self._book.today(), all_day=item.all_day)

    # Messages of the two views

    def _week_moved(self) -> None:
        if self._in_columns:
            self._day = _monday(self._day) + timedelta(days=self._week.day)
            self._moved()

    def _list_moved(self) -> None:
        if not self._in_columns:
            number = self._list.current_id
            self._day = (self._source.day_of(number) if number is not None else None) or self._day
            self._moved()

    def on_week_view_opened(self, _event: WeekView.Opened) -> None:
        self._open()

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self._open()

    def _moved(self) -> None:
        self._show_detail()
        self.session_changed()

    def _open(self) -> None:
        item = self.current_item()
        if item.is_event:
            self.run_worker(self._show_details(item), group="command")
        elif item.interest_id is not None:
            self.shell.run_command("everywhere.show_interest", str(item.interest_id))

    async def _show_details(self, item: DayItem) -> None:
        row = self.event_row(item.record_id)
        facts = [(_("When"), self._span(item)), (_("Place"), item.place)]
        facts += [(_("Repeats"), rule_text(Rule.parse(row.rrule)))] if row.rrule else []
        facts += [(_("Reminder"), before_text(row.reminder_minutes))]
        facts += [(_("Interest"), row.interest or ""), (_("Customer"), row.customer or "")]
        shown = [(label, value) for label, value in facts if value]
        dialog = EventDetails(row.summary, shown, row.description, has_interest=row.interest_id is not None)
        if await self.app.push_screen_wait(dialog) == "open":
            self.shell.run_command("everywhere.show_interest", str(row.interest_id))

    # Commands that only move about

    def command_calendar_previous_day(self, argument: str = "") -> None:
        self._go(self._day - timedelta(days=1))

    def command_calendar_next_day(self, argument: str = "") -> None:
        self._go(self._day + timedelta(days=1))

    def command_calendar_previous_week(self, argument: str = "") -> None:
        self._go(self._day - WEEK)

    def command_calendar_next_week(self, argument: str = "") -> None:
        self._go(self._day + WEEK)

    def command_calendar_today(self, argument: str = "") -> None:
        self._go(self._book.today(), anew=True)

    async def command_calendar_go(self, argument: str = "") -> None:
        """To a date in words or figures."""
        typed = argument or await self.app.push_screen_wait(
            Prompt(_("Go to date"), preview=self._day_typed, hint=date_hint())
        )
        if typed:
            self._go(self._date(typed), anew=True)

    def command_calendar_view(self, argument: str = "") -> None:
        """The other view, or the one named."""
        other = VIEWS[1 - VIEWS.index(self._view)]
        self._view = argument if argument in VIEWS else other
        self._arrange()
        self.session_changed()

    def command_list_search(self, argument: str = "") -> None:
        """Searching is for the list: columns of a week make way for the agenda."""
        if self._in_columns:
            self.command_calendar_view("agenda")
        super().command_list_search(argument)

    def _date(self, typed: str) -> date:
        moment = dates.parse(typed, self._now(), self._zone(), languages())
        if moment is None:
            raise Invalid("not_a_date", value=typed)
        return moment.date

    def _day_typed(self, typed: str) -> str:
        return day_text(self._date(typed), self._book.today())


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
