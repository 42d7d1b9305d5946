"""Days off that a file brings into a working calendar (``.ics``, BP-15)."""

import asyncio
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import NotFound
from crm_tui.domain.text import clean
from crm_tui.i18n import _, ngettext
from crm_tui.screens.acting import Acting
from crm_tui.screens.forms.path_prompt import PathPrompt
from crm_tui.services.event import work_calendars
from crm_tui.store.tables.processes import WorkCalendar
from crm_tui.store.work import Work

if TYPE_CHECKING:
    from crm_tui.parsing.days_off import DaysOff
    from crm_tui.screens.base import CrmScreen

    class Base(Acting, CrmScreen[Any]):
        pass
else:
    Base = Acting

YEARS_AHEAD = 10
"""A holiday that comes again each year is written down for so many years."""


class WorkCalendarFile(Base):
    """For the screen of working calendars."""

    def calendar_shown(self, work: Work) -> WorkCalendar:
        """The calendar that is shown, made where there is none yet."""
        raise NotImplementedError

    async def command_work_calendar_import(self, argument: str = "") -> None:
        """Events of whole days are days off."""
        typed = argument or await self.app.push_screen_wait(
            PathPrompt(_("Days off from which file (.ics)"), Path.cwd())
        )
        if not typed:
            return
        year = self._today().year
        first, last = date(year - 1, 1, 1), date(year + YEARS_AHEAD, 12, 31)
        found = await asyncio.to_thread(_read, Path(typed).expanduser(), first, last)
        written = await self.act(
            "calendar.import",
            lambda work: work_calendars.set_days_off(work, self.calendar_shown(work), found.days),
        )
        said = ngettext("{n} day off written.", "{n} days off written.", written).format(n=written)
        there = len(found.days) - written
        parts = [
            said,
            _("Nobody worked on {n} before.").format(n=there) if there else "",
            _("Events passed over, not of whole days: {n}.").format(n=found.passed_over)
            if found.passed_over
            else "",
        ]
        self.shell.say(" ".join(part for part in parts if part))


def _read(path: Path, first: date, last: date) -> "DaysOff":
    from crm_tui.parsing import days_off

    try:
        with path.open("rb") as file:
            content = file.read(days_off.MOST_BYTES + 1)
    except OSError as error:
        raise NotFound("cannot_read", path=clean(str(path)), reason=clean(error.strerror or "")) from error
    return days_off.read(content, first, last)
