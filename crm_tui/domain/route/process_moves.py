"""How a process runs on its route: the token game of BPMN 2.0, as a pure function (design/architecture.md).

``advance`` takes where a process stands and what happened, and answers where it stands then and what is to be done
about it. It knows no store, no clock and no mail, so that the same function runs, rebuilds and simulates a process.

An event is taken whole or not at all: one after which the process would go in circles, or would stand somewhere that
it can never leave, is not taken, and the process is stopped (``Status.STOPPED``). What was wrong may be mended
(a field that a choice asks about, or the map), and the same event taken again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from crm_tui.domain.errors import Invalid, Refused
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
    Resumed,
    Started,
    StateReached,
    Status,
    Stopped,
    Terminated,
    Token,
)
from crm_tui.domain.route.route_map import (
    ChoicePoint,
    EndPoint,
    JoinPoint,
    Point,
    Route,
    SplitPoint,
    StartPoint,
    Step,
    Tree,
)

MOST_PASSES = 1000
"""Points that one event may bring tokens to: more is going in circles (assurance 20)."""
MOST_ACTIONS = 100
"""Action points that may be carried out in one unit of work. Whoever carries them out counts, and says ``Stopped``
instead of ``Completed`` when there are more."""

Holds = Callable[[Tree], bool]
"""Whether a condition holds for the object of the process now."""
Choose = Callable[[Sequence[int]], int | None]
"""Which of the flows a choice point goes by; None where none of them holds."""


def advance(route: Route, instance: Instance, event: Event, holds: Holds) -> Advance:
    """What becomes of the process by the event.

    ``holds`` is asked at choice points, with the object as it is now. Raises Refused ``process_started``,
    ``process_ended``, ``process_not_stopped``, ``token_not_waiting``; Invalid ``outcome_missing``,
    ``outcome_unknown``.
    """

    def by_condition(flows: Sequence[int]) -> int | None:
        default = None
        for number in flows:
            condition = route.flows[number].condition
            if condition is None:
                default = number if default is None else default
            elif not condition or holds(condition):
                return number
        return default

    return _played(route, instance, event, by_condition)


def replay(
    route: Route, log: Iterable[tuple[Event, Sequence[int]]], since: Instance | None = None
) -> Instance:
    """Where a process stands after the events, each with the flows that were chosen then (``Advance.chosen``).

    ``since`` is where it stood before them: the beginning, or just after a migration to this route. Raises as
    ``advance`` does, and Invalid ``process_log`` where the flows chosen are none of the route.
    """
    instance = since or Instance()
    for event, chosen in log:
        left = list(chosen)

        def as_chosen(flows: Sequence[int], left: list[int] = left) -> int:
            if not left or left[0] not in flows:
                raise Invalid("process_log")
            return left.pop(0)

        instance = _played(route, instance, event, as_chosen).instance
        if left:
            raise Invalid("process_log")
    return instance


class _Stuck(Exception):
    """The process would go in circles, or never go on."""


def _played(route: Route, instance: Instance, event: Event, choose: Choose) -> Advance:
    game = _Game(route, instance, choose)
    try:
        match event:
            case Started():
                game.start()
            case Completed():
                game.complete(event)
            case Terminated():
                game.terminate()
            case Resumed():
                game.resume()
            case Stopped():
                raise _Stuck
    except _Stuck:
        ended = Ended(Status.STOPPED, None)
        return Advance(replace(instance, status=Status.STOPPED), (ended,), Stopped())
    return Advance(game.result(), tuple(game.effects), event, tuple(game.chosen))


class _Game:
    """One event's worth of moves."""

    def __init__(self, route: Route, instance: Instance, choose: Choose) -> None:
        self.route = route
        self.before = instance
        self.choose = choose
        self.tokens = list(instance.tokens)
        self.last = instance.last_token
        self.effects: list[Effect] = []
        self.chosen: list[int] = []
        self.last_end = ""
        self.ended: Ended | None = None

    def start(self) -> None:
        if self.before.last_token or self.before.status not in (Status.RUNNING, Status.STOPPED):
            raise Refused("process_started")
        first = next((point for point in self.route.points if isinstance(point, StartPoint)), None)
        if first is None:
            raise _Stuck
        self._pass(first)
        self._go(self.route.leaving[first.id])

    def complete(self, event: Completed) -> None:
        token = self.before.waiting(event.token)
        point = self.route.by_id.get(token.point)
        if point is None or isinstance(point, JoinPoint):  # a join waits for tokens, not for somebody
            raise Refused("token_not_waiting", token=token.id)
        flows = self._flows_after(point, event.outcome)
        self.tokens.remove(token)
        self.effects.append(Left(token.point, token.id, event.outcome))
        self._go(flows)

    def terminate(self) -> None:
        if self.before.status not in (Status.RUNNING, Status.STOPPED):
            raise Refused("process_ended")
        self._cancel()
        self._reach(self.route.termination_state)
        self._end(Ended(Status.TERMINATED, None))

    def resume(self) -> None:
        if self.before.status is not Status.STOPPED:
            raise Refused("process_not_stopped", process=self.route.title)

    def result(self) -> Instance:
        ended = self.ended
        return Instance(
            ended.status if ended else Status.RUNNING,
            tuple(self.tokens),
            self.last,
            ended.successful if ended else None,
            ended.point if ended else "",
        )

    def _flows_after(self, point: Point, outcome: str) -> Sequence[int]:
        flows = self.route.leaving[point.id]
        codes = [one.code for one in point.outcomes] if isinstance(point, Step) else []
        if outcome and outcome not in codes:
            raise Invalid("outcome_unknown", point=point.id, outcome=outcome)
        if len(codes) < 2:
            return flows
        if not outcome:
            names = ", ".join(one.name for one in point.outcomes) if isinstance(point, Step) else ""
            raise Invalid("outcome_missing", point=point.id, outcomes=names)
        return [number for number in flows if self.route.flows[number].outcome == outcome]

    def _go(self, flows: Sequence[int]) -> None:
        """Tokens go by these flows, each as far as it gets before the next."""
        if not flows:
            raise _Stuck
        moving = list(reversed(flows))
        passes = 0
        while moving and self.ended is None:
            passes += 1
            if passes > MOST_PASSES:
                raise _Stuck
            moving.extend(reversed(self._arrive(moving.pop())))
        if self.ended is None and not self.tokens:
            self._end(Ended(Status.COMPLETED, True, self.last_end))
        if self.tokens and all(self._is_join(token.point) for token in self.tokens):
            raise _Stuck

    def _arrive(self, flow: int) -> Sequence[int]:
        """A token came by the flow: the flows that it goes on by now."""
        point = self.route.by_id.get(self.route.flows[flow].target)
        if point is None:
            raise _Stuck
        if isinstance(point, EndPoint):
            self._come_to_end(point, flow)
            return ()
        if isinstance(point, JoinPoint):
            return self._come_to_join(point, flow)
        if isinstance(point, ChoicePoint | SplitPoint | StartPoint):
            self._pass(point)
            return self._leaving(point)
        self._wait(point, flow)
        return ()

    def _leaving(self, point: Point) -> Sequence[int]:
        flows = self.route.leaving[point.id]
        if isinstance(point, ChoicePoint):
            one = self.choose(flows)
            flows = () if one is None else (one,)
            self.chosen.extend(flows)
        if not flows:
            raise _Stuck
        return flows

    def _come_to_join(self, point: JoinPoint, flow: int) -> Sequence[int]:
        here = [token for token in self.tokens if token.point == point.id]
        first = {token.by: token for token in reversed(here)}
        others = [number for number in self.route.arriving[point.id] if number != flow]
        if any(number not in first for number in others):
            self._wait(point, flow)
            return ()
        for number in others:
            self.tokens.remove(first[number])
            self.effects.append(Left(point.id, first[number].id))
        self._pass(point)
        return self._leaving(point)

    def _come_to_end(self, point: EndPoint, flow: int) -> None:
        if not point.successful:
            self._cancel()
        self._pass(point)
        self.last_end = point.id
        if not point.successful:
            self._end(Ended(Status.COMPLETED, False, point.id))

    def _wait(self, point: Point, flow: int) -> None:
        self.last += 1
        self.tokens.append(Token(self.last, point.id, flow))
        if not isinstance(point, JoinPoint):  # the first branch to come must not speak for the others
            self._reach(point.state)
        self.effects.append(Entered(point.id, self.last))

    def _pass(self, point: Point) -> None:
        self._reach(point.state)
        self.effects.append(Entered(point.id))

    def _reach(self, state: str) -> None:
        if state:
            self.effects.append(StateReached(state))

    def _cancel(self) -> None:
        self.effects.extend(Cancelled(token.point, token.id) for token in self.tokens)
        self.tokens.clear()

    def _end(self, ended: Ended) -> None:
        self.ended = ended
        self.effects.append(ended)

    def _is_join(self, point: str) -> bool:
        return isinstance(self.route.by_id.get(point), JoinPoint)
