"""The way of a process: its map as a list, what was passed with dates and who, the present marked (BP-06)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from crm_tui.domain.errors import Refused
from crm_tui.domain.route.route_map import (
    ActionPoint,
    ChoicePoint,
    EndPoint,
    JoinPoint,
    NestedPoint,
    SplitPoint,
    StartPoint,
    Step,
    TimerPoint,
)
from crm_tui.domain.text import clean
from crm_tui.domain.wall import to_wall
from crm_tui.i18n import N_, _
from crm_tui.screens.forms.report import Report
from crm_tui.screens.interest.interest_head import COMING, PASSED, PRESENT
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.process.process_pane import deadline_text
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag

if TYPE_CHECKING:
    from crm_tui.services.process.process_way import Visit, Way, WayLine

NAMES = {
    StartPoint: N_("start"),
    ChoicePoint: N_("choice"),
    SplitPoint: N_("split"),
    JoinPoint: N_("all branches come together"),
    NestedPoint: N_("nested process"),
    TimerPoint: N_("waiting"),
    ActionPoint: N_("action"),
    EndPoint: N_("end"),
}
"""What a point without a name is called, and what stands beside one that has a name."""
UNWAITED = (StartPoint, ChoicePoint, SplitPoint, EndPoint)
"""Points at which nothing waits."""
INDENT = "  "


class WayScreen(ListScreen[None]):
    """Enter goes to the step that waits, and to the way of a nested process; of what was passed it tells all."""

    SCOPES = ("way",)
    TABLES = frozenset({"process", "process_token", "task"})

    def __init__(self, process_id: int) -> None:
        super().__init__()
        self._process_id = process_id
        self._shown: list[tuple[WayLine, Visit | None]] = []

    def list_title(self) -> str:
        way = self._way()
        standing = {
            "completed": _("completed") if way.successful else _("ended without success"),
            "terminated": _("ended early"),
            "stopped": _("! stopped"),
        }.get(way.status, "")
        return " · ".join(part for part in (_("Way: {process}").format(process=way.title), standing) if part)

    def make_list(self) -> RecordList:
        columns = (
            Column("point", _("Step"), flex=3, min_width=28, sortable=False),
            Column("when", _("When"), flex=2, min_width=25, sortable=False),
            Column("who", _("Who"), width=14, sortable=False, drop=1),
            Column("outcome", _("Outcome"), flex=1, min_width=12, sortable=False, drop=2),
        )
        return RecordList(SmallSource(columns, self._rows), Order(""), empty=Content(_("This map is empty.")))

    def on_mount(self) -> None:
        super().on_mount()
        present = (number for number, (_line, visit) in enumerate(self._shown, 1) if _waits(visit))
        self._list.go_to(next(present, 1))

    def reload(self) -> None:
        super().reload()
        self.query_one(".card-title", Static).update(Content(self.list_title()))

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        line, visit = self._shown[event.id - 1]
        if visit is not None and visit.nested_id is not None:
            self.app.push_screen(WayScreen(visit.nested_id))
            return
        if visit is None:
            raise Refused("point_lies_ahead", point=line.name)
        if _waits(visit) and line.kind is Step:
            self._go_to_step(visit.token)
            return
        told = [
            f"{_('When')}: {self._when(visit)}",
            f"{_('Who')}: {visit.performer}" if visit.performer else "",
            f"{_('Outcome')}: {visit.outcome}" if visit.outcome else "",
            f"{_('Result')}: {visit.result}" if visit.result else "",
        ]
        self.app.push_screen(Report(line.name, [one for one in told if one]))

    def _go_to_step(self, token: int) -> None:
        """The step that waits, where it is done: on its Interest, or in its form."""
        from crm_tui.screens.process.process_task import ProcessTaskScreen
        from crm_tui.services.process import process_view

        with self.store.read() as connection:
            now = process_view.of_process(connection, self._process_id)
        step = next((one for one in now.steps if one.token == token), None)
        if step is not None and step.of_interest:
            self.shell.run_command("everywhere.show_interest", str(step.interest_id))
        elif step is not None:
            self.app.push_screen(ProcessTaskScreen(self._process_id, token))

    def _way(self) -> "Way":
        from crm_tui.services.process import process_way  # its tables are not read at the start

        with self.store.read() as connection:
            return process_way.way(connection, self._process_id)

    def _rows(self) -> Sequence[Row]:
        way = self._way()
        self._shown = []
        rows = []
        for line in way.lines:
            if line.kind in (StartPoint, JoinPoint) and not line.line.back and line.line.flow < 0:
                continue
            for visit in line.visits or (None,):
                self._shown.append((line, None if line.line.back else visit))
                rows.append(self._row(len(self._shown), *self._shown[-1]))
                if line.line.back:
                    break
        return rows

    def _row(self, number: int, line: "WayLine", visit: "Visit | None") -> Row:
        flags = RowFlag.NONE
        late = visit is not None and _waits(visit) and visit.due_at is not None
        if late and visit is not None and visit.due_at is not None and visit.due_at < self._now():
            flags = RowFlag.OVERDUE
        elif visit is None:
            flags = RowFlag.DIMMED
        cells = (
            INDENT * line.line.depth + self._text(line, visit),
            self._when(visit) if visit else "",
            visit.performer if visit else "",
            (visit.outcome or visit.result.partition("\n")[0]) if visit else "",
        )
        return Row(number, tuple(clean(cell) if cell.strip() == cell else cell for cell in cells), flags)

    def _text(self, line: "WayLine", visit: "Visit | None") -> str:
        name = clean(line.name) if line.name else _(NAMES[line.kind])
        if line.name and line.kind in (NestedPoint, TimerPoint):
            name = f"{name} ({_(NAMES[line.kind])})"
        if line.line.back:
            text = _("to {step}").format(step=name)
        else:
            unwaited = line.kind in UNWAITED and line.passed
            sign = PRESENT if _waits(visit) else PASSED if visit is not None or unwaited else COMING
            text = f"{sign} {name}"
            if visit is not None and visit.cancelled:
                text = _("{step} (cancelled)").format(step=text)
        if line.branch:
            return f"{clean(line.branch)}: {text}"
        return _("beside: {step}").format(step=text) if line.beside else text

    def _when(self, visit: "Visit") -> str:
        zone, now = self._zone(), self._now()
        came = f"{to_wall(visit.entered_at, zone):%d.%m %H:%M}"
        if visit.left_at is None:
            return deadline_text(visit.due_at, now, zone) or _("since {date}").format(date=came)
        return f"{came} – {to_wall(visit.left_at, zone):%d.%m %H:%M}"


def _waits(visit: "Visit | None") -> bool:
    return visit is not None and visit.left_at is None
