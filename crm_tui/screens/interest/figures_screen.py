"""A list of figures about Interests: of which scenario, over which days, of everybody or of what is mine."""

from collections.abc import Mapping
from typing import Any, ClassVar

from textual import work as in_worker
from textual.content import Content
from textual.widgets import Static

from crm_tui.domain.conditions import periods
from crm_tui.i18n import _
from crm_tui.screens.forms.period_choice import PeriodChoice
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.interest.report_tables import Asked
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.store.queries import interests


class FiguresScreen(PeriodChoice, ListScreen[None]):
    """Of such a screen its columns and rows are told, and where they are read."""

    PERIOD: ClassVar[str]
    """At first, in the kept words of ``periods``."""

    def __init__(self) -> None:
        super().__init__()
        self._period = self.PERIOD
        self._scenario = 0
        """Id; 0 for the first."""
        self._mine = False

    async def read_figures(self, asked: Asked) -> None:
        """Read what is asked for, and show it."""
        raise NotImplementedError

    def of_what(self, *, scenario: bool = True, period: bool = True) -> str:
        """What the figures are about, for the title."""
        known = {key: name for key, _code, name in self._scenarios()}
        parts = (
            _(known.get(self.scenario_id, "")) if scenario else "",
            periods.said(self._period) if period else "",
            _("mine") if self._mine else "",
        )
        return ", ".join(part for part in parts if part)

    def session_state(self) -> dict[str, Any]:
        return {"period": self._period, "scenario": self._scenario, "mine": self._mine}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        if periods.is_period(state.get("period")):
            self._period = state["period"]
        known = {key for key, _code, _name in self._scenarios()}
        self._scenario = state["scenario"] if state.get("scenario") in known else 0
        self._mine = bool(state.get("mine"))
        self.reload()

    def on_mount(self) -> None:
        self.reload()

    def reload(self) -> None:
        self.query_one(".card-title", Static).update(Content(self.list_title()))
        self.session_changed()
        self._look_again()

    @in_worker(exclusive=True, group="figures")
    async def _look_again(self) -> None:
        now = self._now()
        period = periods.of(self._period, now, self._zone())
        await self.read_figures(Asked(self.scenario_id, period, now, self.owner_id))

    async def command_figures_period(self, argument: str = "") -> None:
        chosen = await self.asked_period(argument)
        if chosen is not None:
            self._period = chosen
            self.reload()

    def command_figures_mine(self, argument: str = "") -> None:
        self._mine = not self._mine
        self.reload()

    async def command_figures_scenario(self, argument: str = "") -> None:
        options = [(str(key), _(name)) for key, _code, name in self._scenarios()]
        chosen = await self.app.push_screen_wait(Choice(_("Scenario"), options))
        if chosen is not None:
            self._scenario = int(chosen)
            self.reload()

    @property
    def owner_id(self) -> int | None:
        """Whose figures they are; None for everybody's."""
        return self.actor.user_id if self._mine else None

    @property
    def scenario_id(self) -> int:
        """The scenario that was chosen, else the first one."""
        return self._scenario or next((key for key, _code, _name in self._scenarios()), 0)

    def _scenarios(self) -> list[tuple[int, str, str]]:
        with self.store.read() as connection:
            return interests.scenarios(connection)
