"""Whether processes are used, and what they hold: asked by verbs that the program's start and every move of an
Interest go through, so that nothing of the tables of processes is read here that is not needed (``store.tables``).
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, column, select, table

from crm_tui.domain.errors import Refused
from crm_tui.store.tables import Setting, table_of
from crm_tui.store.work import Work

SETTING = "use_processes"
"""Name of the company's setting "Use business processes and tasks" (RM-01); it is on where nothing is stored."""
EDITION = "edition"
"""Name of the company's setting that says which edition it works with (RM-02); ``corp`` where nothing is stored."""
WITH_PROCESSES = ("prof", "corp")
"""Editions that have the machinery of processes."""

_setting = table_of(Setting)
_USED = select(_setting.c.name, _setting.c.value).where(
    _setting.c.name.in_((SETTING, EDITION)), _setting.c.user_id.is_(None)
)
_map = table("route_map", *(column(name) for name in (
    "id", "number", "name", "object_kind", "start_event", "scenario_id", "status", "kind",
)))  # fmt: skip
_process = table("process", *(column(name) for name in (
    "id", "map_id", "interest_id", "held_state_id", "status", "parent_id", "object_kind", "object_id",
)))  # fmt: skip
_token = table(
    "process_token", *(column(name) for name in ("id", "process_id", "task_id", "left_at", "due_at"))
)
_text = table("text_message", column("id"), column("status"))


def are_used(connection: Connection) -> bool:
    """Whether business processes are switched on (RM-01), and in the company's edition (RM-02)."""
    said = {row.name: row.value for row in connection.execute(_USED)}
    return said.get(SETTING) is not False and said.get(EDITION, "corp") in WITH_PROCESSES


def edition(connection: Connection) -> str:
    """The company's edition: ``base``, ``prof`` or ``corp`` (RM-02)."""
    said = {row.name: row.value for row in connection.execute(_USED)}
    return str(said.get(EDITION, "corp"))


def any_timed(connection: Connection) -> bool:
    """Whether anything waits for a time at all: else the clock need not read what it would do about it."""
    query = select(_token.c.id).where(_token.c.left_at.is_(None), _token.c.due_at.is_not(None)).limit(1)
    return connection.execute(query).first() is not None


def any_texts(connection: Connection) -> bool:
    """Whether text messages wait to be sent."""
    query = select(_text.c.id).where(_text.c.status.in_(("queued", "sending"))).limit(1)
    return connection.execute(query).first() is not None


def holders(connection: Connection, interest_ids: Sequence[int]) -> dict[int, str]:
    """Interest → name of the process that holds its state; those that are free are left out (BP-05)."""
    query = (
        select(_process.c.interest_id, _map.c.number, _map.c.name)
        .join(_map, _map.c.id == _process.c.map_id)
        .where(_process.c.interest_id.in_(interest_ids), _process.c.held_state_id.is_not(None))
    )
    return {row.interest_id: f"{row.number} {row.name}".strip() for row in connection.execute(query)}


def start_created(work: Work, object_kind: str, object_id: int, scenario_id: int | None = None) -> None:
    """Start what maps in force start on a new object, in the unit of work that makes it (RM-06).

    A process that cannot begin is stopped, and its owner told: the object is entered all the same.
    """
    map_ids = _maps_on_creating(work.connection, object_kind, scenario_id)
    if not map_ids or not are_used(work.connection):
        return
    from crm_tui.services.process import processes  # it reads tables that the start does not need

    for map_id in map_ids:
        try:
            processes.start(work, map_id, object_kind, object_id, or_stopped=True)
        except Refused as error:
            # A map for any scenario may lack a state of this one: then the Interest is moved by hand.
            if error.code != "map_of_other_scenario":
                raise


def end_all(work: Work, interest_ids: Sequence[int], *, held_too: bool) -> None:
    """End the processes of Interests that come to an end; that which holds the state only when told."""
    clause = _process.c.interest_id.in_(interest_ids)
    _end(work, clause if held_too else clause & _process.c.held_state_id.is_(None))


def end_of_card(work: Work, object_kind: str, object_id: int) -> None:
    """End the processes of a card that is lost or thrown away."""
    _end(work, (_process.c.object_kind == object_kind) & (_process.c.object_id == object_id))


def first_task(connection: Connection, interest_id: int) -> int | None:
    """The open task of the first step that a process of the Interest waits at; None where there is none."""
    query = (
        select(_token.c.task_id)
        .join(_process, _process.c.id == _token.c.process_id)
        .where(
            _process.c.interest_id == interest_id, _token.c.left_at.is_(None), _token.c.task_id.is_not(None)
        )
        .order_by(_token.c.id)
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def _maps_on_creating(connection: Connection, object_kind: str, scenario_id: int | None) -> list[int]:
    """Maps in force that a new object of this kind starts (RM-05, RM-06): the first one whose process controls the
    Interest, that of its scenario before one of any, and all independent ones."""
    query = (
        select(_map.c.id, _map.c.kind)
        .where(_map.c.status == "in_force", _map.c.start_event == "created")
        .where(_map.c.object_kind == object_kind)
        .where(_map.c.scenario_id.is_(None) | (_map.c.scenario_id == scenario_id))
        .order_by(_map.c.kind != "object", _map.c.scenario_id.is_(None), _map.c.number, _map.c.id)
    )
    rows = connection.execute(query).all()
    controlling = [row.id for row in rows if row.kind == "object"][:1]
    return [*controlling, *(row.id for row in rows if row.kind != "object")]


def _end(work: Work, clause: ColumnElement[bool]) -> None:
    query = select(_process.c.id).where(
        clause, _process.c.status.in_(("running", "stopped")), _process.c.parent_id.is_(None)
    )
    process_ids = work.connection.scalars(query.order_by(_process.c.id)).all()
    if process_ids:
        from crm_tui.services.process import processes  # it reads tables that the start does not need

        for process_id in process_ids:
            processes.end(work, process_id)
