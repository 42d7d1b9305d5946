"""The state of an Interest that a process holds, as the last thing looked at before a commit (BP-05).

The deferred foreign key of ``process.held_state_id`` would end such a unit of work too, but could not say why.
"""

from collections.abc import Collection

from sqlalchemy import Connection, column, select, table

from crm_tui.domain.errors import Refused

# As they are in the database: the tables of processes are not read at the program's start.
_process = table("process", *(column(name) for name in ("id", "interest_id", "held_state_id", "map_id")))
_interest = table("interest", column("id"), column("state_id"))
_map = table("route_map", *(column(name) for name in ("id", "number", "name")))


def refuse_other_writers(connection: Connection, interest_ids: Collection[int]) -> None:
    """Raise Refused (``state_held`` by the ``process``) where one of these Interests (all, where none is named) does
    not stand in the state that a process holds."""
    query = (
        select(_map.c.number, _map.c.name)
        .select_from(_process.join(_interest, _interest.c.id == _process.c.interest_id))
        .join(_map, _map.c.id == _process.c.map_id)
        .where(_process.c.held_state_id != _interest.c.state_id)
        .limit(1)
    )
    if interest_ids:
        query = query.where(_process.c.interest_id.in_(interest_ids))
    row = connection.execute(query).one_or_none()
    if row is not None:
        raise Refused("state_held", process=f"{row.number} {row.name}".strip())
