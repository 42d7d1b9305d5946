"""The history of a record: who changed what, when, from what to what (IDX-09, C-11)."""

from collections.abc import Sequence

from textual.content import Content

from crm_tui.domain.conditions import record_fields
from crm_tui.domain.errors import Refused
from crm_tui.domain.wall import to_wall
from crm_tui.i18n import _
from crm_tui.screens.forms.report import Report
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.record.record_values import field_label, value_text
from crm_tui.screens.shell.act_titles import title_of_act
from crm_tui.screens.wording import actor_text, full_date
from crm_tui.services.record import history
from crm_tui.services.record.history import ERASED, MADE, REMOVED, Line
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row


class HistoryScreen(ListScreen[None]):
    """The newest change on top; r puts the value before it back."""

    SCOPES = ("history",)
    TABLES = frozenset({*record_fields.FIELDS, "contact_info"})

    def __init__(self, kind: str, record_id: int, title: str) -> None:
        super().__init__()
        self._kind, self._record_id, self._title = kind, record_id, title
        self._lines: list[Line] = []

    def list_title(self) -> str:
        return _("History: {name}").format(name=self._title)

    def make_list(self) -> RecordList:
        columns = (
            Column("at", _("When"), width=14, sortable=False),
            Column("who", _("Who"), width=10, sortable=False, drop=2),
            Column("field", _("Field"), width=13, sortable=False),
            Column("before", _("Before"), flex=1, min_width=10, sortable=False),
            Column("after", _("After"), flex=1, min_width=10, sortable=False),
            Column("command", _("By"), width=18, sortable=False, drop=1),
        )
        return RecordList(
            SmallSource(columns, self._rows), Order(""), empty=Content(_("Nothing is known of its changes."))
        )

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("history.whole")

    async def command_history_whole(self, argument: str = "") -> None:
        """The whole of a change whose values do not fit into a line."""
        line = self._line()
        with self.store.read() as connection:
            before, after = (
                value_text(connection, self._kind, line.field, value, self._zone()) or "–"
                for value in (line.before, line.after)
            )
            label = field_label(connection, self._kind, line.field)
        lines = (
            f"{full_date(line.at, self._zone())} · {actor_text(line.actor)} · {title_of_act(line.command)}",
            _("Before: {value}").format(value=before),
            _("After: {value}").format(value=after),
        )
        await self.app.push_screen_wait(Report(label, lines))

    async def command_history_put_back(self, argument: str = "") -> None:
        """The value before the change under the cursor becomes the value of the field again."""
        line = self._line()
        await self.act(
            "history.put_back", lambda work: history.put_back(work, self._kind, self._record_id, line)
        )
        self.shell.say(_("Put back. u takes it back."))

    def _line(self) -> Line:
        place = self._list.current_id
        if place is None:
            raise Refused("nothing_chosen")
        return self._lines[place - 1]

    def _rows(self) -> Sequence[Row]:
        zone = self._zone()
        with self.store.read() as connection:
            self._lines = history.of(connection, self._kind, self._record_id)
            rows = []
            for place, line in enumerate(self._lines, 1):
                what = {MADE: _("entered"), REMOVED: _("removed"), ERASED: _("erased")}.get(line.field)
                values = [
                    value_text(connection, self._kind, line.field, value, zone)
                    for value in (line.before, line.after)
                ]
                cells = (
                    f"{to_wall(line.at, zone):%d.%m.%y %H:%M}",
                    actor_text(line.actor),
                    what or field_label(connection, self._kind, line.field),
                    *values,
                    title_of_act(line.command),
                )
                rows.append(Row(place, cells))
        return rows
