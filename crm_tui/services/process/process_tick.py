"""What the clock does to processes: timers whose time came, and steps that are late.

Nothing is remembered between two looks: what is due stands in the rows, found on an index. Each is one unit of work
that looks again before it acts, so that of several programs one does it, and whatever is killed is done by the next.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from crm_tui.domain.errors import CrmError, Refused, StoreBusy, StoreDamaged
from crm_tui.domain.route.process import Completed, Status
from crm_tui.domain.route.route_map import PointKind, Step, StepEvent
from crm_tui.services import crash
from crm_tui.services.process import (
    process_catching_up,
    process_hold,
    process_notices,
    process_state,
    process_stopping,
)
from crm_tui.services.process.process_run import Run
from crm_tui.services.process.process_state import route_of
from crm_tui.store.engine import Store
from crm_tui.store.tables import table_of
from crm_tui.store.tables.processes import Process, ProcessEvent, ProcessToken
from crm_tui.store.work import Actor, Work

AT_ONCE = 100
MOST_A_DAY = 50
"""Timers of one process in 24 hours: more is a circle that only seems to wait (design/assurance.md section 1.8)."""
DAY = timedelta(days=1)

process, waiting, event = table_of(Process), table_of(ProcessToken), table_of(ProcessEvent)


@dataclass(frozen=True, slots=True)
class Due:
    """A token whose time came."""

    id: int
    process_id: int
    token: int
    actor: str
    """The rule that acts."""


def due(connection: Connection, now: datetime, limit: int = AT_ONCE) -> Sequence[Due]:
    """Timers whose time has come and steps that are late and of which it was not told yet, the oldest first."""
    # Not by the index of the status: those that run are very many, those that are due few.
    running = (process.c.status + "") == Status.RUNNING.value
    query = (
        select(waiting.c.id, waiting.c.process_id, waiting.c.token, waiting.c.point, process.c.version_id)
        .join(process, process.c.id == waiting.c.process_id)
        .where(waiting.c.left_at.is_(None), waiting.c.due_at <= now, running)
        .order_by(waiting.c.due_at)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    routes = {version_id: route_of(connection, version_id) for version_id in {row.version_id for row in rows}}
    return [
        Due(row.id, row.process_id, row.token, process_state.rule_name(routes[row.version_id], row.point))
        for row in rows
    ]


def next_due(connection: Connection) -> datetime | None:
    """When something is due next; in the past when it waits already."""
    query = select(func.min(waiting.c.due_at)).where(
        waiting.c.left_at.is_(None), waiting.c.due_at.is_not(None)
    )
    found: datetime | None = connection.execute(query).scalar_one()
    return found


def run(store: Store, *, stopped: Callable[[], bool] = lambda: False) -> int:
    """Do all that is due now, until ``stopped``; answers how many there were.

    A process that cannot go on is stopped, and who answers for it is told. Raises StoreBusy, StoreDamaged.
    """
    done = 0
    while not stopped():
        with store.read() as connection:
            found = due(connection, store.clock()) if process_hold.are_used(connection) else ()
        for one in found:
            if stopped():
                break
            done += _do(store, one)
        if len(found) < AT_ONCE:
            break
    return done


def _do(store: Store, one: Due) -> bool:
    actor = Actor(one.actor)
    try:
        with store.work(actor, "process.tick") as work:
            return _act(work, one)
    except (StoreBusy, StoreDamaged):
        raise
    except CrmError as error:
        trouble = error
    except Exception as error:  # a fault of ours with one process must not keep all others waiting
        crash.write(error, store.clock)
        trouble = Refused("process_fault")
    with store.work(actor, "process.stop") as work:
        process_stopping.stop(work, one.process_id, trouble)
    return True


def _act(work: Work, one: Due) -> bool:
    row = work.get(ProcessToken, one.id)
    held = work.get(Process, one.process_id)
    is_due = row.left_at is None and row.due_at is not None and row.due_at <= work.now
    if not is_due or held.status != Status.RUNNING:
        return False  # another program was faster, or a person
    if row.kind == PointKind.TIMER:
        if _timers_today(work, held.key) >= MOST_A_DAY:
            process_stopping.stop(work, held.key)
        else:
            Run(work).take(held, Completed(one.token))
        return True
    if process_catching_up.was_closed(work, row):
        process_catching_up.catch_up(work, held, row)
        return True
    step = route_of(work.connection, held.version_id).by_id.get(row.point)
    work.change(row, due_at=None)
    if isinstance(step, Step):
        process_notices.on_event(work, held, row, step, StepEvent.OVERDUE)
    return True


def _timers_today(work: Work, process_id: int) -> int:
    of_timer = (waiting.c.process_id == event.c.process_id) & (waiting.c.token == event.c.token)
    query = (
        select(func.count())
        .select_from(event)
        .join(waiting, of_timer)
        .where(event.c.process_id == process_id, event.c.at > work.now - DAY)
        .where(event.c.kind == "completed", waiting.c.kind == PointKind.TIMER.value)
    )
    return int(work.connection.execute(query).scalar_one())
