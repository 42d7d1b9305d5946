"""For the app: the screens of what sales are made of are opened in any place."""

import asyncio
from typing import TYPE_CHECKING

from crm_tui.i18n import _

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.services.ports import Ports

    class Base(App[int]):
        """What these commands need of the app."""

        ports: Ports

else:
    Base = object


class SalesCommands(Base):
    """Their modules are read when they are asked for."""

    async def command_everywhere_scenarios(self, argument: str = "") -> None:
        from crm_tui.screens.scenarios import ScenariosScreen

        if not isinstance(self.screen, ScenariosScreen):
            await self.push_screen(ScenariosScreen())

    async def command_everywhere_products(self, argument: str = "") -> None:
        from crm_tui.screens.products import ProductsScreen

        if not isinstance(self.screen, ProductsScreen):
            await self.push_screen(ProductsScreen())

    def can_everywhere_maps(self) -> bool | str:
        """Route maps are for those who use business processes (RM-01)."""
        from crm_tui.services import process_hold

        with self.ports.store.read() as connection:
            used = process_hold.are_used(connection)
        return used or _("Business processes are switched off (:settings).")

    async def command_everywhere_maps(self, argument: str = "") -> None:
        """The catalogue; the shipped maps are put into it when it is first looked at."""
        from crm_tui.screens.maps import MapsScreen
        from crm_tui.services import shipped_maps

        if not isinstance(self.screen, MapsScreen):
            await asyncio.to_thread(shipped_maps.ensure_in, self.ports.store)
            await self.push_screen(MapsScreen())
