"""What becomes of a token's row, its task and its deadline as it comes to a point, leaves it or is taken away."""

from typing import Any

from crm_tui.domain.route.process import Cancelled, Entered, Left
from crm_tui.domain.route.route_map import KINDS, Route, Step, StepEvent, TimerPoint
from crm_tui.services.event import work_calendars
from crm_tui.services.process import process_notices, process_performers, process_state
from crm_tui.services.process.process_object import about
from crm_tui.services.task import tasks
from crm_tui.store.tables import Task
from crm_tui.store.tables.processes import Process, ProcessToken
from crm_tui.store.work import Work

LONGEST_SAID = 60
"""Characters of the first line of an instruction that make it part of the task's title."""


def enter(work: Work, process: Process, route: Route, entered: Entered, flow: int) -> ProcessToken:
    """A token came by the flow and waits at a point: at a step with a task and its deadline (BP-15), at a timer until
    its time."""
    point = route.by_id[entered.point]
    given: dict[str, Any] = {}
    if isinstance(point, Step):
        given = _given(work, process, point)
    elif isinstance(point, TimerPoint):
        owner_id = process_performers.owner(work, process)
        given["due_at"] = work_calendars.deadline(work.connection, owner_id, work.now, point.duration)
    row = work.add(
        ProcessToken(
            process_id=process.key,
            map_id=process.map_id,
            token=entered.token,
            point=point.id,
            kind=KINDS[type(point)].value,
            flow=flow,
            entered_at=work.now,
            **given,
        )
    )
    if isinstance(point, Step):
        process_notices.on_event(work, process, row, point, StepEvent.ENTERING)
    return row


def rules_on_completing(work: Work, process: Process, route: Route, token: int) -> None:
    """Do what the rules of the step say on completing it: before the way on is chosen, so that a choice sees what
    they wrote."""
    row = process_state.waiting(work, process.key, token)
    step = route.by_id[row.point]
    if isinstance(step, Step):
        process_notices.on_event(work, process, row, step, StepEvent.COMPLETING)


def leave(work: Work, process: Process, left: Left, result: str) -> None:
    """The token goes on: the task of its step is done."""
    row = process_state.waiting(work, process.key, left.token)
    performer_id = row.performer_id
    if row.task_id is not None:
        task = work.get(Task, row.task_id)
        performer_id = task.assignee_id
        if task.status == "open":
            tasks.finish(work, task, result)
    work.change(row, left_at=work.now, outcome=left.outcome, result=result, performer_id=performer_id)


def take_away(work: Work, process: Process, cancelled: Cancelled) -> ProcessToken:
    """The process ended while the token waited: its task is not needed any more."""
    row = process_state.waiting(work, process.key, cancelled.token)
    if row.task_id is not None:
        task = work.get(Task, row.task_id)
        if task.status == "open":
            tasks.drop(work, task)
    work.change(row, left_at=work.now, outcome=process_state.CANCELLED)
    return row


def task_title(step: Step) -> str:
    """What the task of a step is called: "Meeting — Call the client", where the instruction begins with a short line
    that stands alone; else as the step."""
    name = step.name or step.id
    first, _blank, more = step.instruction.strip().partition("\n\n")
    said = first.lstrip("#").strip()
    return f"{name} — {said}" if more and "\n" not in said and 0 < len(said) <= LONGEST_SAID else name


def _given(work: Work, process: Process, step: Step) -> dict[str, Any]:
    """Performer, deadline and task of a step that is entered, as columns of its token."""
    card = about(work.connection, process.object_kind, process.object_id, process.interest_id)
    user_id = process_performers.performer(work, process, step, card)
    if user_id is None:
        return {}
    present = tasks.present(work, user_id)
    due_at = None
    if step.duration is not None:
        due_at = work_calendars.deadline(work.connection, present, work.now, step.duration)
    task = tasks.add(
        work,
        task_title(step),
        assignee_id=user_id,
        due_at=due_at,
        kind=tasks.PROCESS,
        notes=step.instruction,
        interest_id=card.interest_id,
        customer_id=card.customer_id,
    )
    return {"task_id": task.key, "performer_id": present, "due_at": due_at, "deadline_at": due_at}
