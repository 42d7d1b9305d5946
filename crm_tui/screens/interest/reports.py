"""`:report`: a report of ``report_tables`` as a list; Enter shows the records behind a number of the line."""

from collections.abc import Mapping, Sequence
from typing import Any

from textual.content import Content

from crm_tui.domain.errors import Refused
from crm_tui.i18n import _
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.interest.behind import BehindScreen
from crm_tui.screens.interest.figures_screen import FiguresScreen
from crm_tui.screens.interest.report_tables import (
    NO_PERIOD,
    NO_SCENARIO,
    REPORTS,
    Asked,
    Line,
    columns,
    table,
)
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.shell.type_ahead import COMMANDS
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order, Row


class ReportScreen(FiguresScreen):
    """One report at a time."""

    SCOPES = ("report", "figures")
    PERIOD = "last 365 days"
    TABLES = frozenset({"interest", "state", "state_change", "interaction", "task", "scenario", "user"})

    def __init__(self, report: str = "") -> None:
        super().__init__()
        self._asked_for = report
        self._report = report or next(iter(REPORTS))
        self._lines: Sequence[Line] = ()

    def list_title(self) -> str:
        about = self.of_what(scenario=self._report not in NO_SCENARIO, period=self._report not in NO_PERIOD)
        return f"{_(REPORTS[self._report])}: {about}" if about else _(REPORTS[self._report])

    def make_list(self) -> RecordList:
        return RecordList(self._source(), Order(""), empty=Content(_("Looking …")))

    def session_state(self) -> dict[str, Any]:
        return {**super().session_state(), "report": self._report}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        if not self._asked_for and state.get("report") in REPORTS:
            self._report = state["report"]
            self._list.show(self._source())
        super().restore_session(state)

    def show_report(self, report: str) -> None:
        """Another report."""
        self._report, self._lines = report, ()
        self._list.show(self._source())
        self.reload()

    async def read_figures(self, asked: Asked) -> None:
        report = self._report
        found = await self.look(lambda connection: table(connection, report, asked))
        if report == self._report:
            self._lines = found.lines
            self._list.set_empty(Content(_("Nothing of that in this time. p: a longer one.")))
            self._list.reload()

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        if event.id <= len(self._lines):  # else they have just become fewer
            self.run_worker(self._show_behind(self._lines[event.id - 1]), group=COMMANDS)

    async def _show_behind(self, line: Line) -> None:
        """The records behind the number of the line; which number, where it has several."""
        numbers = [one for one in line.numbers if one.ids]
        if not numbers:
            self.shell.say(_("There is nothing behind it."))
            return
        number = numbers[0]
        if len(numbers) > 1:
            options = [(str(place), f"{one.title}: {len(one.ids)}") for place, one in enumerate(numbers)]
            chosen = await self.app.push_screen_wait(Choice(line.cells[0], options))
            if chosen is None:
                return
            number = numbers[int(chosen)]
        title = number.title if number.title == line.cells[0] else f"{line.cells[0]} · {number.title}"
        self.app.push_screen(BehindScreen(f"{title}: {len(number.ids)}", number.kind, number.ids))

    async def command_report_which(self, argument: str = "") -> None:
        """Another report."""
        options = [(name, _(title)) for name, title in REPORTS.items()]
        chosen = argument if argument in REPORTS else ""
        chosen = chosen or await self.app.push_screen_wait(Choice(_("Report"), options)) or ""
        if chosen:
            self.show_report(chosen)

    async def command_figures_period(self, argument: str = "") -> None:
        if self._report in NO_PERIOD:
            raise Refused("report_of_now")
        await super().command_figures_period(argument)

    async def command_figures_scenario(self, argument: str = "") -> None:
        if self._report in NO_SCENARIO:
            raise Refused("report_of_people")
        await super().command_figures_scenario(argument)

    def _source(self) -> SmallSource:
        return SmallSource(columns(self._report), self._rows)

    def _rows(self) -> Sequence[Row]:
        return [Row(place, line.cells) for place, line in enumerate(self._lines, 1)]
