"""``everywhere.dynamics`` and ``everywhere.report``, whose screens are read when they are asked for."""

from typing import TYPE_CHECKING

from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import clean

if TYPE_CHECKING:
    from textual.app import App

    Base = App[int]
else:
    Base = object


class DynamicsPlace(Base):
    """For the app."""

    async def command_everywhere_dynamics(self, argument: str = "") -> None:
        """Of the first scenario, over a month."""
        from crm_tui.screens.interest.dynamics import DynamicsScreen

        if not isinstance(self.screen, DynamicsScreen):
            await self.push_screen(DynamicsScreen())

    async def command_everywhere_report(self, argument: str = "") -> None:
        """The report named, or the one that was shown last. Raises Invalid for a name of none."""
        from crm_tui.screens.interest.report_tables import REPORTS
        from crm_tui.screens.interest.reports import ReportScreen

        if argument and argument not in REPORTS:
            raise Invalid("no_such_report", name=clean(argument), names=", ".join(REPORTS))
        if not isinstance(self.screen, ReportScreen):
            await self.push_screen(ReportScreen(argument))
        elif argument:
            self.screen.show_report(argument)
