"""Processes that rested are used again (RM-01): what became of their tasks meanwhile is taken over.

While processes are switched off their tasks are tasks like any others. Who was given one meanwhile performs its step,
another due time is its deadline, and a step whose task was closed is due at once: the clock sees to each in a unit of
work of its own (``process_tick``). A step that asks nothing more is completed; any other has its task open again, and
whoever has it is told, so that nothing is chosen that nobody chose.
"""

from sqlalchemy import or_, select

from crm_tui.domain.errors import CrmError
from crm_tui.domain.route.process import Status
from crm_tui.domain.route.route_map import Route, Step
from crm_tui.services.process import process_state, processes
from crm_tui.services.process.process_object import about
from crm_tui.services.process.process_state import route_of
from crm_tui.services.task import tasks
from crm_tui.services.task.notifications import notify
from crm_tui.store.tables import Interest, State, Task, table_of
from crm_tui.store.tables.processes import Process, ProcessToken
from crm_tui.store.work import Work

AGAIN = "process_step_again"
"""Code of the notification that the task of a step is open again."""

_process, _token, _task = table_of(Process), table_of(ProcessToken), table_of(Task)
_TOUCHED = (
    select(_token.c.id)
    .join(_task, _task.c.id == _token.c.task_id)
    .join(_process, _process.c.id == _token.c.process_id)
    .where(_token.c.left_at.is_(None), _process.c.status.in_(process_state.ALIVE))
    .where(
        or_(
            _task.c.status != "open",
            _task.c.assignee_id != _token.c.performer_id,
            _task.c.due_at.is_distinct_from(_token.c.deadline_at),
        )
    )
    .order_by(_token.c.id)
)


class _Asked(Exception):
    """The step cannot be completed without a person."""


def after_rest(work: Work) -> None:
    """Take over what became of the tasks of waiting steps; the clock sees to those that were closed."""
    for token_id in work.connection.scalars(_TOUCHED).all():
        row = work.get(ProcessToken, token_id)
        task = work.get(Task, row.task_id or 0)
        if task.due_at != row.deadline_at:
            work.change(row, due_at=task.due_at, deadline_at=task.due_at)
        if task.status != "open":
            work.change(row, due_at=work.now)
        elif task.assignee_id != row.performer_id:
            processes.note_performer(work, row, task.assignee_id)


def was_closed(work: Work, row: ProcessToken) -> bool:
    """Whether a step waits whose task is not open, so that nobody would see it."""
    return row.task_id is not None and work.get(Task, row.task_id).status != "open"


def catch_up(work: Work, process: Process, row: ProcessToken) -> None:
    """Complete the step if its task was done and it asks nothing more; else its task is open again, and who has it is
    told."""
    task = work.get(Task, row.task_id or 0)
    if task.status == "done" and _completed(work, process, row, task):
        return
    row = work.get(ProcessToken, row.key)
    # Of one that was late before it was told, or it was closed in time.
    in_time = row.deadline_at is not None and row.deadline_at > work.now
    work.change(row, due_at=row.deadline_at if in_time else None)
    task = tasks.reopen(work, work.get(Task, task.key))
    card = about(work.connection, process.object_kind, process.object_id, process.interest_id)
    route = route_of(work.connection, process.version_id)
    notify(
        work,
        task.assignee_id,
        AGAIN,
        kind="task",
        subject_id=task.key,
        process=route.title,
        step=route.by_id[row.point].name or row.point,
        name=card.name,
    )


def _completed(work: Work, process: Process, row: ProcessToken, task: Task) -> bool:
    route = route_of(work.connection, process.version_id)
    try:
        with work.connection.begin_nested():
            if not _asks_nothing(work, process, route, row):
                raise _Asked
            done = processes.complete(work, process.key, row.token, result=task.result)
            if done.status == Status.STOPPED or done.successful is False:
                raise _Asked
    except (CrmError, _Asked):
        return False
    return True


def _asks_nothing(work: Work, process: Process, route: Route, row: ProcessToken) -> bool:
    """Whether there is one way on, and the Interest stands where the step has it: nobody moved it by hand."""
    step = route.by_id.get(row.point)
    if not isinstance(step, Step) or len(step.outcomes) > 1:
        return False
    if not process.controlling or process.interest_id is None or not step.state:
        return True
    state_id = work.get(Interest, process.interest_id).state_id
    return work.get(State, state_id).code == step.state
