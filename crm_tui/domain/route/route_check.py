"""Whether a map is sound: what a process of it could not do is said before any is started (RM-22).

``problems`` looks at a map from four sides, each a file: how its graph is written (``route_check_shape``), where it
leads and whether its tokens always come together (``route_check_graph``), the states of the Interest
(``route_check_states``), and whether what its points name is there (``route_check_settings``).
"""

from crm_tui.domain.route.route_check_graph import graph_problems
from crm_tui.domain.route.route_check_settings import settings_problems
from crm_tui.domain.route.route_check_shape import shape_problems
from crm_tui.domain.route.route_check_states import state_problems
from crm_tui.domain.route.route_map import Route
from crm_tui.domain.route.route_problem import Known, Problem


def problems(route: Route, known: Known) -> tuple[Problem, ...]:
    """Everything that keeps the map from being in force, in the order of its points; nothing where it is sound."""
    shape = shape_problems(route)
    found = [*shape, *graph_problems(route, known, whole=not shape)]
    found += [*state_problems(route, known), *settings_problems(route, known)]
    order = {point.id: number for number, point in enumerate(route.points)}
    return tuple(sorted(found, key=lambda problem: order.get(problem.point, -1)))
