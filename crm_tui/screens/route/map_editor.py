"""The editor of a route map: its graph in text, drawn and set by keyboard in user mode (CORP-21, CORP-22, KZT-20)."""

from collections.abc import Iterable, Mapping
from typing import Any

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.domain.errors import NotFound, Refused
from crm_tui.domain.route import route_remove
from crm_tui.domain.route.route_map import Step
from crm_tui.i18n import _, ngettext
from crm_tui.screens.base import CrmScreen, Topics
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.route import map_facts, map_words
from crm_tui.screens.route.map_ground import in_order
from crm_tui.screens.route.map_keeping import Draft
from crm_tui.screens.route.map_outline import outline_list, row_key
from crm_tui.screens.route.map_points import MapPoints
from crm_tui.screens.route.map_settings import MapSettings
from crm_tui.screens.route.map_status import Enforcing
from crm_tui.services.route import route_maps, route_sentences
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.route_block import Key
from crm_tui.widgets.route_drawing import draw
from crm_tui.widgets.route_graph import RouteGraph

TABLES = frozenset({"route_map", "route_map_version", "letter_template", "state", "scenario", "user", "*"})
WRONG = "!"


class MapEditor(MapPoints, MapSettings, Enforcing, CrmScreen[None]):
    """One map: the graph, or its points line by line, and the settings of what the cursor stands on."""

    SCOPES = ("route",)
    DEFAULT_CSS = """
    MapEditor #map-problems { height: 1; color: $text-muted; }
    MapEditor #map-body { height: 1fr; }
    MapEditor #map-facts { height: 5; padding: 0 1; border-top: solid $foreground-muted; }
    MapEditor.-wide .drawn, MapEditor.-huge .drawn { layout: horizontal; }
    MapEditor.-wide .drawn #map-facts, MapEditor.-huge .drawn #map-facts {
        width: 44; height: 1fr; border-top: none; border-left: solid $foreground-muted;
    }
    MapEditor .hidden { display: none; }
    """

    def __init__(self, draft: Draft, *, at: str = "") -> None:
        super().__init__()
        self.draft = draft
        self._map_id = draft.row.id
        self._begin = at
        self._is_outline = False

    @property
    def place(self) -> str:
        return f"map-{self._map_id}"

    def compose_body(self) -> Iterable[Widget]:
        self._graph = RouteGraph(id="map-graph")
        self._outline = outline_list(self.draft)
        self._outline.add_class("hidden")
        yield Static(classes="card-title")
        yield Static(id="map-problems")
        with Vertical(id="map-body", classes="drawn"):
            yield self._graph
            yield self._outline
            yield Static(id="map-facts")

    def on_mount(self) -> None:
        self._graph.focus()
        self.show_route()
        if self._begin:
            self.stand_on(("point", self._begin))

    # What is shown

    def show_route(self) -> None:
        draft = self.draft
        wrong = {one.point: WRONG for one in draft.problems}
        beside = {
            point.id: map_words.short_duration(point.duration)
            for point in draft.route.points
            if isinstance(point, Step)
        }
        self._graph.show(draw(draft.route, way=self.way_said, before=wrong, beside=beside))
        self._outline.reload()
        self.query_one(".card-title", Static).update(Content(self._title()))
        self.query_one("#map-problems", Static).update(Content(self._wrong()))
        self._show_facts()

    def _title(self) -> str:
        row, route = self.draft.row, self.draft.route
        status = _(route_maps.STATUSES[row.status])
        if row.version_number is None:
            return f"{route.title} · {status}"
        said = _("version {number}").format(number=row.version_number)
        changed = [_("changed since: I puts it in force")] if row.has_draft else []
        return " · ".join([route.title, status, said, *changed])

    def _wrong(self) -> str:
        found = self.draft.problems
        if not found:
            row = self.draft.row
            is_done = row.status == route_maps.IN_FORCE and not row.has_draft
            return _("No problems.") if is_done else _("No problems: it can be put in force.")
        return ngettext("{count} problem: {first}", "{count} problems: {first}", len(found)).format(
            count=len(found), first=route_sentences.of_problem(self.draft.route, found[0])
        )

    def _show_facts(self) -> None:
        self.query_one("#map-facts", Static).update(Content(map_facts.facts(self.draft, self._key)))

    @property
    def _key(self) -> Key | None:
        if self._is_outline:
            number = self._outline.current_id
            return None if number is None else row_key(self.draft.route, number)
        return self._graph.current

    def current(self) -> Key:
        """The point or way under the cursor. Raises Refused where there is none."""
        if self._key is None:
            raise Refused("nothing_chosen")
        return self._key

    def stand_on(self, key: Key) -> None:
        """Put the cursor on a point or a way; on a way that has no line of its own, on the point that it leads to."""
        self._graph.go_to(key)
        if self._is_outline:
            rows = {row_key(self.draft.route, number): number for number in reversed(self._outline.ids)}
            leads = self.draft.route.flows[int(key[1])].target if key[0] == "flow" else ""
            number = rows.get(key, rows.get(("point", leads)))
            if number is not None:
                self._outline.go_to(number)
        self._show_facts()

    def on_route_graph_highlighted(self, _event: RouteGraph.Highlighted) -> None:
        self._show_facts()

    def on_record_list_highlighted(self, _event: RecordList.Highlighted) -> None:
        self._show_facts()

    def on_route_graph_opened(self, _event: RouteGraph.Opened) -> None:
        self._open()

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self._open()

    def _open(self) -> None:
        kind, name = self.current()
        is_step = kind == "point" and isinstance(self.point(str(name)), Step)
        self.shell.run_command("route.lines" if is_step else "route.edit")

    async def command_route_lines(self, argument: str = "") -> None:
        """The step with its outcomes, demands and rules."""
        from crm_tui.screens.route.map_step import MapStepScreen

        step = self.source()
        if not isinstance(step, Step):
            raise Refused("map_no_lines")
        await self.app.push_screen_wait(MapStepScreen(self.draft, step.id))
        self.show_route()

    async def command_list_search(self, argument: str = "") -> None:
        """Go to a point by a few letters of its name."""
        route = self.draft.route
        points = [(id, map_facts.title(route, id)) for id in in_order(route)]
        chosen = argument or await self.app.push_screen_wait(Choice(_("Go to"), points))
        if chosen:
            self.stand_on(("point", chosen))

    def command_route_view(self, argument: str = "") -> None:
        """The other view, the cursor on the same point."""
        key = self._key
        self._is_outline = not self._is_outline
        self.query_one("#map-body").set_class(not self._is_outline, "drawn")
        self._graph.set_class(self._is_outline, "hidden")
        self._outline.set_class(not self._is_outline, "hidden")
        (self._outline if self._is_outline else self._graph).focus()
        if key is not None:
            self.stand_on(key)

    def reload(self) -> None:
        self.run_worker(self._reread(), exclusive=True, group="map")

    async def _reread(self, *, known: int | None = None) -> None:
        """Show what the store has; nothing is to be done where it still has the version ``known``."""
        try:
            row = await self.look(lambda connection: route_maps.row(connection, self._map_id))
            if row.row_version != known:
                await self.read_anew()
        except NotFound:  # its making was taken back
            if self.app.screen is self:
                self.dismiss(None)

    def store_changed(self, topics: Topics) -> None:
        changed = topics.keys() & TABLES
        if changed == {"route_map"}:  # most often what was written here, and is shown
            version = self.draft.row.row_version
            self.run_worker(self._reread(known=version), exclusive=True, group="map")
        elif changed:
            self.reload()

    def session_state(self) -> dict[str, Any]:
        key = self._key
        return {"outline": self._is_outline, "at": list(key) if key else None}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        at = state.get("at")
        if state.get("outline") is True:
            self.command_route_view()
        if isinstance(at, list) and len(at) == 2 and not self._begin:
            self.stand_on((str(at[0]), at[1]))

    # The graph

    async def command_route_delete(self, argument: str = "") -> None:
        """The point, or the way; what nothing leads to any more goes along."""
        kind, name = self.current()
        before = len(self.draft.route.points)
        if kind == "flow":
            await self.change(lambda route: route_remove.remove_flow(route, int(name)), "route.delete")
        else:
            await self.change(lambda route: route_remove.remove(route, str(name)), "route.delete")
        gone = before - len(self.draft.route.points)
        said = ngettext(
            "{count} point deleted. u takes it back.", "{count} points deleted. u takes it back.", gone
        )
        self.shell.say(said.format(count=gone))

    async def command_route_later(self, argument: str = "") -> None:
        """One place further on its way."""
        await self._move(route_remove.later)

    async def command_route_earlier(self, argument: str = "") -> None:
        """One place back on its way."""
        await self._move(route_remove.earlier)

    async def command_route_lead(self, argument: str = "") -> None:
        """Where a way leads."""
        number = await self.way_on()
        if number is None:
            raise Refused("nothing_chosen")
        chosen = await self.app.push_screen_wait(Choice(_("Leads to"), self.targets()))
        if chosen is not None:
            await self.change(lambda route: route_remove.retarget(route, number, chosen), "route.lead")

    async def _move(self, how: Any) -> None:
        kind, name = self.current()
        if kind == "flow":
            raise Refused("route_edit_not_moved", point=self.way_said(int(name)))
        await self.change(lambda route: how(route, str(name)), "route.later")
        self.stand_on(("point", str(name)))

    # In force

    async def command_route_problems(self, argument: str = "") -> None:
        """All of them; Enter goes to the point."""
        point = await self.show_problems(self.draft.route, self.draft.problems)
        if point:
            self.stand_on(("point", point))

    async def command_route_enforce(self, argument: str = "") -> None:
        """Put it in force, or go to what forbids it."""
        point = await self.enforce(self.draft.row.id)
        await self.read_anew()
        if point:
            self.stand_on(("point", point))

    def command_route_simulate(self, argument: str = "") -> None:
        """Every way through it."""
        from crm_tui.screens.route.map_simulation import MapSimulation

        self.app.push_screen(MapSimulation(self._map_id))

    async def command_route_discard(self, argument: str = "") -> None:
        """Back to what is in force."""
        await self.act("route.discard", lambda work: route_maps.discard_draft(work, self._map_id))
        await self.read_anew()
