"""The catalogue of route maps: what processes go by, and whether they are in force (RM-04, RM-05)."""

from collections.abc import Sequence
from pathlib import Path

from textual.content import Content

from crm_tui.domain.errors import Refused
from crm_tui.domain.route.route_map import ProcessKind
from crm_tui.i18n import _, ngettext
from crm_tui.screens.forms.path_prompt import PathPrompt
from crm_tui.screens.forms.prompt import Prompt
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.route import map_words
from crm_tui.screens.route.map_status import Enforcing
from crm_tui.screens.wording import begun_large
from crm_tui.services.route import route_files, route_maps
from crm_tui.services.route.route_maps import MapRow
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag


class MapsScreen(Enforcing, ListScreen[None]):
    """All maps, those put away only when asked for."""

    SCOPES = ("maps",)
    TABLES = frozenset({"route_map", "route_map_version", "process", "scenario"})
    CURSOR = "map"

    def __init__(self) -> None:
        super().__init__()
        self._archived = False
        self._maps: dict[int, MapRow] = {}

    def list_title(self) -> str:
        return _("Route maps")

    def make_list(self) -> RecordList:
        columns = (
            Column("number", _("No."), width=5, sortable=False),
            Column("name", _("Name"), flex=2, min_width=16, sortable=False),
            Column("kind", _("Process"), width=12, sortable=False, drop=2),
            Column("bound", _("Bound to"), flex=2, min_width=16, sortable=False, drop=1),
            Column("status", _("Status"), flex=1, min_width=17, sortable=False),
            Column("version", _("Version"), width=7, align="right", sortable=False),
            Column("running", _("Running"), width=7, align="right", sortable=False),
        )
        empty = Content(_("No route maps yet. n writes one, i takes one from a file."))
        return RecordList(SmallSource(columns, self._rows), Order(""), empty=empty)

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("maps.edit")

    async def _draw(self, map_id: int, at: str = "") -> None:
        from crm_tui.screens.route.map_editor import MapEditor
        from crm_tui.screens.route.map_keeping import read_draft

        draft = await self.look(lambda connection: read_draft(connection, map_id))
        await self.app.push_screen(MapEditor(draft, at=at))

    # What is written

    async def command_maps_add(self, argument: str = "") -> None:
        """A new draft, opened to be drawn."""
        name = argument or await self.app.push_screen_wait(
            Prompt(_("Name of the map"), hint=_("A number before it is kept as such: 1.4 Lease"))
        )
        if not name:
            return
        number, name = numbered(name)
        made = await self.act("maps.add", lambda work: route_maps.add(work, name, number=number).key)
        self._list.reload()
        self._list.go_to(made)
        await self._draw(made)

    async def command_maps_copy(self, argument: str = "") -> None:
        """A draft that says the same."""
        row = self._row()
        proposed = _("{title} (copy)").format(title=row.title)
        name = argument or await self.app.push_screen_wait(Prompt(_("Name of the copy"), proposed))
        if name:
            number, name = numbered(name)
            key = await self.act(
                "maps.copy", lambda work: route_maps.copy(work, row.id, name, number=number).key
            )
            self._list.reload()
            self._list.go_to(key)

    async def command_maps_edit(self, argument: str = "") -> None:
        """The map under the cursor, drawn."""
        await self._draw(self._row().id)

    async def command_maps_enforce(self, argument: str = "") -> None:
        """Put it in force; where something forbids that it is listed, and Enter goes there."""
        row = self._row()
        point = await self.enforce(row.id)
        if point is not None:
            await self._draw(row.id, point)

    async def command_maps_suspend(self, argument: str = "") -> None:
        """No more processes start by it."""
        row = self._row()
        await self.act("maps.suspend", lambda work: route_maps.suspend(work, row.id))
        self.shell.say(
            ngettext(
                "Suspended. {count} process goes on.", "Suspended. {count} processes go on.", row.running
            ).format(count=row.running)
        )

    async def command_maps_archive(self, argument: str = "") -> None:
        """Put it away."""
        row = self._row()
        await self.act("maps.archive", lambda work: route_maps.archive(work, row.id))
        self.shell.say(_("{map} is put away. u takes it back.").format(map=row.title))

    def command_maps_archived(self, argument: str = "") -> None:
        """Those that were put away, too, or not any more."""
        self._archived = not self._archived
        self._list.reload()

    def command_maps_versions(self, argument: str = "") -> None:
        """What was in force when."""
        from crm_tui.screens.route.map_versions import MapVersions

        self.app.push_screen(MapVersions(self._row().id))

    def command_maps_simulate(self, argument: str = "") -> None:
        """Every way through it."""
        from crm_tui.screens.route.map_simulation import MapSimulation

        self.app.push_screen(MapSimulation(self._row().id))

    def command_maps_replay(self, argument: str = "") -> None:
        """Past Interests on it."""
        from crm_tui.screens.route.map_replay import MapReplay

        self.app.push_screen(MapReplay(self._row().id))

    def command_maps_report(self, argument: str = "") -> None:
        """How it runs."""
        from crm_tui.screens.route.map_report import MapReport

        self.app.push_screen(MapReport(self._row().id))

    async def command_maps_migrate(self, argument: str = "") -> None:
        """Where running processes would stand."""
        from crm_tui.screens.route.map_migration import MapMigration
        from crm_tui.services.process import process_migration

        row = self._row()
        version_id = row.version_id
        if version_id is None:
            raise Refused("map_not_in_force", map=row.title)
        seen = await self.look(lambda found: process_migration.preview(found, row.id, version_id))
        await self.app.push_screen(MapMigration(seen, row.title))

    # Files

    async def command_maps_import(self, argument: str = "") -> None:
        """From a file: the draft of the map with its code, or a new map."""
        typed = argument or await self.app.push_screen_wait(PathPrompt(_("Map to import"), Path.cwd()))
        if typed:
            key = await self.act_on_file(Path(typed).expanduser())
            self._list.reload()
            self._list.go_to(key)
            self.shell.say(_("Imported as a draft: e shows it, I puts it in force."))

    async def act_on_file(self, path: Path) -> int:
        """Read a map and keep it; its id."""
        written = await self.look(lambda _connection: route_files.read(path))
        return await self.act("maps.import", lambda work: route_maps.import_route(work, written).key)

    async def command_maps_export(self, argument: str = "") -> None:
        """Into a file."""
        row = self._row()
        proposed = str(Path.cwd() / f"{row.code}.toml")
        typed = argument or await self.app.push_screen_wait(
            Prompt(_("Write the map to"), proposed, hint=_("NAME.toml, or NAME.bpmn for BPMN tools"))
        )
        if typed:
            path = Path(typed).expanduser()
            await self.look(
                lambda connection: route_files.write(
                    path, route_maps.draft_or_current(connection, row.id), row.code
                )
            )
            self.shell.say(_("Written to {path}.").format(path=path))

    # Rows

    def _row(self) -> MapRow:
        row = self._maps.get(self._list.current_id or 0)
        if row is None:
            raise Refused("nothing_chosen")
        return row

    def _rows(self) -> Sequence[Row]:
        with self.store.read() as connection:
            found = route_maps.catalogue(connection, archived=self._archived)
        self._maps = {one.id: one for one in found}
        return [_row_of(one) for one in found]


def numbered(typed: str) -> tuple[str, str]:
    """Number and name of a map as they are typed in one line: "1.2 Sale" is number 1.2."""
    first, _space, rest = typed.strip().partition(" ")
    is_number = first[:1].isdecimal() and all(part.isdecimal() for part in first.strip(".").split("."))
    return (first, rest.strip()) if is_number and rest.strip() else ("", typed.strip())


def _row_of(one: MapRow) -> Row:
    status = _(route_maps.STATUSES[one.status])
    if one.has_draft and one.version_number is not None:
        status = _("{status}, changed").format(status=status)
    bound = [_(map_words.OBJECTS.get(one.object_kind, one.object_kind))]
    if one.scenario:
        bound.append(_(one.scenario))
    if one.start_event:
        bound.append(_(map_words.EVENTS.get(one.start_event, one.start_event)))
    cells = (
        one.number,
        one.name,
        _(map_words.SHORT_KINDS[ProcessKind(one.kind)]),
        " · ".join(bound),
        begun_large(status),
        str(one.version_number or ""),
        str(one.running or ""),
    )
    away = one.status in (route_maps.ARCHIVED, route_maps.SUSPENDED)
    return Row(one.id, cells, RowFlag.DIMMED if away else RowFlag.NONE)
