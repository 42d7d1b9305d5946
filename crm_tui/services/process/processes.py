"""Verbs of the process: start, complete a step, give it to another, end early (RM-05…21, BP-04…20).

The state of an Interest under a controlling process is written by these and by nothing else (BP-05).
"""

from typing import Any

from sqlalchemy import Connection, Row, select

from crm_tui.domain.errors import Invalid, NotFound, Refused
from crm_tui.domain.route.process import Completed, Started, Status, Terminated
from crm_tui.domain.route.route_map import PointKind, ProcessKind, Step
from crm_tui.domain.text import clean
from crm_tui.services.process import process_hold, process_needs, process_state, process_stopping
from crm_tui.services.process.process_object import about
from crm_tui.services.process.process_run import Run, Said
from crm_tui.services.process.process_state import route_of
from crm_tui.services.task import tasks
from crm_tui.store.tables import Interest, State, Task, User, found, table_of
from crm_tui.store.tables.processes import Process, ProcessToken, RouteMap
from crm_tui.store.work import Work

__all__ = [
    "assign",
    "complete",
    "complete_task",
    "controlling",
    "end",
    "may_terminate",
    "note_performer",
    "resume",
    "route_of",
    "start",
    "terminate",
]


def start(work: Work, map_id: int, object_kind: str, object_id: int, *, or_stopped: bool = False) -> Process:
    """Start a process of a map on a card, by hand, by a trigger or by a new object (RM-06, BP-03).

    ``or_stopped``: what its first action points cannot do stops it where it begins, and hinders nothing else.
    Raises Refused ``processes_off`` (RM-01), ``map_not_in_force`` (RM-05), ``map_of_other_kind``,
    ``map_of_other_scenario``, ``map_for_any_card`` of one that controls, ``state_held`` where a process controls the
    Interest already, ``interest_is_closed``, ``in_the_trash``; NotFound.
    """
    _refuse_off(work)
    drawn = work.get(RouteMap, map_id)
    title = f"{drawn.number} {drawn.name}".strip()
    if drawn.status != "in_force" or drawn.version_id is None:
        raise Refused("map_not_in_force", map=title)
    if drawn.object_kind and drawn.object_kind != object_kind:
        raise Refused("map_of_other_kind", map=title)
    card = about(work.connection, object_kind, object_id)
    table = found(object_kind)
    if work.connection.scalar(select(table.c.trashed_at).where(table.c.id == object_id)) is not None:
        raise Refused("in_the_trash", name=card.name)
    held: dict[str, Any] = {}
    if drawn.kind == ProcessKind.OBJECT:
        held = {"controlling": True, "held_state_id": _state_to_hold(work, drawn, title, card.interest_id)}
    process = work.add(
        Process(
            map_id=map_id,
            version_id=drawn.version_id,
            object_kind=object_kind,
            object_id=object_id,
            interest_id=card.interest_id,
            started_by=work.actor.user_id,
            started_at=work.now,
            **held,
        )
    )
    try:
        with work.connection.begin_nested():
            Run(work).take(process, Started())
    except (Invalid, NotFound, Refused) as error:
        if not or_stopped:
            raise
        process_stopping.stop(work, process.key, error)
    return work.get(Process, process.key)


def complete(
    work: Work,
    process_id: int,
    token: int,
    outcome: str = "",
    result: str = "",
    *,
    reason: str = "",
    comment: str = "",
) -> Process:
    """The step at which the token waits is completed, and the process goes on (BP-09).

    Answers the process as it is then: ``stopped`` where it cannot go on by itself; then the step is still open.
    Raises Refused ``processes_off``, ``process_ended``, ``token_not_waiting`` (somebody was faster),
    ``step_not_ready`` with what is ``missing`` (RM-18, RM-21); Invalid ``outcome_missing``, ``outcome_unknown``,
    ``result_missing`` (BP-14), ``lost_needs_reason`` (BP-18); and what a move of the Interest raises.
    """
    _refuse_off(work)
    process = process_state.alive(work, process_id)
    row = process_state.waiting(work, process_id, token)
    step = route_of(work.connection, process.version_id).by_id.get(row.point)
    if not isinstance(step, Step):
        raise Refused("token_not_waiting", token=token)
    missing = process_needs.lacking(work.connection, process, step, row.entered_at)
    if missing:
        raise Refused(
            "step_not_ready",
            step=step.name or step.id,
            missing=", ".join(process_needs.said(one) for one in missing),
            needs=[one.of for one in missing],
        )
    said = Said(clean(result, multiline=True).strip(), reason, comment)
    if step.ask_result and not said.result:
        raise Invalid("step_result_missing", step=step.name or step.id)
    if len(step.outcomes) == 1:
        outcome = outcome or step.outcomes[0].code
    elif step.outcomes and not outcome:
        names = ", ".join(one.name or one.code for one in step.outcomes)
        raise Invalid("outcome_missing", point=step.id, outcomes=names)
    Run(work, said).take(process, Completed(token, outcome))
    return work.get(Process, process_id)


def complete_task(
    work: Work, task_id: int, outcome: str = "", result: str = "", reason: str = "", comment: str = ""
) -> Process:
    """The step whose task this is is completed. Raises as ``complete``; Refused (``token_not_waiting``) for a task
    that no step waits for."""
    step = process_state.step_of(work, task_id)
    if step is None:
        raise Refused("token_not_waiting", token=0)
    return complete(work, step.process_id, step.token, outcome, result, reason=reason, comment=comment)


def assign(work: Work, process_id: int, token: int, user_id: int) -> None:
    """Another user performs the step (BP-08); its deadline stays. Raises Refused (``process_ended``,
    ``token_not_waiting``), NotFound."""
    process_state.alive(work, process_id)
    row = process_state.waiting(work, process_id, token)
    work.get(User, user_id)
    if row.kind != PointKind.STEP:
        raise Refused("token_not_waiting", token=token)
    if row.task_id is not None:
        tasks.hand(work, work.get(Task, row.task_id), user_id)
    note_performer(work, row, user_id)


def note_performer(work: Work, step: ProcessToken, user_id: int) -> None:
    """Write down who performs the step from now on; its task went over already."""
    process = work.get(Process, step.process_id)
    before = step.performer_id
    process_state.note(work, process, "assigned", token=step.token, before=before, after=user_id)
    work.change(step, performer_id=user_id)


def terminate(work: Work, process_id: int, reason: str, comment: str = "") -> Process:
    """End the process early (BP-17): the Interest goes into the state that the map says, open tasks, nested
    processes, reminders and automatic letters that wait end with it.

    Raises Invalid (``early_end_needs_reason``); Refused ``no_early_termination`` where the map does not allow it
    (but a stopped process may always be ended), ``process_is_nested``, ``process_ended``, ``processes_off``.
    """
    _refuse_off(work)
    process = process_state.alive(work, process_id)
    if process.parent_id is not None:
        raise Refused("process_is_nested", process=process_state.title_of(work, process.parent_id))
    route = route_of(work.connection, process.version_id)
    if not route.early_termination and process.status != Status.STOPPED:
        raise Refused("no_early_termination", process=route.title)
    if not reason.strip():
        raise Invalid("early_end_needs_reason")
    Run(work, Said(reason=reason, comment=comment)).take(process, Terminated())
    return work.get(Process, process_id)


def end(work: Work, process_id: int) -> None:
    """The process ends with its card, whatever its map says; the state of the Interest stays. Nothing happens when it
    has ended."""
    process = work.get(Process, process_id)
    if process.status in process_state.ALIVE:
        Run(work, moves=False).take(process, Terminated())


def resume(work: Work, process_id: int) -> Process:
    """A stopped process goes on: what hindered it was mended. Steps that wait for a person are completed as ever.

    Raises Refused (``process_not_stopped``, ``processes_off``), and what the events raise.
    """
    _refuse_off(work)
    process = work.get(Process, process_id)
    if process.status != Status.STOPPED:
        raise Refused("process_not_stopped", process=process_state.title_of(work, process_id))
    run = Run(work)
    if not process.last_token:
        run.take(process, Started())
    else:
        process_state.note(work, process, "resumed")
        work.change(process, status=Status.RUNNING.value)
        run.go_on(process)
    return work.get(Process, process_id)


def controlling(connection: Connection, interest_id: int) -> Row[Any] | None:
    """The process that controls the Interest, with the ``title`` of its map; None where there is none."""
    process, drawn = table_of(Process), table_of(RouteMap)
    query = (
        select(process, (drawn.c.number + " " + drawn.c.name).label("title"))
        .join(drawn, drawn.c.id == process.c.map_id)
        .where(process.c.interest_id == interest_id, process.c.controlling)
        .where(process.c.status.in_(process_state.ALIVE))
    )
    return connection.execute(query).one_or_none()


def may_terminate(connection: Connection, interest_id: int) -> bool:
    """Whether the process that controls the Interest may be ended early (BP-17)."""
    row = controlling(connection, interest_id)
    if row is None:
        return False
    return row.status == Status.STOPPED or route_of(connection, row.version_id).early_termination


def _refuse_off(work: Work) -> None:
    if not process_hold.are_used(work.connection):
        raise Refused("processes_off")


def _state_to_hold(work: Work, drawn: RouteMap, title: str, interest_id: int | None) -> int:
    if interest_id is None:
        raise Refused("map_of_other_kind", map=title)
    interest = work.get(Interest, interest_id)
    if drawn.scenario_id not in (None, interest.scenario_id) or not _has_states(work, drawn, interest):
        raise Refused("map_of_other_scenario", map=title)
    known = work.find(Process, interest_id=interest_id, controlling=True, status="running") or work.find(
        Process, interest_id=interest_id, controlling=True, status="stopped"
    )
    if known is not None:
        raise Refused("state_held", process=process_state.title_of(work, known.key))
    state = work.get(State, interest.state_id)
    if state.outcome != "open":
        raise Refused("interest_is_closed", name=interest.name)
    return state.key


def _has_states(work: Work, drawn: RouteMap, interest: Interest) -> bool:
    """Whether the Interest can go into every state of the map: a scenario may be younger than a map for any."""
    if drawn.scenario_id is not None or drawn.version_id is None:
        return True
    route = route_of(work.connection, drawn.version_id)
    known = {state.code for state in work.all(State, scenario_id=interest.scenario_id)}
    return {point.state for point in route.points} - {""} <= known
