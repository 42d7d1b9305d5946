"""A map tried out before it is in force: every way through it, as figures (the flight simulator)."""

from collections.abc import Sequence

from sqlalchemy import Connection

from crm_tui.domain.route.route_map import Route, Step
from crm_tui.domain.route.route_problem import Problem
from crm_tui.domain.route.route_walk import Least, RouteWalk, walk
from crm_tui.i18n import _
from crm_tui.screens.route import map_facts, map_words
from crm_tui.screens.route.map_readout import MapReadout, Section
from crm_tui.services.route import route_maps, route_sentences


class MapSimulation(MapReadout):
    """What each process of the map can come to, as it is written now."""

    SCOPES = ("map_simulation",)
    TABLES = frozenset({"route_map", "state"})

    def list_title(self) -> str:
        with self.store.read() as connection:
            title = route_maps.row(connection, self._map_id).title
        return _("Tried out: {map}. Nothing is written, nobody is told.").format(map=title)

    def command_map_simulation_replay(self, argument: str = "") -> None:
        """Past Interests on it."""
        from crm_tui.screens.route.map_replay import MapReplay

        self.app.push_screen(MapReplay(self._map_id))

    def titles(self) -> Sequence[str]:
        return (_("What can be come to"), _("Outcome"), _("Touches"), _("Steps"))

    def read(self, connection: Connection) -> Sequence[Section]:
        route = route_maps.draft_or_current(connection, self._map_id)
        words = map_words.read(connection, route)
        asked = tuple(words.states) if route.scenario else ()
        found = walk(route, asked)
        ends = [
            (
                map_facts.title(route, one.point),
                _("successful") if one.successful else _("asks why"),
                *_least(one.least),
            )
            for one in found.ends
        ]
        steps = [
            (map_facts.title(route, point.id), "", *_least(found.points.get(point.id)))
            for point in route.points
            if isinstance(point, Step)
        ]
        states = [(words.states.get(code, code), "", *_least(least)) for code, least in found.states.items()]
        return (
            Section(_("What can go wrong"), _wrong(route, found)),
            Section(_("Ends, and the least that it takes to come there"), ends),
            Section(_("States of the Interest"), states),
            Section(_("Steps, and the least before each"), steps),
        )


def _wrong(route: Route, found: RouteWalk) -> list[tuple[str, ...]]:
    told = [route_sentences.of_problem(route, Problem(one.point, one.code)) for one in found.stuck]
    if not found.proved:
        told.append(_("Too tangled: not every way was looked at."))
    if not told:
        told.append(_("Nothing: no token is ever left standing."))
    if found.loops:
        told.append(_("A step can come again."))
    return [(text, "", "", "") for text in told]


def _least(least: Least | None) -> tuple[str, str]:
    return (_("never"), "") if least is None else (str(least.touches), str(least.steps))
