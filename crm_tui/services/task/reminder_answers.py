"""What a person answers to a reminder: done, snooze, dismiss."""

from collections.abc import Sequence
from datetime import datetime

from crm_tui.domain.errors import Refused
from crm_tui.services.event import calendar
from crm_tui.services.interaction import interactions
from crm_tui.services.task import reminders, tasks
from crm_tui.store.tables import Reminder
from crm_tui.store.work import Work


def done(work: Work, reminder_id: int, result: str = "") -> None:
    """What was reminded of is done: the task finished, the call or meeting held.

    Raises Refused when the subject was finished already.
    """
    reminder = work.get(Reminder, reminder_id)
    match reminder.subject_kind:
        case "task":
            tasks.done(work, reminder.subject_id, result)
        case "interaction":
            interactions.hold(work, reminder.subject_id, result)
        case "event" | "document":
            dismiss(work, [reminder_id])
        case kind:
            raise Refused("cannot_be_done", kind=kind)


def snooze(work: Work, reminder_ids: Sequence[int], until: datetime) -> None:
    """Remind again at this instant."""
    reminders.snooze(work, reminder_ids, until)


def dismiss(work: Work, reminder_ids: Sequence[int]) -> None:
    """Do not remind of this again; the next occurrence of a recurring event still does."""
    reminders.dismiss(work, reminder_ids)
    for reminder_id in reminder_ids:
        reminder = work.get(Reminder, reminder_id)
        if reminder.subject_kind == "event":
            calendar.plan_reminder(work, reminder.subject_id, after=reminder.subject_at)
