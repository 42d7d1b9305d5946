"""What can be done with an event: add, change, move, delete; also move and cancel a planned call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import Invalid, NotFound
from crm_tui.domain.event import dates, event_line
from crm_tui.domain.event.recurrence import Rule
from crm_tui.domain.wall import to_utc, to_wall
from crm_tui.i18n import _
from crm_tui.screens.event.calendar_book import to_own_clock, whole_days
from crm_tui.screens.event.calendar_form import EventForm
from crm_tui.screens.event.calendar_words import rule_text, span_text
from crm_tui.screens.event.day_run import DayItem
from crm_tui.screens.forms.form import FormDialog
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.interaction.interaction_acts import InteractionActs
from crm_tui.screens.task.task_dates import languages
from crm_tui.screens.wording import date_hint
from crm_tui.services.event import calendar
from crm_tui.services.interaction import interactions
from crm_tui.store.queries import calendar as calendar_queries
from crm_tui.store.queries.calendar import EventRow
from crm_tui.store.tables import Event
from crm_tui.store.work import Work

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    class Base(InteractionActs, CrmScreen[Any]):
        pass
else:
    Base = InteractionActs


@dataclass(frozen=True, slots=True)
class Target:
    """Where something is moved to, by the person's clock."""

    start: datetime
    end: datetime


class CalendarCommands(Base):
    """For a screen that has a cursor on calendar items."""

    def current_item(self) -> DayItem:
        """What the cursor stands on. Raises Refused when that is nothing."""
        raise NotImplementedError

    def current_day(self) -> date:
        """The day that the cursor stands on."""
        raise NotImplementedError

    def show_item(self, kind: str, record_id: int, day: date) -> None:
        """Read anew and put the cursor there."""
        raise NotImplementedError

    def record_here(self) -> tuple[str, int]:
        """For commands that work with any record (`screens.record.record_here`)."""
        item = self.current_item()
        return "event" if item.is_event else "interaction", item.record_id

    async def command_calendar_new(self, argument: str = "") -> None:
        """An event in one line; an empty line opens the form."""
        line: str | None = argument
        if not argument:
            line = await self.app.push_screen_wait(
                Prompt(
                    _("New event (nothing typed: a form)"),
                    preview=self._understood,
                    may_be_empty=True,
                    kept_as="event-line",
                )
            )
        if line is None:
            return
        if not line.strip():
            await self._fill_in(None)
            return
        told = event_line.read(line, self._now(), self._zone(), languages())
        event = await self.act(
            "calendar.new",
            lambda work: calendar.add(
                work,
                told.summary,
                dtstart=told.dtstart,
                dtend=told.dtend,
                zone=self.shell.ports.zone,
                owner_id=self._user_id,
                rrule=str(told.rule or ""),
                all_day=told.all_day,
            ),
        )
        self.show_item("event", event.key, told.dtstart.date())
        self.shell.say(_("Added: {title}").format(title=event.summary))

    async def command_calendar_edit(self, argument: str = "") -> None:
        """Change the event in a form; a planned call is changed in its Interest."""
        item = self.current_item()
        if item.is_event:
            await self._fill_in(self.event_row(item.record_id))
        else:
            self.shell.run_command("everywhere.show_interaction", str(item.record_id))

    async def command_calendar_move(self, argument: str = "") -> None:
        """Another time; of a series, for this one or for all."""
        item = self.current_item()
        text = argument or await self.app.push_screen_wait(
            Prompt(_("Move to"), preview=lambda typed: self._target_text(typed, item), hint=date_hint())
        )
        if not text:
            return
        target = self._target(text, item)
        if item.is_event:
            event = await self._move_event(item, target)
            if event is None:
                return
            record_id = event.key
        else:
            at = to_utc(target.start, self._zone())
            if not await self.put_off_interaction(item.record_id, at):
                return
            record_id = item.record_id
        self.show_item(item.kind, record_id, target.start.date())
        self.shell.remember("calendar.move", text)

    async def command_calendar_delete(self, argument: str = "") -> None:
        """Out of the calendar; of a series, this one or all. A planned call is cancelled."""
        item = self.current_item()
        only: datetime | None = None
        if item.is_event and self.event_row(item.record_id).rrule:
            answer = await self._one_or_all(_("Delete what?"))
            if answer is None:
                return
            only = item.occurrence if answer == "one" else None

        def deleted(work: Work) -> None:
            if item.is_event:
                calendar.remove(work, item.record_id, occurrence=only)
            else:
                interactions.cancel(work, item.record_id)

        await self.act("calendar.delete", deleted)
        self.shell.say(_("Deleted: {title}. u takes it back.").format(title=item.title))

    def event_row(self, event_id: int) -> EventRow:
        """The event as it now is. Raises NotFound."""
        with self.store.read() as connection:
            row = calendar_queries.event(connection, event_id)
        if row is None:
            raise NotFound("no_such_record", kind="event", id=event_id)
        return row

    async def _fill_in(self, row: EventRow | None) -> None:
        zone = row.zone if row else self.shell.ports.zone
        form = EventForm(self._now(), zone, row, None if row else self.current_day())
        intro = []
        if row is not None and row.rrule:
            intro.append(_("This changes the whole series."))
        if zone != self.shell.ports.zone:
            intro.append(_("Times by the clocks of {zone}.").format(zone=zone))
        await self.app.push_screen_wait(
            FormDialog(
                _("Event") if row else _("New event"),
                form.fields(),
                save=lambda values: self._save(form, row, values),
                intro=" ".join(intro),
                kept_as=f"event-{row.id}" if row else "event-new",
            )
        )

    async def _save(self, form: EventForm, row: EventRow | None, values: Mapping[str, str]) -> None:
        filled = form.read(values)
        told: dict[str, Any] = {
            "dtstart": filled.dtstart,
            "dtend": filled.dtend,
            "all_day": filled.all_day,
            "location": filled.location,
            "rrule": filled.rrule,
            "reminder_minutes": filled.reminder_minutes,
        }

        def saved(work: Work) -> Event:
            if row is None:
                return calendar.add(
                    work, filled.summary, zone=self.shell.ports.zone, owner_id=self._user_id, **told
                )
            return calendar.change(work, row.id, expected_version=row.version, summary=filled.summary, **told)

        event = await self.act("calendar.edit" if row else "calendar.new", saved)
        start = filled.dtstart
        if row is not None and not filled.all_day:
            start = to_own_clock(start, row.zone, self.shell.ports.zone)
        self.show_item("event", event.key, start.date())

    async def _move_event(self, item: DayItem, target: Target) -> Event | None:
        row = self.event_row(item.record_id)
        start, end = target.start, target.end
        if not row.all_day:
            start = to_own_clock(start, self.shell.ports.zone, row.zone)
            end = to_own_clock(end, self.shell.ports.zone, row.zone)
        only: datetime | None = None
        if row.rrule and item.occurrence is not None:
            answer = await self._one_or_all(_("Move what?"))
            if answer is None:
                return None
            if answer == "one":
                only = item.occurrence
            else:
                start, end = (row.dtstart + (start - item.occurrence), row.dtstart + (end - item.occurrence))
        return await self.act(
            "calendar.move",
            lambda work: calendar.move(work, item.record_id, start, dtend=end, occurrence=only),
        )

    async def _one_or_all(self, question: str) -> str | None:
        return await self.app.push_screen_wait(
            Choice(question, [("one", _("Only this one")), ("all", _("The whole series"))])
        )

    def _target(self, typed: str, item: DayItem) -> Target:
        moment = dates.parse(typed, self._now(), self._zone(), languages())
        if moment is None:
            raise Invalid("not_a_date", value=typed)
        begins, ends = self.wall_span(item)
        day = moment.date if moment.day_told else begins.date()
        at = time() if item.all_day else begins.time() if moment.time is None else moment.time
        start = datetime.combine(day, at.replace(fold=0))
        if moment.until is not None and not item.all_day:
            return Target(start, event_line.end_of(start, moment.until, all_day=False))
        return Target(start, start + (ends - begins))

    def wall_span(self, item: DayItem) -> tuple[datetime, datetime]:
        """Start and end of an item by the clock it is shown by, naive."""
        if item.all_day and item.occurrence is not None:
            return item.occurrence, item.occurrence + whole_days(item)
        return (
            to_wall(item.starts_at, self._zone()).replace(fold=0),
            to_wall(item.ends_at, self._zone()).replace(fold=0),
        )

    def _target_text(self, typed: str, item: DayItem) -> str:
        target = self._target(typed, item)
        return span_text(target.start, target.end, self._today(), all_day=item.all_day)

    def _understood(self, line: str) -> str:
        told = event_line.read(line, self._now(), self._zone(), languages())
        text = span_text(told.dtstart, told.dtend, self._today(), all_day=told.all_day)
        if told.rule is None:
            return f"{told.summary}: {text}"
        return _("{title}: {rule}, first {date}").format(
            title=told.summary, rule=rule_text(Rule.parse(str(told.rule))), date=text
        )
