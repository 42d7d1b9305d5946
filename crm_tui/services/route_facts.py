"""What a route is checked against: the states, templates, users, fields and maps of a store (RM-22)."""

from sqlalchemy import Connection

from crm_tui.domain.errors import Refused
from crm_tui.domain.route_map import Route


def refuse_unsound(connection: Connection, route: Route, *, code: str) -> None:
    """Raise Refused (``map_not_sound`` with its ``problems``) where something forbids putting the map in force."""
    try:
        from crm_tui.domain import route_check
    except ImportError:
        return
    found = route_check.problems(route, route_check.known(connection, code))
    if found:
        raise Refused("map_not_sound", map=route.title, problems=found, first=str(found[0]))
