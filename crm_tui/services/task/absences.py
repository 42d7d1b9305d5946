"""Absences (IDX-45): new tasks come to the deputy meanwhile (``tasks.present``), and go back afterwards."""

from datetime import datetime

from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import clean
from crm_tui.services.task import tasks
from crm_tui.store.tables import Task, User
from crm_tui.store.tables.upkeep import Absence
from crm_tui.store.work import Work


def add(
    work: Work, user_id: int, deputy_id: int | None, from_at: datetime, until_at: datetime, notes: str = ""
) -> Absence:
    """A user is away for a time. Raises Invalid when it ends before it begins, or somebody stands in for himself."""
    work.get(User, user_id)
    if until_at <= from_at:
        raise Invalid("absence_ends_first")
    if deputy_id == user_id:
        raise Invalid("absence_own_deputy", name=work.get(User, user_id).name)
    if deputy_id is not None:
        work.get(User, deputy_id)
    return work.add(
        Absence(
            user_id=user_id,
            deputy_id=deputy_id,
            from_at=from_at,
            until_at=until_at,
            notes=clean(notes, multiline=True).strip(),
        )
    )


def end(work: Work, absence_id: int) -> int:
    """The user is back now; how many open tasks went back to the user. Those done meanwhile stay where they are."""
    absence = work.get(Absence, absence_id)
    if absence.until_at > work.now:
        work.change(absence, until_at=max(work.now, absence.from_at))
    return give_back(work, absence.user_id)


def give_back(work: Work, user_id: int) -> int:
    """Open tasks in which somebody stands in go back to the user."""
    standing = work.all(Task, stands_for_id=user_id, status="open")
    for task in standing:
        tasks.assign(work, task.key, user_id)
    return len(standing)
