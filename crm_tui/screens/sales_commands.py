"""For the app: the screens of what sales are made of are opened in any place."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

    Base = App[int]
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
