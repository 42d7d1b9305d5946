"""Interests come back from the trash, with what was to be done in them when they went there."""

from collections.abc import Sequence

from crm_tui.domain.errors import Refused
from crm_tui.services.interaction import interactions
from crm_tui.services.process import trigger_events
from crm_tui.services.task import tasks
from crm_tui.services.task.tasks import PROCESS
from crm_tui.store.tables import Contact, Customer, Interaction, Interest, Lead, Task
from crm_tui.store.work import Work


def restore(work: Work, interest_ids: Sequence[int]) -> None:
    """Take Interests out of the trash: they stand in the state in which they went there, and the tasks and planned
    interactions that were cancelled by it are open again.

    Their processes stay ended, and automatic letters that were kept back do not go. Raises Refused for one that is
    not in the trash (``not_in_the_trash``), or whose customer, lead or contact person is (``in_the_trash``).
    """
    for interest_id in interest_ids:
        _restore(work, work.get(Interest, interest_id))


def _restore(work: Work, interest: Interest) -> None:
    since = interest.trashed_at
    if since is None:
        raise Refused("not_in_the_trash", name=interest.name)
    parties: tuple[tuple[type[Customer] | type[Lead] | type[Contact], int | None], ...] = (
        (Customer, interest.customer_id),
        (Lead, interest.lead_id),
        (Contact, interest.contact_id),
    )
    for model, key in parties:
        party = work.get(model, key) if key is not None else None
        if party is not None and party.trashed_at is not None:
            raise Refused("in_the_trash", name=party.name)
    work.change(interest, trashed_at=None, changed_at=work.now)
    for task in work.all(Task, interest_id=interest.key, status="cancelled", changed_at=since):
        if task.kind != PROCESS:
            tasks.reopen(work, task)
    for talk in work.all(Interaction, interest_id=interest.key, status="cancelled", changed_at=since):
        work.change(talk, status="planned", changed_at=work.now)
        interactions.remind(work, talk)
    trigger_events.happened(work, "interest", (interest.key,), "changed")
