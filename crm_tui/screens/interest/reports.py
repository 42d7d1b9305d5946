"""`:report`: a report of ``report_tables`` as a list; Enter shows the records behind a number of the line."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from textual import work as in_worker
from textual.content import Content
from textual.widgets import Static

from crm_tui.domain.errors import Refused
from crm_tui.i18n import _
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.interest.behind import BehindScreen
from crm_tui.screens.interest.report_tables import (
    NO_PERIOD,
    NO_SCENARIO,
    REPORTS,
    Asked,
    Line,
    columns,
    table,
)
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.store.queries import interests
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order, Row

PERIODS = (365, 7, 30, 90)
"""Days; first what `crm report` looks back over."""


class ReportScreen(ListScreen[None]):
    """One report at a time."""

    SCOPES = ("report",)
    TABLES = frozenset({"interest", "state", "state_change", "interaction", "task", "scenario", "user"})

    def __init__(self, report: str = "") -> None:
        super().__init__()
        self._asked_for = report
        self._report = report or next(iter(REPORTS))
        self._days = PERIODS[0]
        self._scenario = 0
        """Id; 0 for the first."""
        self._mine = False
        self._lines: Sequence[Line] = ()

    def list_title(self) -> str:
        parts = []
        if self._report not in NO_SCENARIO:
            parts.append(
                next((_(name) for key, _code, name in self._scenarios() if key == self._scenario_id), "")
            )
        if self._report not in NO_PERIOD:
            parts.append(_("the last {days} days").format(days=self._days))
        if self._mine:
            parts.append(_("mine"))
        return f"{_(REPORTS[self._report])}: {', '.join(parts)}" if parts else _(REPORTS[self._report])

    def make_list(self) -> RecordList:
        return RecordList(self._source(), Order(""), empty=Content(_("Looking …")))

    def session_state(self) -> dict[str, Any]:
        return {"report": self._report, "days": self._days, "scenario": self._scenario, "mine": self._mine}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        if state.get("days") in PERIODS:
            self._days = state["days"]
        if not self._asked_for and state.get("report") in REPORTS:
            self._report = state["report"]
        known = {key for key, _code, _name in self._scenarios()}
        self._scenario = state["scenario"] if state.get("scenario") in known else 0
        self._mine = bool(state.get("mine"))
        self.show_report(self._report)

    def on_mount(self) -> None:
        self.reload()

    def show_report(self, report: str) -> None:
        """Another report."""
        self._report, self._lines = report, ()
        self._list.show(self._source())
        self.reload()

    def reload(self) -> None:
        self.query_one(".card-title", Static).update(Content(self.list_title()))
        self.session_changed()
        self._look_again()

    @in_worker(exclusive=True, group="figures")
    async def _look_again(self) -> None:
        report, now = self._report, self._now()
        owner_id = self.actor.user_id if self._mine else None
        asked = Asked(self._scenario_id, now - timedelta(days=self._days), now, owner_id)
        found = await self.look(lambda connection: table(connection, report, asked))
        if report == self._report:
            self._lines = found.lines
            self._list.set_empty(Content(_("Nothing of that in this time. p: a longer one.")))
            self._list.reload()

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        if event.id <= len(self._lines):  # else they have just become fewer
            self.run_worker(self._show_behind(self._lines[event.id - 1]))

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

    def command_report_period(self, argument: str = "") -> None:
        if self._report in NO_PERIOD:
            raise Refused("report_of_now")
        self._days = PERIODS[(PERIODS.index(self._days) + 1) % len(PERIODS)]
        self.reload()

    def command_report_mine(self, argument: str = "") -> None:
        self._mine = not self._mine
        self.reload()

    async def command_report_scenario(self, argument: str = "") -> None:
        if self._report in NO_SCENARIO:
            raise Refused("report_of_people")
        options = [(str(key), _(name)) for key, _code, name in self._scenarios()]
        chosen = await self.app.push_screen_wait(Choice(_("Scenario"), options))
        if chosen is not None:
            self._scenario = int(chosen)
            self.reload()

    def _source(self) -> SmallSource:
        return SmallSource(columns(self._report), self._rows)

    def _rows(self) -> Sequence[Row]:
        return [Row(place, line.cells) for place, line in enumerate(self._lines, 1)]

    def _scenarios(self) -> list[tuple[int, str, str]]:
        with self.store.read() as connection:
            return interests.scenarios(connection)

    @property
    def _scenario_id(self) -> int:
        return self._scenario or next((key for key, _code, _name in self._scenarios()), 0)
