"""Running processes go on by the version in force: where each would land is seen first (C-15)."""

from collections.abc import Sequence

from textual import work as in_worker
from textual.content import Content
from textual.widgets import Static

from crm_tui.domain.errors import Refused
from crm_tui.i18n import _, ngettext
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.services.process import process_migration
from crm_tui.services.process.process_preview import Moving, Preview
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag, heading_id

GONE = 2**40
"""Ids of the points that are gone, from here on."""


class MapMigration(ListScreen[None]):
    """The preview; Enter on a point that is gone says where to, Ctrl+S moves the processes."""

    SCOPES = ("map_migration",)
    TABLES = frozenset({"process"})

    def __init__(self, seen: Preview, title: str) -> None:
        super().__init__()
        self._seen = seen
        self._title = title

    def list_title(self) -> str:
        ready, count = len(self._seen.ready), len(self._seen.processes)
        return _("{map} to version {number}: {ready} of {count} processes can go on by it").format(
            map=self._title, number=self._seen.version, ready=ready, count=count
        )

    def make_list(self) -> RecordList:
        columns = (
            Column("card", _("Card"), flex=1, min_width=18, sortable=False),
            Column("from", _("Version"), width=7, align="right", sortable=False),
            Column("lands", _("Stands at, and goes on at"), flex=2, min_width=24, sortable=False),
            Column("state", _("State"), width=14, sortable=False, drop=1),
        )
        empty = Content(_("All processes that run go by this version."))
        return RecordList(SmallSource(columns, self._rows), Order(""), empty=empty)

    def reload(self) -> None:
        self._look_again(dict(self._seen.mapping))

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        if event.id >= GONE:
            self.shell.run_command("map_migration.place")

    async def command_map_migration_move(self, argument: str = "") -> None:
        """Do what is shown."""
        seen = self._seen
        if not seen.ready:
            raise Refused("migrate_nothing", version=seen.version)
        moved = await self.act("map_migration.move", lambda work: process_migration.migrate(work, seen))
        said = ngettext(
            "{count} process moved. u takes it back.", "{count} processes moved. u takes it back.", len(moved)
        )
        self.shell.say(said.format(count=len(moved)))
        self.dismiss(None)

    async def command_map_migration_place(self, argument: str = "") -> None:
        """Where the processes go on that wait at the point under the cursor."""
        number = (self._list.current_id or 0) - GONE
        if not 0 <= number < len(self._seen.gone):
            raise Refused("nothing_chosen")
        gone = self._seen.gone[number]
        title = _("Processes at {point} go on at").format(point=gone.name)
        chosen = await self.app.push_screen_wait(Choice(title, list(gone.places)))
        if chosen is not None:
            self._look_again({**self._seen.mapping, gone.point: chosen})

    @in_worker(exclusive=True, group="preview")
    async def _look_again(self, mapping: dict[str, str]) -> None:
        seen = self._seen
        self._seen = await self.look(
            lambda connection: process_migration.preview(connection, seen.map_id, seen.version_id, mapping)
        )
        self.query_one(".card-title", Static).update(Content(self.list_title()))
        self._list.reload()

    def _rows(self) -> Sequence[Row]:
        rows: list[Row] = []
        if self._seen.gone:
            rows.append(Row(heading_id(0), (_("Points that are gone: Enter says where to"),)))
        for number, gone in enumerate(self._seen.gone):
            target = dict(gone.places).get(self._seen.mapping.get(gone.point, ""), _("! not said yet"))
            rows.append(Row(GONE + number, (gone.name, str(gone.waiting), f"▶ {target}", "")))
        if self._seen.processes:
            rows.append(Row(heading_id(1), (_("Processes"),)))
        return rows + [self._row(one) for one in self._seen.processes]

    def _row(self, one: Moving) -> Row:
        lands = "; ".join(
            wait.name if wait.target == wait.point else f"{wait.name} ▶ {wait.target_name or '?'}"
            for wait in one.waits
        )
        if one.trouble is not None:
            lands = f"! {self.shell.explain(one.trouble)}"
        flags = RowFlag.OVERDUE if one.trouble is not None else RowFlag.NONE
        return Row(one.process_id, (one.card, str(one.version), lands, one.state_name), flags)
