"""Putting a map in force, for the catalogue and the editor; the problems that forbid it, to go to (RM-22)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual.content import Content

from crm_tui.domain.errors import Refused
from crm_tui.domain.route.route_map import Route
from crm_tui.domain.route.route_problem import Problem
from crm_tui.i18n import _
from crm_tui.screens.acting import Acting
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.route import map_facts
from crm_tui.services.route import route_maps, route_sentences
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    class Base(Acting, CrmScreen[Any]):
        """A screen that can ask and act."""

else:
    Base = Acting


class MapProblems(ListScreen[str]):
    """What forbids putting a map in force; answers the point that was chosen, "" for the map itself."""

    def __init__(self, route: Route, problems: Sequence[Problem]) -> None:
        super().__init__()
        self._route = route
        self._problems = problems

    def list_title(self) -> str:
        return _("Problems of {map}").format(map=self._route.title)

    def make_list(self) -> RecordList:
        columns = (
            Column("point", _("Point"), flex=1, min_width=16, sortable=False),
            Column("problem", _("Problem"), flex=3, min_width=30, sortable=False),
        )
        nothing = Content(_("No problems: it can be put in force."))
        return RecordList(SmallSource(columns, self._rows), Order(""), empty=nothing)

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        self.dismiss(self._problems[event.id - 1].point)

    def command_everywhere_back(self, argument: str = "") -> None:
        """Nothing was chosen."""
        self.dismiss(None)

    def _rows(self) -> list[Row]:
        return [
            Row(
                number,
                (
                    map_facts.title(self._route, one.point) if one.point else _("the map"),
                    route_sentences.of_problem(self._route, one),
                ),
            )
            for number, one in enumerate(self._problems, 1)
        ]


class Enforcing(Base):
    """For the screens from which a map is put in force."""

    async def show_problems(self, route: Route, problems: Sequence[Problem]) -> str | None:
        """List them; the point that was chosen, or None."""
        return await self.app.push_screen_wait(MapProblems(route, problems))

    async def enforce(self, map_id: int) -> str | None:
        """Put a map in force. Where it is not sound its problems are listed: answers the point that was chosen."""
        try:
            version = await self.act("maps.enforce", lambda work: route_maps.enforce(work, map_id))
        except Refused as error:
            if error.code != "map_not_sound":
                raise
            route = await self.look(lambda connection: route_maps.draft_or_current(connection, map_id))
            return await self.show_problems(route, error.facts["problems"])
        self.shell.say(_("In force as version {number}.").format(number=version.number))
        return None
