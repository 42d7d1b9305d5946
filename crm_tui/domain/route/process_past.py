"""What would have become of a past Interest on a route: the second half of the flight simulator (M-05).

The past is what happened to it: the states it went into, and the calls, letters and documents, each at its time. On
the route a step is completed

- when the Interest went on in the past, by the outcome that leads the shortest way to the state it went into;
- when what the step demands is there, unless that would take the Interest out of the state that it was in;

and in both cases not before everything that the step demands was there since the step was entered (RM-18). Where the
past went to a state of early termination that no outcome leads to at once, the process ends early. What a map
waits for that leaves no trace in the past (a nested process, a step that demands nothing) is taken as done when the
Interest went on. Actions are done at once; conditions and fields are those of the record as it is now: the past of
those is not looked up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crm_tui.domain.route.process import (
    Cancelled,
    Completed,
    Ended,
    Entered,
    Event,
    Instance,
    Left,
    Started,
    StateReached,
    Status,
    Terminated,
)
from crm_tui.domain.route.process_moves import Holds, advance
from crm_tui.domain.route.route_map import (
    ActionPoint,
    Duration,
    NestedPoint,
    Requirement,
    Route,
    Step,
    TimerPoint,
)

MOST_MOVES = 300
"""So often a process moves in one past at most."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to the Interest."""

    at: datetime
    state: str = ""
    """Code of the state that it went into; or:"""
    document: str = ""
    """the kind of a document, talk or letter that was entered."""


@dataclass(slots=True)
class Visit:
    """A token that came to a point."""

    token: int
    point: str
    entered_at: datetime
    user_id: int | None = None
    """Who would have performed the step."""
    due_at: datetime | None = None
    left_at: datetime | None = None
    outcome: str = ""
    cancelled: bool = False


@dataclass(slots=True)
class Flight:
    """How it went."""

    instance: Instance = field(default_factory=Instance)
    visits: list[Visit] = field(default_factory=list)
    """In the order in which they began."""
    state: str = ""
    """Code of the state that the process would have the Interest in."""
    past_state: str = ""
    """The one that it is in."""
    ended_at: datetime | None = None
    lacks: Mapping[str, Sequence[Requirement]] = field(default_factory=dict)
    """Point where it stands → what the step there demands and does not have."""


Perform = Callable[[Step, int | None], int | None]
"""Who performs a step, told who completed the one before."""
Due = Callable[[int | None, datetime, Duration], datetime]
"""When so much time has passed, in the calendar of the user."""


class Past:
    """The past of one Interest, to be flown through a route."""

    def __init__(
        self,
        route: Route,
        ways: "Ways",
        created_at: datetime,
        happenings: Sequence[Happening],
        *,
        holds: Holds,
        perform: Perform,
        due: Due,
        fields: frozenset[str] = frozenset(),
    ) -> None:
        """``happenings`` in their order; ``fields``: codes of the fields that are filled in."""
        self.route, self.ways = route, ways
        self.created_at = created_at
        self.happenings = happenings
        self.holds, self.perform, self.due = holds, perform, due
        self.fields = fields
        self.flight = Flight()
        self._documents: dict[str, list[datetime]] = {}
        self._waiting: dict[int, Visit] = {}
        self._previous: int | None = None
        self._moves = 0

    def fly(self, now: datetime) -> Flight:
        """Where it would stand now, and how it came there."""
        self._take(Started(), self.created_at)
        for one in self.happenings:
            self._ring(one.at)
            if one.state:
                self.flight.past_state = one.state
            else:
                self._documents.setdefault(one.document, []).append(one.at)
            self._follow(one.at)
        self._ring(now)
        waiting = ((visit, self.route.by_id[visit.point]) for visit in self._waiting.values())
        self.flight.lacks = {
            visit.point: lacks
            for visit, point in waiting
            if isinstance(point, Step) and (lacks := self._lacks(visit, point))
        }
        return self.flight

    @property
    def _runs(self) -> bool:
        return self.flight.instance.status is Status.RUNNING and self._moves < MOST_MOVES

    def _ring(self, until: datetime) -> None:
        """Timers whose time came."""
        while self._runs:
            timers = [
                visit
                for visit in self._waiting.values()
                if isinstance(self.route.by_id[visit.point], TimerPoint)
                and visit.due_at is not None
                and visit.due_at <= until
            ]
            if not timers:
                return
            first = min(timers, key=lambda visit: (visit.due_at, visit.token))
            at = first.due_at
            assert at is not None
            self._take(Completed(first.token), at)
            self._follow(at)

    def _follow(self, at: datetime) -> None:
        """Go on as far as the past did."""
        while self._runs and (self._go_on(at) or self._catch_up(at)):
            pass

    def _go_on(self, at: datetime) -> bool:
        """Complete a step whose documents are there, if the Interest stays in its state by that."""
        for visit in self._waiting.values():
            point = self.route.by_id[visit.point]
            if not isinstance(point, Step) or not point.requirements or len(point.outcomes) > 1:
                continue
            if self._lacks(visit, point):
                continue
            event = Completed(visit.token)
            made = advance(self.route, self.flight.instance, event, self.holds)
            states = [one.state for one in made.effects if isinstance(one, StateReached)]
            if not states or states[-1] == self.flight.past_state:
                self._take(event, at)
                return True
        return False

    def _catch_up(self, at: datetime) -> bool:
        """Complete a step towards the state that the Interest is in."""
        wanted = self.flight.past_state
        if not wanted or wanted == self.flight.state:
            return False
        near = [
            (distance, visit.token, outcome)
            for visit in self._waiting.values()
            if (way := self._way(visit, wanted)) is not None
            for distance, outcome in [way]
        ]
        ends_early = self.route.early_termination and wanted == self.route.termination_state
        if ends_early and not any(distance == 0 for distance, _token, _outcome in near):
            self._take(Terminated(), at)
            return True
        for _distance, token, outcome in sorted(near):
            visit = self._waiting[token]
            point = self.route.by_id[visit.point]
            if not (isinstance(point, Step) and self._lacks(visit, point)):
                self._take(Completed(token, outcome), at)
                return True
        return False

    def _way(self, visit: Visit, wanted: str) -> tuple[int, str] | None:
        """Over how many places at which it waits the state is come to from here, and by which outcome."""
        point = self.route.by_id[visit.point]
        if not isinstance(point, Step | NestedPoint):
            return None
        flows = self.route.leaving[point.id]
        known = ((self.ways.to(wanted).get(number), number) for number in flows)
        found = [(distance, number) for distance, number in known if distance is not None]
        if not found:
            return None
        distance, number = min(found)
        return distance, self.route.flows[number].outcome

    def _lacks(self, visit: Visit, step: Step) -> list[Requirement]:
        return [one for one in step.requirements if not self._is_there(one, visit.entered_at)]

    def _is_there(self, need: Requirement, since: datetime) -> bool:
        if need.kind == "field":
            return need.of in self.fields
        return sum(at >= since for at in self._documents.get(need.of, ())) >= need.count

    def _take(self, event: Event, at: datetime) -> None:
        self._moves += 1
        made = advance(self.route, self.flight.instance, event, self.holds)
        self.flight.instance = made.instance
        actions: list[int] = []
        for effect in made.effects:
            match effect:
                case StateReached():
                    self.flight.state = effect.state
                case Entered() if effect.token:
                    if self._enter(effect, at):
                        actions.append(effect.token)
                case Left() | Cancelled() if effect.token in self._waiting:
                    self._leave(effect, at)
                case Ended():
                    self.flight.ended_at = at
        for token in actions:
            if self._runs and token in self._waiting:
                self._take(Completed(token), at)

    def _enter(self, entered: Entered, at: datetime) -> bool:
        """Whether it is an action, which is done at once."""
        point = self.route.by_id[entered.point]
        visit = Visit(entered.token, point.id, at)
        if isinstance(point, Step):
            visit.user_id = self.perform(point, self._previous)
        if isinstance(point, Step | TimerPoint) and point.duration is not None:
            visit.due_at = self.due(visit.user_id, at, point.duration)
        self.flight.visits.append(visit)
        self._waiting[entered.token] = visit
        return isinstance(point, ActionPoint)

    def _leave(self, left: Left | Cancelled, at: datetime) -> None:
        visit = self._waiting.pop(left.token)
        visit.left_at = at
        if isinstance(left, Cancelled):
            visit.cancelled = True
            return
        visit.outcome = left.outcome
        if isinstance(self.route.by_id[visit.point], Step):
            self._previous = visit.user_id


class Ways:
    """How far it is from each flow of a route to a state: over how many places at which a token waits."""

    def __init__(self, route: Route) -> None:
        self.route = route
        self._known: dict[str, dict[int, int]] = {}

    def to(self, state: str) -> Mapping[int, int]:
        """Flow → how many places lie between it and the first point of this state; flows that do not lead there are
        not in it."""
        found = self._known.get(state)
        if found is None:
            found = self._known[state] = self._reckon(state)
        return found

    def _reckon(self, state: str) -> dict[int, int]:
        route = self.route
        found = {number: 0 for number, flow in enumerate(route.flows) if self._has(flow.target, state)}
        nearer = True
        while nearer:
            nearer = False
            for number, flow in enumerate(route.flows):
                onward = [found[one] for one in route.leaving.get(flow.target, ()) if one in found]
                distance = min(onward, default=len(route.flows)) + self._waits(flow.target)
                if onward and distance < found.get(number, len(route.flows) + 2):
                    found[number], nearer = distance, True
        return found

    def _has(self, point: str, state: str) -> bool:
        there = self.route.by_id.get(point)
        return there is not None and there.state == state

    def _waits(self, point: str) -> bool:
        return isinstance(self.route.by_id.get(point), Step | NestedPoint | TimerPoint)
