"""``everywhere.work_calendar``, whose screen is read when it is asked for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

    Base = App[int]
else:
    Base = object


class WorkCalendarPlace(Base):
    """For the app."""

    async def command_everywhere_work_calendar(self, argument: str = "") -> None:
        """The company's calendar first."""
        from crm_tui.screens.event.work_calendar import WorkCalendarScreen

        if not isinstance(self.screen, WorkCalendarScreen):
            await self.push_screen(WorkCalendarScreen())
