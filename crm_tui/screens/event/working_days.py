"""A date on which nobody works is asked about, and the next working day proposed (story A2, step 12)."""

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from crm_tui.domain.event.working_time import WorkingCalendar
from crm_tui.domain.wall import to_utc, to_wall
from crm_tui.i18n import _
from crm_tui.screens.acting import Acting
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.wording import weekday

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmDialog

    class Base(Acting, CrmDialog[Any]):
        pass
else:
    Base = Acting

NEXT, ALL_THE_SAME = "next", "same"


class WorkingDays(Base):
    """For a form with dates of work."""

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """When the person at the keys works."""
        from crm_tui.services.event import work_calendars  # its tables are not read at the start

        with self.store.read() as connection:
            return work_calendars.calendar_of(connection, self.actor.user_id)

    async def on_a_working_day(self, at: datetime) -> datetime | None:
        """The instant, or the same time of the next working day, as the person chooses; None to think again."""
        wall = to_wall(at, self._zone())
        if self.calendar.is_working_day(wall.date()):
            return at
        moved = datetime.combine(self.calendar.next_working_day(wall.date()), wall.time())
        chosen = await self.app.push_screen_wait(
            Choice(
                _("{day} is no working day").format(day=_day(wall)),
                [
                    (NEXT, _("{day}, the next working day").format(day=_day(moved))),
                    (ALL_THE_SAME, _("{day} all the same").format(day=_day(wall))),
                ],
            )
        )
        if chosen is None:
            return None
        return to_utc(moved, self._zone()) if chosen == NEXT else at


def _day(wall: datetime) -> str:
    return f"{weekday(wall.date())} {wall:%d.%m %H:%M}"
