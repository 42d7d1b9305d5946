"""The running of processes: what the token game says is to be done is done, in the unit of work of what happened.

A transition is one unit of work: tokens, tasks, the state of the Interest, letters in the outbox, the log, all or
nothing of it. What follows by itself (action points, nested processes) belongs to it.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from crm_tui.domain.errors import Invalid, NotFound, Refused
from crm_tui.domain.route.process import (
    Advance,
    Cancelled,
    Completed,
    Effect,
    Ended,
    Entered,
    Event,
    Instance,
    Left,
    Started,
    StateReached,
    Status,
    Stopped,
    Terminated,
)
from crm_tui.domain.route.process_moves import MOST_ACTIONS, advance
from crm_tui.domain.route.route_map import ActionPoint, NestedPoint, PointKind, Route, Step, StepEvent
from crm_tui.domain.text import clean
from crm_tui.services.interest import interest_closing, interest_moves, scenarios
from crm_tui.services.process import (
    process_actions,
    process_facts,
    process_state,
    process_steps,
    process_stopping,
    text_messages,
)
from crm_tui.services.process.process_budget import MOST_DEPTH, counting, depth
from crm_tui.services.process.process_state import route_of
from crm_tui.services.writing import outbox
from crm_tui.store.tables import Interest, Outbox, State, table_of
from crm_tui.store.tables.processes import Process, ProcessNotice, ProcessToken, RouteMap
from crm_tui.store.work import Work

_NEWEST_LETTER = select(func.max(table_of(Outbox).c.id))


@dataclass(frozen=True, slots=True)
class Said:
    """What whoever completed a step or ended a process said about it."""

    result: str = ""
    reason: str = ""
    comment: str = ""


_NOTHING = Said()


class Run:
    """Moves processes within one unit of work until every token waits for somebody or for a time."""

    def __init__(self, work: Work, said: Said = _NOTHING, *, moves: bool = True) -> None:
        """``moves``: whether the state of the Interest follows."""
        self.work = work
        self.said = said
        self.reason = clean(said.reason).strip()
        self.moves = moves
        self.todo: deque[tuple[int, int]] = deque()
        """Process and token of what follows by itself."""
        self.newest_letter: int = work.connection.execute(_NEWEST_LETTER).scalar_one_or_none() or 0

    def take(self, process: Process, event: Event) -> None:
        """Let the event happen, and all that follows from it. Raises what ``advance`` raises; Invalid
        (``lost_needs_reason``) where a person comes to an unsuccessful end without one."""
        was_stopped = process.status == Status.STOPPED
        with counting(self.work) as counted:
            self._happen(process, event, by_itself=False)
            self._follow_all(counted)
        if was_stopped:
            # A process that runs again cannot be resumed: what it was stopped at is tried again now.
            self.go_on(process)

    def go_on(self, process: Process) -> None:
        """Do what still waits to be done by the program itself, after the process was stopped there."""
        waiting = self.work.all(ProcessToken, process_id=process.key, left_at=None)
        by_itself = (PointKind.ACTION, PointKind.NESTED)
        self.todo.extend((process.key, row.token) for row in waiting if row.kind in by_itself)
        with counting(self.work) as counted:
            self._follow_all(counted)

    def _follow_all(self, counted: list[int]) -> None:
        while self.todo:
            self._follow(*self.todo.popleft(), counted)

    def _follow(self, process_id: int, token: int, counted: list[int]) -> None:
        process = self.work.get(Process, process_id)
        row = self.work.find(ProcessToken, process_id=process_id, token=token, left_at=None)
        if process.status != Status.RUNNING or row is None:
            return
        counted[1] += 1
        if counted[1] > MOST_ACTIONS or counted[0] > MOST_DEPTH or depth(self.work, process) > MOST_DEPTH:
            self._happen(process, Stopped(), by_itself=True)
            return
        point = route_of(self.work.connection, process.version_id).by_id[row.point]
        if isinstance(point, NestedPoint) and self._begin_nested(process, token, point):
            return
        if isinstance(point, ActionPoint):
            self._act(process, token, point)
        else:
            self._happen(process, Completed(token), by_itself=True)

    def _act(self, process: Process, token: int, point: ActionPoint) -> None:
        """Carry out the action and go on; where the process cannot go on from there, the action was not carried out
        either, or it would be done twice when the process is resumed."""
        with self.work.connection.begin_nested() as savepoint:
            process_actions.run(self.work, process, point)
            process = self.work.get(Process, process.key)
            self._happen(process, Completed(token), by_itself=True)
            stopped = process.status == Status.STOPPED
            if stopped:
                savepoint.rollback()
        if stopped:
            self._happen(self.work.get(Process, process.key), Stopped(), by_itself=True)

    def _begin_nested(self, process: Process, token: int, point: NestedPoint) -> bool:
        """Start the nested process (BP-19); False where it ran and has ended."""
        known = self.work.find(Process, parent_id=process.key, parent_token=token)
        if known is not None:
            return known.status in process_state.ALIVE
        drawn = self.work.find(RouteMap, code=point.map)
        if drawn is None:
            raise NotFound("no_such_map", code=point.map)
        if drawn.status != "in_force" or drawn.version_id is None:
            raise Refused("map_not_in_force", map=f"{drawn.number} {drawn.name}".strip())
        child = self.work.add(
            Process(
                map_id=drawn.key,
                version_id=drawn.version_id,
                object_kind=process.object_kind,
                object_id=process.object_id,
                interest_id=process.interest_id,
                parent_id=process.key,
                parent_token=token,
                started_by=self.work.actor.user_id,
                started_at=self.work.now,
            )
        )
        self._happen(child, Started(), by_itself=True)
        return True

    def _happen(self, process: Process, event: Event, *, by_itself: bool) -> None:
        work = self.work
        route = route_of(work.connection, process.version_id)
        instance = process_state.instance_of(work.connection, process)
        made = self._advanced(process, route, instance, event)
        rule = process_state.rule_name(route, _at(made.effects))
        by_person = not by_itself and work.actor.user_id is not None
        ended = next((one for one in made.effects if isinstance(one, Ended)), None)
        if ended is not None and ended.successful is False:
            self._ask_reason(route.by_id[ended.point].name)
        failed = ended is not None and ended.status is not Status.STOPPED and not ended.successful
        number = process_state.note_event(
            work, process, made.event, made.chosen,
            actor="" if by_person else rule, reason=self.reason if failed else "",
        )  # fmt: skip
        held: State | None = None
        flows = {token.id: token.by for token in made.instance.tokens}
        passing = {one.token for one in made.effects if isinstance(one, Entered)} - flows.keys()
        for effect in made.effects:
            match effect:
                case Entered() | Left() | Cancelled() if effect.token and effect.token in passing:
                    continue  # it came and went in one: nobody had to wait, and nobody is told
                case Left():
                    process_steps.leave(work, process, effect, "" if by_itself else self.said.result)
                case Cancelled():
                    self._cancel(process, effect)
                case StateReached() if process.controlling and self.moves:
                    checked = by_person and isinstance(event, Completed)
                    held = self._move(process, effect.state, rule, checked=checked)
                case Entered() if effect.token:
                    row = process_steps.enter(work, process, route, effect, flows[effect.token])
                    if row.kind in (PointKind.ACTION, PointKind.NESTED):
                        self.todo.append((process.key, effect.token))
        values: dict[str, Any] = {"held_state_id": held.key} if held is not None else {}
        if ended is not None and ended.status is not Status.STOPPED:
            values = self._as_ended(ended, failed=failed)
        work.change(
            process,
            last_event=number,
            last_token=made.instance.last_token,
            status=made.instance.status.value,
            **values,
        )
        if ended is not None:
            self._end(process, ended, failed=failed)

    def _advanced(self, process: Process, route: Route, instance: Instance, event: Event) -> Advance:
        holds = process_facts.holds(self.work, process)
        if not isinstance(event, Completed) or not _has_rules(route, instance, event.token):
            return advance(route, instance, event, holds)
        with self.work.connection.begin_nested() as savepoint:
            process_steps.rules_on_completing(self.work, process, route, event.token)
            made = advance(route, instance, event, holds)
            if isinstance(made.event, Stopped):
                savepoint.rollback()  # the step is still open
        return made

    def _cancel(self, process: Process, cancelled: Cancelled) -> None:
        row = process_steps.take_away(self.work, process, cancelled)
        if row.kind == PointKind.NESTED:
            child = self.work.find(Process, parent_id=process.key, parent_token=row.token)
            if child is not None and child.status in process_state.ALIVE:
                self._happen(child, Terminated(), by_itself=True)

    def _move(self, process: Process, code: str, actor: str, *, checked: bool) -> State | None:
        """The Interest goes into the state of this code; the process holds it there (BP-05, BP-12)."""
        if process.interest_id is None:
            return None
        interest = self.work.get(Interest, process.interest_id)
        state = scenarios.state_by_code(self.work, interest.scenario_id, code)
        if state.key == interest.state_id:
            return state
        if state.outcome == "lost":
            self._ask_reason(state.name)
        interest_moves.by_process(
            self.work,
            interest.key,
            state,
            actor=actor,
            comment=self.said.comment,
            reason=self.reason,
            checked=checked,
        )
        return state

    def _as_ended(self, ended: Ended, *, failed: bool) -> dict[str, Any]:
        return {
            "successful": ended.successful,
            "ended_point": ended.point,
            "ended_at": self.work.now,
            "held_state_id": None,
            "reason": self.reason if failed else "",
            "comment": clean(self.said.comment, multiline=True).strip(),
        }

    def _end(self, process: Process, ended: Ended, *, failed: bool) -> None:
        if ended.status is Status.STOPPED:
            process_stopping.tell(self.work, process, process_stopping.CIRCLES)
            return
        if ended.status is Status.TERMINATED:
            self._keep_letters(process)
        elif process.parent_id is not None and process.parent_token is not None:
            self.todo.append((process.parent_id, process.parent_token))
        if not (failed and process.controlling and process.interest_id is not None and self.moves):
            return
        if self.work.get(Interest, process.interest_id).closed_at is not None:
            interest_closing.wind_up(self.work, [process.interest_id], since_letter=self.newest_letter)

    def _keep_letters(self, process: Process) -> None:
        """Automatic letters and text messages of the process that still wait are not sent (BP-17)."""
        notice, letter = table_of(ProcessNotice), table_of(Outbox)
        query = (
            select(letter.c.id)
            .join(notice, notice.c.outbox_id == letter.c.id)
            .where(notice.c.process_id == process.key, letter.c.automatic)
            .where(letter.c.status.in_(outbox.WAITING))
        )
        for outbox_id in self.work.connection.scalars(query).all():
            outbox.cancel(self.work, outbox_id)
        text_messages.keep_back(self.work, process.key)

    def _ask_reason(self, state: str) -> None:
        """A person who ends it says why; a clock cannot. Raises Invalid."""
        if self.work.actor.user_id is not None and not self.reason:
            raise Invalid("lost_needs_reason", state=state)


def _has_rules(route: Route, instance: Instance, token: int) -> bool:
    """Whether the step at which the token waits has rules for its completion."""
    points = (route.by_id.get(one.point) for one in instance.tokens if one.id == token)
    steps = (point for point in points if isinstance(point, Step))
    return any(rule.event is StepEvent.COMPLETING for step in steps for rule in step.rules)


def _at(effects: Sequence[Effect]) -> str:
    """The point that a transition went on from, or began at."""
    return next((one.point for one in effects if isinstance(one, Left | Entered)), "")
