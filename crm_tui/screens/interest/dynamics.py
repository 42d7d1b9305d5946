"""Deal dynamics: what is happening in the states of a scenario now (ELP-08); a funnel says how it was."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from textual import work as in_worker
from textual.content import Content
from textual.widgets import Static

from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.shell.type_ahead import COMMANDS
from crm_tui.store.queries import deal_dynamics, interests
from crm_tui.store.queries.deal_dynamics import StateDynamics
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag

PERIODS = (30, 90, 365, 7)
"""Days."""
BARS = " ▁▂▃▄▅▆▇█"


class DynamicsScreen(ListScreen[None]):
    """A line for each state."""

    SCOPES = ("dynamics",)
    TABLES = frozenset({"interest", "state", "state_change", "interaction", "scenario"})

    def __init__(self) -> None:
        super().__init__()
        self._days = PERIODS[0]
        self._scenario = 0
        """Id; 0 for the first."""
        self._mine = False
        self._found: Sequence[StateDynamics] = ()

    def list_title(self) -> str:
        name = next((name for key, _code, name in self._scenarios() if key == self._scenario_id), "")
        parts = [_(name), _("the last {days} days").format(days=self._days)]
        if self._mine:
            parts.append(_("mine"))
        return _("Deal dynamics: {what}").format(what=", ".join(parts))

    def make_list(self) -> RecordList:
        columns = (
            Column("state", _("State"), flex=1, min_width=16, sortable=False),
            Column("now", _("Now"), width=6, align="right", sortable=False),
            Column("stuck", _("Stuck"), width=6, align="right", sortable=False),
            Column("age", _("On average"), width=10, align="right", sortable=False),
            Column("entered", _("Came"), width=6, align="right", sortable=False),
            Column("left", _("Went on"), width=7, align="right", sortable=False),
            Column("by_slice", _("Came, in time"), width=14, sortable=False, drop=1),
        )
        return RecordList(SmallSource(columns, self._rows), Order(""), empty=Content(_("Looking …")))

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        self.run_worker(self._choose_interest(event.id), group=COMMANDS)

    async def _choose_interest(self, state_id: int) -> None:
        """Of those that stand in the state, who have stood there longest first."""
        now, owner_id = self._now(), self.actor.user_id if self._mine else None
        found = await self.look(lambda connection: deal_dynamics.standing_in(connection, state_id, owner_id))
        options = [
            (str(key), _("{days} d · {name}").format(days=(now - since).days, name=clean(name)))
            for key, name, since in found
        ]
        title = next((_(one.name) for one in self._found if one.id == state_id), "")
        chosen = await self.app.push_screen_wait(Choice(title, options))
        if chosen is not None:
            self.shell.run_command("everywhere.show_interest", chosen)

    def session_state(self) -> dict[str, Any]:
        return {"days": self._days, "scenario": self._scenario, "mine": self._mine}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        if state.get("days") in PERIODS:
            self._days = state["days"]
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
        now, owner_id = self._now(), self.actor.user_id if self._mine else None
        scenario_id, since = self._scenario_id, now - timedelta(days=self._days)
        self._found = await self.look(
            lambda connection: deal_dynamics.of_scenario(connection, scenario_id, since, now, owner_id)
        )
        self._list.reload()

    def command_dynamics_period(self, argument: str = "") -> None:
        self._days = PERIODS[(PERIODS.index(self._days) + 1) % len(PERIODS)]
        self.reload()

    def command_dynamics_mine(self, argument: str = "") -> None:
        self._mine = not self._mine
        self.reload()

    async def command_dynamics_which(self, argument: str = "") -> None:
        options = [(str(key), _(name)) for key, _code, name in self._scenarios()]
        chosen = await self.app.push_screen_wait(Choice(_("Scenario"), options))
        if chosen is not None:
            self._scenario = int(chosen)
            self.reload()

    def _scenarios(self) -> list[tuple[int, str, str]]:
        with self.store.read() as connection:
            return interests.scenarios(connection)

    @property
    def _scenario_id(self) -> int:
        return self._scenario or next((key for key, _code, _name in self._scenarios()), 0)

    def _rows(self) -> Sequence[Row]:
        most = max((count for one in self._found for count in one.by_slice), default=0)
        return [self._row(one, most) for one in self._found]

    def _row(self, one: StateDynamics, most: int) -> Row:
        age = "" if one.average_age is None else _("{count} d").format(count=round(one.average_age.days))
        cells = (
            _(one.name),
            str(one.standing),
            f"! {one.stuck}" if one.stuck else "",
            age,
            str(one.entered or ""),
            str(one.left or ""),
            sparkline(one.by_slice, most),
        )
        return Row(one.id, cells, RowFlag.DIMMED if one.outcome != "open" else RowFlag.NONE)


def sparkline(counts: Sequence[int], most: int) -> str:
    """A bar one cell wide for each count, as high as its share of ``most``; what is not nothing is seen."""
    top = len(BARS) - 1
    return "".join(BARS[-(-count * top // most)] if most else BARS[0] for count in counts)
