"""How the screens of one map write it: each change is kept at once, as the draft of the map (C-15)."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from crm_tui.domain.errors import Conflict, Refused
from crm_tui.domain.route.route_map import Point, Route, Step
from crm_tui.domain.route.route_problem import Problem
from crm_tui.screens.acting import Acting
from crm_tui.screens.route import map_words
from crm_tui.screens.route.map_words import MapWords
from crm_tui.services.route import route_facts, route_maps
from crm_tui.services.route.route_maps import MapRow


@dataclass(slots=True)
class Draft:
    """A map as it is written now, and what is around it. The editor and the screens over it have one together."""

    row: MapRow
    route: Route
    words: MapWords
    problems: tuple[Problem, ...] = ()

    def read(self, connection: Connection) -> None:
        """As the store has it now."""
        fresh = read_draft(connection, self.row.id)
        self.row, self.route, self.words, self.problems = fresh.row, fresh.route, fresh.words, fresh.problems


def read_draft(connection: Connection, map_id: int) -> Draft:
    """A map of the catalogue, to be written. Raises NotFound."""
    row = route_maps.row(connection, map_id)
    route = route_maps.draft_or_current(connection, map_id)
    words = map_words.read(connection, route)
    return Draft(row, route, words, route_facts.problems(connection, route, code=row.code))


class MapKeeping(Acting):
    """For the screens that edit the map of ``self.draft``."""

    draft: Draft

    async def change(self, edit: Callable[[Route], Route], command: str = "route.edit") -> None:
        """Make a change and keep it; an undo calls it by the title of ``command``.

        Raises what the edit raises, and Conflict where somebody else changed the map meanwhile: what they wrote is
        shown then.
        """
        wanted = edit(self.draft.route)
        if wanted == self.draft.route:
            return
        row = self.draft.row
        try:
            await self.act(
                command,
                lambda work: route_maps.save_draft(work, row.id, wanted, expected_version=row.row_version),
            )
        except Conflict as error:
            await self.read_anew()
            raise Conflict("map_changed_meanwhile", map=row.title) from error
        await self.read_anew()

    async def read_anew(self) -> None:
        """Take the map from the store, and show it."""
        await self.look(self.draft.read)
        self.show_route()

    def show_route(self) -> None:
        """Show the map as it is now."""
        raise NotImplementedError

    def point(self, id: str) -> Point:
        """The point as it is now. Raises Refused where it is gone."""
        found = self.draft.route.by_id.get(id)
        if found is None:
            raise Refused("map_point_gone")
        return found

    def step(self, id: str) -> Step:
        """The step as it is now. Raises Refused where it is gone."""
        found = self.point(id)
        if not isinstance(found, Step):
            raise Refused("map_point_gone")
        return found
