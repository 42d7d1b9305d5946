"""Where a process stands, as rows tell it, and the log of what happened to it."""

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, bindparam, select

from crm_tui.domain.errors import Refused
from crm_tui.domain.route.process import (
    Completed,
    Event,
    Instance,
    Resumed,
    Started,
    Status,
    Stopped,
    Terminated,
    Token,
)
from crm_tui.domain.route.route_map import Route
from crm_tui.services.route import route_catalogue
from crm_tui.store.tables import table_of
from crm_tui.store.tables.processes import Process, ProcessEvent, ProcessToken, RouteMap
from crm_tui.store.work import Work

__all__ = [
    "ALIVE",
    "CANCELLED",
    "alive",
    "events_of",
    "instance_of",
    "note",
    "note_event",
    "route_of",
    "rule_name",
    "step_of",
    "title_of",
    "waiting",
]

CANCELLED = "!cancelled"
"""Outcome of a token that was taken away."""
ALIVE = (Status.RUNNING.value, Status.STOPPED.value)
"""Statuses of a process that has not ended."""

_token = table_of(ProcessToken)
_TOKENS = (
    select(_token.c.token, _token.c.point, _token.c.flow)
    .where(_token.c.process_id == bindparam("of"), _token.c.left_at.is_(None))
    .order_by(_token.c.token)
)
_routes: "WeakKeyDictionary[Connection, dict[int, Route]]" = WeakKeyDictionary()


def rule_name(route: Route, point: str = "") -> str:
    """The process as an actor: ``rule:1.2 Sale (quick) / Meeting`` (C-11)."""
    step = route.by_id.get(point)
    return f"rule:{route.title}" + (f" / {step.name or step.id}" if step else "")


def alive(work: Work, process_id: int) -> Process:
    """The process, which has not ended. Raises NotFound, Refused (``process_ended``)."""
    process = work.get(Process, process_id)
    if process.status not in ALIVE:
        raise Refused("process_ended")
    return process


def waiting(work: Work, process_id: int, token: int) -> ProcessToken:
    """The row of a token that waits. Raises Refused (``token_not_waiting``): somebody was faster."""
    row = work.find(ProcessToken, process_id=process_id, token=token, left_at=None)
    if row is None:
        raise Refused("token_not_waiting", token=token)
    return row


def step_of(work: Work, task_id: int) -> ProcessToken | None:
    """The token that waits for this task at a step; None where no process does."""
    return work.find(ProcessToken, task_id=task_id, left_at=None)


def title_of(work: Work, process_id: int) -> str:
    """Number and name of the process's map."""
    drawn = work.get(RouteMap, work.get(Process, process_id).map_id)
    return f"{drawn.number} {drawn.name}".strip()


def instance_of(connection: Connection, process: Process) -> Instance:
    """Where the process stands."""
    rows = connection.execute(_TOKENS, {"of": process.key})
    tokens = tuple(Token(row.token, row.point, row.flow) for row in rows)
    return Instance(
        Status(process.status), tokens, process.last_token, process.successful, process.ended_point
    )


def route_of(connection: Connection, version_id: int) -> Route:
    """The route of a version of a map, read once in a transaction. Raises NotFound."""
    known = _routes.setdefault(connection, {})
    if version_id not in known:
        known[version_id] = route_catalogue.route(connection, version_id)
    return known[version_id]


_KINDS: dict[type[Event], str] = {
    Started: "started",
    Completed: "completed",
    Terminated: "terminated",
    Stopped: "stopped",
    Resumed: "resumed",
}


def note(work: Work, process: Process, kind: str, *, token: int = 0, actor: str = "", **facts: Any) -> None:
    """Write down what happened, with codes and numbers only: words of persons stand elsewhere. ``actor`` is a rule;
    without one it was whoever the unit of work is of."""
    work.change(process, last_event=_noted(work, process, kind, token, actor, facts))


def note_event(
    work: Work, process: Process, event: Event, chosen: Sequence[int], *, actor: str = "", reason: str = ""
) -> int:
    """Write down an event of the token game so that it can be played again. Answers its number, which the caller
    writes into the process as ``last_event`` with all else that changes there."""
    said: dict[str, Any] = {"chosen": list(chosen), "reason": reason}
    token = 0
    if isinstance(event, Completed):
        token = event.token
        said["outcome"] = event.outcome
    return _noted(work, process, _KINDS[type(event)], token, actor, said)


def _noted(work: Work, process: Process, kind: str, token: int, actor: str, facts: Mapping[str, Any]) -> int:
    number = process.last_event + 1
    work.add(event_row(work, process.key, number, kind, facts, token=token, actor=actor))
    return number


def event_row(
    work: Work,
    process_id: int,
    number: int,
    kind: str,
    facts: Mapping[str, Any],
    *,
    token: int = 0,
    actor: str = "",
) -> ProcessEvent:
    """What happened, as it is written down; see ``note``."""
    return ProcessEvent(
        process_id=process_id,
        number=number,
        kind=kind,
        token=token,
        facts={name: value for name, value in facts.items() if value not in ("", [], None)},
        actor=actor or work.actor.name,
        user_id=None if actor else work.actor.user_id,
        at=work.now,
    )


def events_of(
    connection: Connection, process_id: int, *, after: int = 0
) -> list[tuple[Event, Sequence[int]]]:
    """The events of the token game in their order, each with the flows that were chosen: for ``replay``. ``after``:
    only those with a higher number (``process_migration.log_of``)."""
    table = table_of(ProcessEvent)
    query = select(table.c.kind, table.c.token, table.c.facts).where(
        table.c.process_id == process_id, table.c.number > after
    )
    return [
        (event, row.facts.get("chosen", ()))
        for row in connection.execute(query.order_by(table.c.number))
        if (event := _event(row.kind, row.token, row.facts)) is not None
    ]


def _event(kind: str, token: int, facts: dict[str, Any]) -> Event | None:
    match kind:
        case "started":
            return Started()
        case "completed":
            return Completed(token, facts.get("outcome", ""))
        case "terminated":
            return Terminated()
        case "stopped":
            return Stopped()
        case "resumed":
            return Resumed()
        case _:
            return None
