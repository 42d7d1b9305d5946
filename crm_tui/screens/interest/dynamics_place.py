"""``everywhere.dynamics``, whose screen is read when it is asked for."""

from typing import TYPE_CHECKING

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
