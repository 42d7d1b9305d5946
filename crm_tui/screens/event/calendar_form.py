"""The form of an event: what is typed in it, read by the event's own clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from crm_tui.domain.errors import Invalid
from crm_tui.domain.event import dates, recurrence, recurrence_words
from crm_tui.domain.event.dates import Moment
from crm_tui.domain.event.event_line import end_of, last_day
from crm_tui.domain.event.recurrence import Rule
from crm_tui.domain.wall import to_wall, zone_of
from crm_tui.i18n import _, language
from crm_tui.screens.event.calendar_words import before_text, lead_minutes, lead_text, rule_text
from crm_tui.screens.forms.form import Field
from crm_tui.screens.task.task_dates import languages
from crm_tui.store.queries.calendar import EventRow

USUAL_LEAD = 15


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form says."""

    summary: str
    dtstart: datetime
    dtend: datetime
    all_day: bool
    location: str
    rrule: str
    reminder_minutes: int | None


class EventForm:
    """The fields of a new event (on ``day``), or of one that is there."""

    def __init__(
        self, now: datetime, zone: str, row: EventRow | None = None, day: date | None = None
    ) -> None:
        self._now = now
        self._zone = zone_of(zone)
        self._today = to_wall(now, self._zone).date()
        self._row = row
        self._day = day
        self._rule = rule_text(Rule.parse(row.rrule)) if row and row.rrule else ""

    def fields(self) -> list[Field]:
        """The fields, with what is known."""
        row = self._row
        start = f"{self._day:%d.%m.%Y}" if self._day else ""
        return [
            Field("summary", _("Event"), row.summary if row else ""),
            Field("start", _("Start"), _start_text(row) if row else start, note=self._day_note),
            Field("end", _("End"), _end_text(row) if row else "", note=self._day_note),
            Field("place", _("Place"), row.location if row else ""),
            Field("repeat", _("Repeats"), self._rule, note=lambda typed: self._rule_note(typed)),
            Field(
                "reminder",
                _("Remind before"),
                lead_text(row.reminder_minutes if row else USUAL_LEAD),
                note=lambda typed: before_text(lead_minutes(typed)),
            ),
        ]

    def read(self, values: Mapping[str, str]) -> Filled:
        """What is filled in. Raises Invalid for what is not understood."""
        if not values["summary"].strip():
            raise Invalid("name_missing", kind="event")
        begin = self._moment(values["start"])
        all_day = begin.time is None
        start = begin.wall(time()).replace(fold=0)
        rrule = self._rrule(values["repeat"])
        if rrule and (self._row is None or rrule != self._row.rrule):
            start = recurrence.first(Rule.parse(rrule), start) or start
        return Filled(
            values["summary"],
            start,
            self._end(values["end"], start, begin, all_day=all_day),
            all_day,
            values["place"].strip(),
            rrule,
            lead_minutes(values["reminder"]),
        )

    def _end(self, typed: str, start: datetime, begin: Moment, *, all_day: bool) -> datetime:
        if not typed.strip():
            return end_of(start, begin.until, all_day=all_day)
        moment = self._moment(typed)
        day = moment.date if moment.day_told else start.date()
        if all_day:
            return datetime.combine(day, time()) + timedelta(days=1)
        if moment.time is None:
            raise Invalid("time_missing", value=typed)
        if not moment.day_told:
            return end_of(start, moment.time, all_day=False)
        return datetime.combine(day, moment.time.replace(fold=0))

    def _moment(self, typed: str) -> Moment:
        moment = dates.parse(typed, self._now, self._zone, languages())
        if moment is None:
            raise Invalid("not_a_date", value=typed)
        return moment

    def _rrule(self, typed: str) -> str:
        if not typed.strip():
            return ""
        if self._row is not None and typed == self._rule:
            return self._row.rrule
        rule = recurrence_words.parse(typed, languages())
        if rule is None:
            raise Invalid("not_a_rule", value=typed)
        return str(rule)

    def _day_note(self, typed: str) -> str:
        return dates.echo(self._moment(typed), language(), self._today)

    def _rule_note(self, typed: str) -> str:
        rrule = self._rrule(typed)
        return rule_text(Rule.parse(rrule)) if rrule else ""


def _start_text(row: EventRow) -> str:
    return f"{row.dtstart:%d.%m.%Y}" if row.all_day else f"{row.dtstart:%d.%m.%Y %H:%M}"


def _end_text(row: EventRow) -> str:
    if row.all_day:
        return f"{last_day(row.dtend):%d.%m.%Y}"
    if row.dtend.date() == row.dtstart.date():
        return f"{row.dtend:%H:%M}"
    return f"{row.dtend:%d.%m.%Y %H:%M}"
