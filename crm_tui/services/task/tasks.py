"""Verbs of the task. Of a step of a process, the process has the last word: what is said of its task goes to it.

While processes are switched off (RM-01) theirs are tasks like any others; what became of them meanwhile is seen to
when they are switched on again (``process_catching_up``).
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean, fold
from crm_tui.domain.wall import to_utc, to_wall
from crm_tui.i18n import N_
from crm_tui.services.process import process_hold, trigger_events
from crm_tui.services.task import reminders
from crm_tui.store.tables import Task, User
from crm_tui.store.work import Work

if TYPE_CHECKING:
    from crm_tui.store.tables.processes import ProcessToken

REMIND_BEFORE = timedelta(minutes=15)
PROCESS = "process"
"""Kind of a task that belongs to a step of a process."""
PRIORITIES = {1: N_("high"), 0: N_("ordinary"), -1: N_("low")}
MORNING = time(9)
"""Wall clock time at which a task of a whole day reminds."""


def add(
    work: Work,
    title: str,
    *,
    assignee_id: int,
    due_at: datetime | None = None,
    due_all_day: bool = False,
    priority: int = 0,
    kind: str = "personal",
    notes: str = "",
    interest_id: int | None = None,
    customer_id: int | None = None,
    contact_id: int | None = None,
    lead_id: int | None = None,
    letter_id: int | None = None,
) -> Task:
    """A new open task with its reminder. ``due_at`` is an instant; of a whole day, the end of it.

    What somebody else gives to a user who is away goes to the deputy, until the user is back (IDX-45).
    Raises Invalid for an empty title.
    """
    title = " ".join(clean(title).split())
    if not title:
        raise Invalid("name_missing", kind="task")
    there = present(work, assignee_id)
    task = work.add(
        Task(
            title=title,
            title_fold=fold(title),
            kind=kind,
            priority=priority,
            due_at=due_at,
            due_all_day=due_all_day,
            notes=clean(notes, multiline=True),
            assignee_id=there,
            stands_for_id=None if there == assignee_id else assignee_id,
            author_id=work.actor.user_id,
            interest_id=interest_id,
            customer_id=customer_id,
            contact_id=contact_id,
            lead_id=lead_id,
            letter_id=letter_id,
            created_at=work.now,
            changed_at=work.now,
        )
    )
    if due_at is not None:
        _remind(work, task)
    return task


def done(work: Work, task_id: int, result: str = "") -> Task:
    """The task is done; a step of a process is completed by it, and the process goes on.

    Raises Refused when it was not open, and what ``processes.complete`` raises.
    """
    task = _open(work, task_id)
    if _step(work, task) is None:
        return finish(work, task, result)
    from crm_tui.services.process import processes  # it reads tables that the start does not need

    processes.complete_task(work, task_id, result=result)
    return work.get(Task, task_id)


def cancel(work: Work, task_id: int) -> Task:
    """The task is not needed any more. Raises Refused when it was not open, or a process waits for it
    (``task_of_process``)."""
    task = _open(work, task_id)
    process = _process_of(work, task)
    if process is not None:
        raise Refused("task_of_process", title=task.title, process=process)
    return drop(work, task)


def reschedule(work: Work, task_id: int, due_at: datetime | None, *, all_day: bool = False) -> Task:
    """Give an open task another due time, and its reminder with it; None for no due time.

    Raises Refused when it is not open, or a process has set the time (``due_by_process``).
    """
    task = _open(work, task_id)
    process = _process_of(work, task)
    if process is not None and (due_at, all_day) != (task.due_at, task.due_all_day):
        raise Refused("due_by_process", title=task.title, process=process)
    work.change(task, due_at=due_at, due_all_day=all_day, changed_at=work.now)
    _remind(work, task)
    return task


def rename(work: Work, task_id: int, title: str, *, expected_version: int | None = None) -> Task:
    """Give the task another title. Raises Invalid, or Conflict when it changed since it was read."""
    title = " ".join(clean(title).split())
    if not title:
        raise Invalid("name_missing", kind="task")
    task = work.get(Task, task_id)
    work.change(
        task, expected_version=expected_version, title=title, title_fold=fold(title), changed_at=work.now
    )
    reminders.rename(work, "task", task.key, title)
    return task


def prioritise(work: Work, task_id: int, priority: int) -> Task:
    """Give an open task another priority, one of ``PRIORITIES``. Raises Refused when it is not open, Invalid."""
    task = _open(work, task_id)
    if priority not in PRIORITIES:
        raise Invalid("condition_value", field="priority", value=priority)
    work.change(task, priority=priority, changed_at=work.now)
    return task


def rename_many(work: Work, task_ids: Sequence[int], title: str) -> None:
    """Give all of these tasks this title, which is not empty."""
    title = " ".join(clean(title).split())
    work.change_many(Task, task_ids, title=title, title_fold=fold(title), changed_at=work.now)
    reminders.rename_many(work, "task", task_ids, title)


def assign(work: Work, task_id: int, assignee_id: int) -> Task:
    """Give an open task to another user, and its reminder with it; nobody stands in for it any more. Of a step of a
    process it is written down there (BP-08).

    Raises Refused when it is not open.
    """
    task = _open(work, task_id)
    work.get(User, assignee_id)
    step = _step(work, task)
    if step is None:
        return hand(work, task, assignee_id)
    from crm_tui.services.process import processes  # it reads tables that the start does not need

    processes.assign(work, step.process_id, step.token, assignee_id)
    return work.get(Task, task_id)


def finish(work: Work, task: Task, result: str = "") -> Task:
    """An open task is done, and reminds no more; a process is not asked."""
    work.change(
        task,
        status="done",
        result=clean(result, multiline=True).strip(),
        done_at=work.now,
        changed_at=work.now,
    )
    reminders.withdraw(work, "task", task.key)
    trigger_events.happened_in(work, task, "task_done")
    return task


def drop(work: Work, task: Task) -> Task:
    """An open task is not needed any more, and reminds no more; a process is not asked."""
    work.change(task, status="cancelled", changed_at=work.now)
    reminders.withdraw(work, "task", task.key)
    return task


def hand(work: Work, task: Task, assignee_id: int) -> Task:
    """An open task is another user's from now on; a process is not asked."""
    reminders.withdraw(work, "task", task.key)
    work.change(task, assignee_id=assignee_id, stands_for_id=None, changed_at=work.now)
    _remind(work, task)
    return task


def reopen(work: Work, task: Task) -> Task:
    """A task that was done or cancelled is open again, and reminds; what was said of it stays. A process is not
    asked."""
    work.change(task, status="open", done_at=None, changed_at=work.now)
    _remind(work, task)
    return task


def present(work: Work, assignee_id: int) -> int:
    """Who gets a task that is given to this user now: the deputy of one who is away, unless it is the actor's own."""
    if assignee_id == work.actor.user_id:
        return assignee_id
    from crm_tui.store.queries import absences  # it reads tables that the start does not need

    return absences.stand_in(work.connection, assignee_id, work.now)


def is_step(work: Work, task: Task) -> bool:
    """Whether a step of a process waits for the task; none does while processes are switched off."""
    return _step(work, task) is not None


def _step(work: Work, task: Task) -> "ProcessToken | None":
    """The step of a process that waits for the task; none does while processes are switched off."""
    if task.kind != PROCESS or not process_hold.are_used(work.connection):
        return None
    from crm_tui.services.process import process_state  # it reads tables that the start does not need

    return process_state.step_of(work, task.key)


def _process_of(work: Work, task: Task) -> str | None:
    """The process whose step the task is, as it is called."""
    step = _step(work, task)
    if step is None:
        return None
    from crm_tui.services.process import process_state  # as above

    return process_state.title_of(work, step.process_id)


def _open(work: Work, task_id: int) -> Task:
    task = work.get(Task, task_id)
    if task.status != "open":
        raise Refused("task_not_open", title=task.title, status=task.status)
    return task


def _remind(work: Work, task: Task) -> None:
    if task.status != "open" or task.due_at is None:
        reminders.withdraw(work, "task", task.key)
        return
    due = task.due_at - REMIND_BEFORE
    if task.due_all_day:
        zone = ZoneInfo(work.get(User, task.assignee_id).zone)
        day = to_wall(task.due_at - timedelta(seconds=1), zone).date()
        due = to_utc(datetime.combine(day, MORNING), zone)
    reminders.schedule(
        work,
        user_id=task.assignee_id,
        subject_kind="task",
        subject_id=task.key,
        text=task.title,
        due_at=due,
        subject_at=task.due_at,
    )
