"""A due time as a person types it: in words or figures, alone or somewhere in a line."""

from datetime import datetime, timedelta, tzinfo

from crm_tui.domain.errors import Invalid
from crm_tui.domain.event import dates
from crm_tui.domain.event.dates import Moment
from crm_tui.domain.wall import day_start
from crm_tui.i18n import language


def due_of(line: str, now: datetime, zone: tzinfo) -> tuple[str, datetime | None, bool]:
    """A line for a new task: its title, its due instant (or None), and whether it is due on a whole day."""
    moment, title = dates.find(line, now, zone, languages())
    if moment is None:
        return line, None, False
    due_at, all_day = instant_of(moment)
    return title, due_at, all_day


def typed_due(text: str, now: datetime, zone: tzinfo) -> tuple[datetime, bool]:
    """A due time alone: its instant and whether it is a whole day. Raises Invalid for what is not understood."""
    moment = dates.parse(text, now, zone, languages())
    if moment is None:
        raise Invalid("not_a_date", value=text)
    return instant_of(moment)


def instant_of(moment: Moment) -> tuple[datetime, bool]:
    """The due instant of a moment; of a whole day, the end of that day."""
    if moment.time is None:
        return day_start(moment.date + timedelta(days=1), moment.zone), True
    return moment.instant(), False


def echo_of(line: str, now: datetime, zone: tzinfo) -> str:
    """The date understood in a line, as it will be kept; empty when there is none."""
    moment, _title = dates.find(line, now, zone, languages())
    return "" if moment is None else dates.echo(moment, language(), now.astimezone(zone).date())


def languages() -> tuple[str, ...]:
    """The languages that dates may be typed in, that of the screens first."""
    return tuple(dict.fromkeys((language(), "ru", "uk", "kk", "en")))
