"""Deal dynamics: what is happening in the states of a scenario now (ELP-08); a funnel says how it was."""

from collections.abc import Sequence

from textual.content import Content

from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.interest.figures_screen import FiguresScreen
from crm_tui.screens.interest.report_tables import Asked
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.shell.type_ahead import COMMANDS
from crm_tui.store.queries import deal_dynamics
from crm_tui.store.queries.deal_dynamics import StateDynamics
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag

BARS = " ▁▂▃▄▅▆▇█"


class DynamicsScreen(FiguresScreen):
    """A line for each state."""

    SCOPES = ("figures",)
    PERIOD = "last 30 days"
    TABLES = frozenset({"interest", "state", "state_change", "interaction", "scenario"})

    def __init__(self) -> None:
        super().__init__()
        self._found: Sequence[StateDynamics] = ()

    def list_title(self) -> str:
        return _("Deal dynamics: {what}").format(what=self.of_what())

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
        now, owner_id = self._now(), self.owner_id
        found = await self.look(lambda connection: deal_dynamics.standing_in(connection, state_id, owner_id))
        options = [
            (str(key), _("{days} d · {name}").format(days=(now - since).days, name=clean(name)))
            for key, name, since in found
        ]
        title = next((_(one.name) for one in self._found if one.id == state_id), "")
        chosen = await self.app.push_screen_wait(Choice(title, options))
        if chosen is not None:
            self.shell.run_command("everywhere.show_interest", chosen)

    async def read_figures(self, asked: Asked) -> None:
        self._found = await self.look(
            lambda connection: deal_dynamics.of_scenario(
                connection, asked.scenario_id, asked.period, asked.now, asked.owner_id
            )
        )
        self._list.reload()

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
