"""Processes are bound to another version of their map: what ``process_migration`` showed, done for many together.

What is the same for many (where a token stands, a title, a state) is written for all of them in one statement, so
that a thousand processes keep nobody waiting, and yet are one unit of work and one undo.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Table, select

from crm_tui.domain.errors import Conflict, Refused
from crm_tui.domain.route.process import Token
from crm_tui.domain.route.process_landing import Landing, land
from crm_tui.domain.route.route_map import Route, Step
from crm_tui.domain.text import clean
from crm_tui.services.interest import interest_moves, scenarios
from crm_tui.services.process import process_state, process_steps
from crm_tui.services.process.process_preview import Moving, Preview
from crm_tui.services.process.process_state import route_of
from crm_tui.services.task import tasks
from crm_tui.store.tables import Interest, Task, table_of
from crm_tui.store.tables.processes import Process, ProcessEvent, ProcessToken
from crm_tui.store.work import Work

MIGRATED = "migrated"
"""Kind of the event."""
_BATCH = 500

process, token, task, interest = (table_of(one) for one in (Process, ProcessToken, Task, Interest))


@dataclass
class _Writing:
    """What is to be written, by what it becomes."""

    ways: dict[tuple[str, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    """Point and flow → tokens."""
    steps: dict[tuple[int, str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    """Version that it went by, step there and step now → its open tasks."""
    events: list[ProcessEvent] = field(default_factory=list)
    states: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    """Code of a state → Interest → its process."""


def rebind(work: Work, chosen: Sequence[Moving], seen: Preview) -> None:
    """Bind these processes to the version of the preview. Raises Conflict (``changed_meanwhile``), Refused
    (``process_ended``)."""
    new = route_of(work.connection, seen.version_id)
    writing = _Writing()
    for start in range(0, len(chosen), _BATCH):
        _plan(work, chosen[start : start + _BATCH], seen, new, writing)
    for (point, flow), ids in writing.ways.items():
        work.change_many(ProcessToken, ids, point=point, flow=flow)
    for (version_id, source, target), ids in writing.steps.items():
        before, after = route_of(work.connection, version_id).by_id[source], new.by_id[target]
        if isinstance(before, Step) and isinstance(after, Step):
            _call_anew(work, before, after, ids)
    # Before the states: whoever asks then who holds them is answered by the version that says so.
    work.change_many(
        Process,
        [one.process_id for one in chosen],
        version_id=seen.version_id,
        last_event=process.c.last_event + 1,
    )
    work.add_many(writing.events)
    for code, processes in writing.states.items():
        _move(work, code, processes)


def _plan(work: Work, chosen: Sequence[Moving], seen: Preview, new: Route, writing: _Writing) -> None:
    held = {row.id: row for row in _those(work, process, "id", [one.process_id for one in chosen])}
    waiting: dict[int, list[Row[Any]]] = {process_id: [] for process_id in held}
    for row in _those(work, token, "process_id", list(held)):
        if row.left_at is None:
            waiting[row.process_id].append(row)
    known: dict[tuple[int, tuple[Token, ...]], Landing] = {}
    for one in chosen:
        row = held[one.process_id]  # nothing takes away a process
        if row.status not in process_state.ALIVE:
            raise Refused("process_ended")
        if row.last_event != one.last_event:
            raise Conflict("changed_meanwhile", kind="process", id=row.id)
        old = route_of(work.connection, row.version_id)
        tokens = tuple(Token(each.token, each.point, each.flow) for each in waiting[row.id])
        key = (row.version_id, tokens)
        landing = known.setdefault(key, known.get(key) or land(old, new, tokens, seen.mapping))
        _note(work, row, waiting[row.id], landing, seen, writing)
        if one.state and row.interest_id is not None:
            writing.states[one.state][row.interest_id] = row.id


def _note(
    work: Work,
    of: Row[Any],
    waiting: Sequence[Row[Any]],
    landing: Landing,
    seen: Preview,
    writing: _Writing,
) -> None:
    stands = {row.token: row for row in waiting}
    for one in landing.tokens:
        row = stands[one.token]
        if (row.point, row.flow) != (one.target, one.by):
            writing.ways[one.target, one.by].append(row.id)
        if row.task_id is not None:
            writing.steps[of.version_id, one.source, one.target].append(row.task_id)
    facts = {
        "before": of.version_id,
        "after": seen.version_id,
        "status": of.status,
        "last": of.last_token,
        "tokens": [[one.token, one.target, one.by] for one in landing.tokens],
        "was": [[one.token, one.source] for one in landing.tokens],
    }
    writing.events.append(process_state.event_row(work, of.id, of.last_event + 1, MIGRATED, facts))


def _call_anew(work: Work, old: Step, new: Step, task_ids: Sequence[int]) -> None:
    """The open tasks of a step are called and explained as the new version does, unless a person wrote otherwise."""
    before, after = process_steps.task_title(old), process_steps.task_title(new)
    said, says = clean(old.instruction, multiline=True), clean(new.instruction, multiline=True)
    if before == after and said == says:
        return
    rows = _those(work, task, "id", task_ids)
    if before != after:
        tasks.rename_many(work, [row.id for row in rows if row.title == before], after)
    if said != says:
        work.change_many(Task, [row.id for row in rows if row.notes == said], notes=says)


def _move(work: Work, code: str, processes: Mapping[int, int]) -> None:
    """These Interests go into the state of this code, and their processes hold them there."""
    stands: dict[int, dict[int, int]] = defaultdict(dict)
    for row in _those(work, interest, "id", list(processes)):
        stands[row.scenario_id][row.id] = row.state_id
    for scenario_id, interests in stands.items():
        state = scenarios.state_by_code(work, scenario_id, code)
        moving = {one: before for one, before in interests.items() if before != state.key}
        if moving:
            interest_moves.write(work, moving, state, "", "", "", work.actor.name)
        work.change_many(Process, [processes[one] for one in interests], held_state_id=state.key)


def _those(work: Work, table: Table, column: str, ids: Sequence[int]) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for start in range(0, len(ids), _BATCH):
        query = select(table).where(table.c[column].in_(ids[start : start + _BATCH])).order_by(table.c.id)
        found += work.connection.execute(query).all()
    return found
