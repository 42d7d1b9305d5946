"""What ends with an Interest that came to nothing: tasks, planned talks, their reminders, automatic letters."""

from collections.abc import Sequence

from sqlalchemy import select, true

from crm_tui.services.interaction import interactions
from crm_tui.services.process import process_hold
from crm_tui.services.task import tasks
from crm_tui.services.writing import outbox
from crm_tui.store.tables import Interaction, Outbox, Task, table_of
from crm_tui.store.work import Work


def wind_up(
    work: Work, interest_ids: Sequence[int], *, since_letter: int | None = None, held_too: bool = False
) -> None:
    """Cancel the open tasks and planned interactions of these Interests with their reminders, end their processes,
    and keep back the automatic letters that still wait (story A4). What a person wrote goes out; what is being sent
    cannot be kept, and a letter newer than ``since_letter`` belongs to the end itself.

    ``held_too``: the process that holds the state is ended as well.
    """
    process_hold.end_all(work, interest_ids, held_too=held_too)
    task, planned, letter = table_of(Task), table_of(Interaction), table_of(Outbox)
    for task_id in work.connection.scalars(
        select(task.c.id).where(task.c.interest_id.in_(interest_ids), task.c.status == "open")
    ).all():
        open_task = work.get(Task, task_id)
        if not tasks.is_step(work, open_task):
            tasks.drop(work, open_task)
    for interaction_id in work.connection.scalars(
        select(planned.c.id).where(planned.c.interest_id.in_(interest_ids), planned.c.status == "planned")
    ).all():
        interactions.cancel(work, interaction_id)
    for outbox_id in work.connection.scalars(
        select(letter.c.id).where(
            letter.c.interest_id.in_(interest_ids),
            letter.c.automatic,
            letter.c.status.in_(outbox.WAITING),
            true() if since_letter is None else letter.c.id <= since_letter,
        )
    ).all():
        outbox.cancel(work, outbox_id)
