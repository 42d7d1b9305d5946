"""For the app: the screens of what sales are made of are opened in any place."""

import asyncio
from typing import TYPE_CHECKING, Any

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

    _uses_processes: bool | None = None
    """Asked for with every footer and palette; None until the store was asked, and when a setting changed."""

    async def command_everywhere_scenarios(self, argument: str = "") -> None:
        from crm_tui.screens.interest.scenarios import ScenariosScreen

        if not isinstance(self.screen, ScenariosScreen):
            await self.push_screen(ScenariosScreen())

    async def command_everywhere_products(self, argument: str = "") -> None:
        from crm_tui.screens.interest.products import ProductsScreen

        if not isinstance(self.screen, ProductsScreen):
            await self.push_screen(ProductsScreen())

    async def command_everywhere_currency(self, argument: str = "") -> None:
        """In which currency amounts are where none is typed: its code, or one that is chosen."""
        from crm_tui.domain import money
        from crm_tui.screens.forms.prompt import Choice
        from crm_tui.services.interest import currency, currency_change

        with self.ports.store.read() as connection:
            now = currency.of_company(connection)
        here: Any = self.screen
        wanted: str | None = argument.strip().upper()
        if not wanted:
            known = [(code, f"{code} {symbol}") for code, symbol in money.SYMBOLS.items()]
            title = _("Currency of the company: {now}").format(now=now)
            note = _("Amounts that are written down stay in theirs.")
            wanted = await here.app.push_screen_wait(Choice(title, known, note=note))
        if wanted:
            code = wanted
            await here.act("company.currency", lambda work: currency_change.change(work, code))
            here.shell.say(_("Currency of the company: {now}").format(now=code))

    def can_everywhere_maps(self) -> bool | str:
        """Route maps are for those who use business processes (RM-01)."""
        if self._uses_processes is None:
            from crm_tui.services.process import process_hold

            with self.ports.store.read() as connection:
                self._uses_processes = process_hold.are_used(connection)
        return self._uses_processes or _("Business processes are switched off (:business_processes).")

    def settings_changed(self) -> None:
        """What the company has set is read anew when it is asked for."""
        self._uses_processes = None

    async def command_everywhere_business_processes(self, argument: str = "") -> None:
        """Whether business processes and tasks are used: ``on`` or ``off``; else it is asked (RM-01)."""
        from crm_tui.screens.forms.prompt import Choice
        from crm_tui.services.process import process_hold, process_switch

        with self.ports.store.read() as connection:
            used = process_hold.are_used(connection)
        here: Any = self.screen
        said = {"on": _("On: maps in force start processes"), "off": _("Off: states are moved by hand")}
        wanted = argument.strip().casefold()
        if wanted not in said:
            title = _("Use business processes and tasks: {now}").format(now=said["on" if used else "off"])
            note = _("Nothing that processes have written is lost while they are off.")
            wanted = await here.app.push_screen_wait(Choice(title, list(said.items()), note=note))
        if wanted and (wanted == "on") != used:
            await here.act("processes.switch", lambda work: process_switch.switch(work, wanted == "on"))
        if wanted:
            here.shell.say(said[wanted])

    async def command_everywhere_edition(self, argument: str = "") -> None:
        """Which edition the company works with: ``base``, ``prof`` or ``corp``; else it is asked (RM-02)."""
        from crm_tui.screens.forms.prompt import Choice
        from crm_tui.services.process import process_hold, process_switch

        with self.ports.store.read() as connection:
            now = process_hold.edition(connection)
        here: Any = self.screen
        said = {
            "base": _("base: without processes"),
            "prof": _("prof: with processes"),
            "corp": _("corp: with all there is"),
        }
        wanted = argument.strip().casefold()
        if wanted not in said:
            title = _("Edition: {now}").format(now=said.get(now, now))
            note = _("Nothing is lost of what an edition leaves out.")
            wanted = await here.app.push_screen_wait(Choice(title, list(said.items()), note=note))
        if wanted and wanted != now:
            await here.act("processes.set_edition", lambda work: process_switch.set_edition(work, wanted))
        if wanted:
            here.shell.say(said[wanted])

    async def command_everywhere_maps(self, argument: str = "") -> None:
        """The catalogue; the shipped maps are put into it when it is first looked at."""
        from crm_tui.screens.route.maps import MapsScreen
        from crm_tui.services.route import shipped_maps

        if not isinstance(self.screen, MapsScreen):
            await asyncio.to_thread(shipped_maps.ensure_in, self.ports.store)
            await self.push_screen(MapsScreen())
