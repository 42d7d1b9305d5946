"""Verbs of the task."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean, fold
from crm_tui.domain.wall import to_utc, to_wall
from crm_tui.services import reminders
from crm_tui.store.tables import Task, User
from crm_tui.store.work import Work

REMIND_BEFORE = timedelta(minutes=15)
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
    letter_id: int | None = None,
) -> Task:
    """A new open task with its reminder. ``due_at`` is an instant; of a whole day, the end of it.

    What somebody else gives to a user who is away goes to the deputy, until the user is back (IDX-45).
    Raises Invalid for an empty title.
    """
    title = " ".join(clean(title).split())
    if not title:
        raise Invalid("name_missing", kind="task")
    present = assignee_id if assignee_id == work.actor.user_id else _stand_in(work, assignee_id)
    task = work.add(
        Task(
            title=title,
            title_fold=fold(title),
            kind=kind,
            priority=priority,
            due_at=due_at,
            due_all_day=due_all_day,
            notes=clean(notes, multiline=True),
            assignee_id=present,
            stands_for_id=None if present == assignee_id else assignee_id,
            author_id=work.actor.user_id,
            interest_id=interest_id,
            customer_id=customer_id,
            letter_id=letter_id,
            created_at=work.now,
            changed_at=work.now,
        )
    )
    _remind(work, task)
    return task


def done(work: Work, task_id: int, result: str = "") -> Task:
    """The task is done. Raises Refused when it was not open."""
    task = _open(work, task_id)
    work.change(
        task,
        status="done",
        result=clean(result, multiline=True).strip(),
        done_at=work.now,
        changed_at=work.now,
    )
    reminders.withdraw(work, "task", task.key)
    return task


def cancel(work: Work, task_id: int) -> Task:
    """The task is not needed any more. Raises Refused when it was not open."""
    task = _open(work, task_id)
    work.change(task, status="cancelled", changed_at=work.now)
    reminders.withdraw(work, "task", task.key)
    return task


def reschedule(work: Work, task_id: int, due_at: datetime | None, *, all_day: bool = False) -> Task:
    """Give an open task another due time, and its reminder with it; None for no due time. Raises Refused."""
    task = _open(work, task_id)
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


def assign(work: Work, task_id: int, assignee_id: int) -> Task:
    """Give an open task to another user, and its reminder with it; nobody stands in for it any more.

    Raises Refused when it is not open.
    """
    task = _open(work, task_id)
    work.get(User, assignee_id)
    reminders.withdraw(work, "task", task.key)
    work.change(task, assignee_id=assignee_id, stands_for_id=None, changed_at=work.now)
    _remind(work, task)
    return task


def _stand_in(work: Work, assignee_id: int) -> int:
    from crm_tui.services import absences

    return absences.stand_in(work.connection, assignee_id, work.now)


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
