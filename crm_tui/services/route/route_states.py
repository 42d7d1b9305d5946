"""Which maps send Interests into a state: such a state stays as it is, or their processes could not go on (BP-12)."""

from sqlalchemy import Connection, select

from crm_tui.services.process.process_state import ALIVE
from crm_tui.services.route.route_catalogue import IN_FORCE, route
from crm_tui.store.tables import Scenario, State, table_of
from crm_tui.store.tables.processes import Process, RouteMap, RouteMapVersion

_scenario = table_of(Scenario)
_map, _version, _process = table_of(RouteMap), table_of(RouteMapVersion), table_of(Process)


def map_with(connection: Connection, state: State) -> str:
    """Number and name of a map that leads into the state: one in force, or by a version of which processes run.
    Empty where there is none."""
    scenario = connection.scalar(select(_scenario.c.code).where(_scenario.c.id == state.scenario_id))
    runs = select(_process.c.version_id).where(_process.c.status.in_(ALIVE))
    in_force = (_map.c.status == IN_FORCE) & (_version.c.id == _map.c.version_id)
    query = (
        select(_version.c.id)
        .join(_map, _map.c.id == _version.c.map_id)
        .where(in_force | _version.c.id.in_(runs))
    )
    for version_id in connection.scalars(query.order_by(_version.c.id)):
        drawn = route(connection, version_id)
        if drawn.scenario in ("", scenario) and state.code in {
            drawn.termination_state,
            *(point.state for point in drawn.points),
        }:
            return drawn.title
    return ""
