"""How much tasks press: the facts of ``domain.task.urgency``, read for many tasks at once (L-22)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    column,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy import table as bare_table

from crm_tui.domain.task import urgency
from crm_tui.domain.task.urgency import Facts, Urgency, Weights
from crm_tui.store.queries import tasks
from crm_tui.store.tables import Interaction, Interest, State, Task, table_of

task, interest, state, talk = (table_of(one) for one in (Task, Interest, State, Interaction))
# By their columns alone, as in ``tasks``: the start does without the tables of processes.
token = bare_table("process_token", column("task_id"), column("process_id"))
process = bare_table("process", column("id"), column("status"))

_BATCH = 500


def by_urgency(
    connection: Connection,
    user_id: int,
    now: datetime,
    weights: Weights,
    *,
    needle: str = "",
    done: bool = False,
    clause: ColumnElement[bool] | None = None,
) -> list[int]:
    """Ids of the user's tasks, the most pressing first; of equals the one due first. Finished ones, when ``done``,
    stand last."""
    facts = _facts(task.c.assignee_id == user_id)
    query = tasks.of_user(facts, user_id, needle=needle, done=done, clause=clause)
    # Sorts keep equals in their order.
    query = query.order_by(task.c.due_at.is_(None), task.c.due_at, task.c.title_fold, task.c.id)
    found = [(row.id, row.is_open, _urgency(row, now, weights).figure) for row in connection.execute(query)]
    found.sort(key=lambda one: (not one[1], -one[2]))
    return [task_id for task_id, _is_open, _figure in found]


def of_tasks(
    connection: Connection, task_ids: Sequence[int], now: datetime, weights: Weights
) -> dict[int, Urgency]:
    """How much each of these tasks presses; those that are not open are left out."""
    found: dict[int, Urgency] = {}
    for start in range(0, len(task_ids), _BATCH):
        rows = connection.execute(_facts_by_id(), {"ids": list(task_ids[start : start + _BATCH])})
        found |= {row.id: _urgency(row, now, weights) for row in rows}
    return found


def sorted_by_urgency(task_ids: Iterable[int], found: dict[int, Urgency]) -> list[int]:
    """These tasks, the most pressing first; equals as they came."""
    return sorted(task_ids, key=lambda key: -found[key].figure if key in found else 0.0)


def _urgency(row: Any, now: datetime, weights: Weights) -> Urgency:
    facts = Facts(
        row.due_at,
        row.priority,
        bool(row.is_step),
        bool(row.waits) and not row.is_blocked,
        row.created_at,
        bool(row.is_blocked),
    )
    return urgency.of(facts, now, weights)


@cache
def _facts_by_id() -> Select[Any]:
    """Put together once: a list asks for each of its pages."""
    return _facts(task.c.id.in_(bindparam("ids", expanding=True)), task.c.status == "open")


def _facts(*which: ColumnElement[bool]) -> Select[Any]:
    """``which``: the tasks, at least; only their Interests are looked into for the last word."""
    theirs = select(task.c.interest_id).where(*which)
    is_asked = (talk.c.direction == "in") & talk.c.kind.in_(("letter", "message"))
    # A call or a meeting that was held has answered whoever began it.
    is_answered = (talk.c.direction == "out") | talk.c.kind.not_in(("letter", "message"))
    word = (
        select(
            talk.c.interest_id,
            func.max(case((is_asked, talk.c.starts_at))).label("asked"),
            func.max(case((is_answered, talk.c.starts_at))).label("answered"),
        )
        .where(talk.c.interest_id.in_(theirs), func.coalesce(talk.c.status, "") == "held")
        .group_by(talk.c.interest_id)
        .subquery()
    )
    waits = word.c.asked.is_not(None) & (word.c.answered.is_(None) | (word.c.asked > word.c.answered))
    is_stopped = (
        exists()
        .where(
            token.c.task_id == task.c.id, process.c.id == token.c.process_id, process.c.status == "stopped"
        )
        .correlate(task)
    )
    is_blocked = or_(
        interest.c.trashed_at.is_not(None),
        state.c.outcome != "open",
        and_(task.c.kind == "process", is_stopped),
    )
    return (
        select(
            task.c.id,
            (task.c.status == "open").label("is_open"),
            task.c.due_at,
            task.c.priority,
            (task.c.kind == "process").label("is_step"),
            task.c.created_at,
            waits.label("waits"),
            is_blocked.label("is_blocked"),
        )
        .outerjoin(interest, interest.c.id == task.c.interest_id)
        .outerjoin(state, state.c.id == interest.c.state_id)
        .outerjoin(word, word.c.interest_id == task.c.interest_id)
        .where(*which)
    )
