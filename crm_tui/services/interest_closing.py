"""What ends with an Interest that came to nothing: tasks, planned talks, their reminders, automatic letters."""

from collections.abc import Sequence

from sqlalchemy import select

from crm_tui.services import interactions, outbox, tasks
from crm_tui.store.tables import Interaction, Outbox, Task, table_of
from crm_tui.store.work import Work


def wind_up(work: Work, interest_ids: Sequence[int]) -> None:
    """Cancel the open tasks and planned interactions of these Interests with their reminders, and keep back the
    automatic letters that still wait (story A4). What a person wrote goes out; what is being sent cannot be kept."""
    task, planned, letter = table_of(Task), table_of(Interaction), table_of(Outbox)
    for task_id in work.connection.scalars(
        select(task.c.id).where(task.c.interest_id.in_(interest_ids), task.c.status == "open")
    ).all():
        tasks.cancel(work, task_id)
    for interaction_id in work.connection.scalars(
        select(planned.c.id).where(planned.c.interest_id.in_(interest_ids), planned.c.status == "planned")
    ).all():
        interactions.cancel(work, interaction_id)
    for outbox_id in work.connection.scalars(
        select(letter.c.id).where(
            letter.c.interest_id.in_(interest_ids), letter.c.automatic, letter.c.status.in_(outbox.WAITING)
        )
    ).all():
        outbox.cancel(work, outbox_id)
