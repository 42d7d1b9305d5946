"""A process that cannot go on by itself is stopped where it stands, and who answers for it is told (assurance 20)."""

from typing import Any

from crm_tui.domain.errors import CrmError
from crm_tui.domain.route.process import Status
from crm_tui.services.process import process_performers, process_state
from crm_tui.services.task.notifications import notify
from crm_tui.store.tables.processes import Process
from crm_tui.store.work import Work

CIRCLES = "process_circles"
"""Why: it goes in circles, or no way on holds."""


def stop(work: Work, process_id: int, error: CrmError | None = None) -> None:
    """The process goes no further by itself: its tokens stay, and who answers for it is told why (assurance 20)."""
    held = work.get(Process, process_id)
    if held.status != Status.RUNNING:
        return
    code = error.code if error is not None else CIRCLES
    plain = (
        {name: one for name, one in error.facts.items() if isinstance(one, str | int | dict)} if error else {}
    )
    process_state.note(work, held, "stopped", because=code)
    work.change(held, status=Status.STOPPED.value)
    tell(work, held, code, **plain)


def tell(work: Work, process: Process, code: str, **facts: Any) -> None:
    """Tell who answers for the process that it goes no further by itself, and why (assurance 20)."""
    owner_id = process_performers.owner(work, process)
    if owner_id is not None:
        notify(
            work,
            owner_id,
            "process_stopped",
            kind=process.object_kind,
            subject_id=process.object_id,
            process=process_state.title_of(work, process.key),
            reason=code,
            error=facts,
        )
