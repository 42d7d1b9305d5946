"""A route: what a version of a route map holds, the business process as a graph with settings (RM-04, BP-11…20).

Names of the glossary; each docstring gives the element of BPMN 2.0 that it is. A route is data: it knows nothing of
the store, is never changed, and says nothing of whether it is sound (``route_check``) or how it runs (``process``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

Tree = Mapping[str, Any]
"""A condition as ``domain.conditions.condition`` keeps it in JSON; an empty one always holds."""


class ProcessKind(StrEnum):
    """What a process of the map is bound to."""

    OBJECT = "object"
    """Owns the state of the Interest that it runs on: the controlling process (BP-04, BP-05)."""
    INDEPENDENT = "independent"
    """Is started by hand, by a trigger or within another; changes no state (BP-19)."""


class PointKind(StrEnum):
    """The kinds of points, each named as in the text of a map."""

    START = "start"
    STEP = "step"
    CHOICE = "choice"
    SPLIT = "split"
    JOIN = "join"
    NESTED = "nested"
    TIMER = "timer"
    ACTION = "action"
    END = "end"


class StepEvent(StrEnum):
    """When a rule of a step is looked at (RM-10, RM-11)."""

    ENTERING = "entering"
    COMPLETING = "completing"
    OVERDUE = "overdue"


class RuleAction(StrEnum):
    """What a rule of a step does."""

    EMAIL = "email"
    SMS = "sms"
    REMINDER = "reminder"
    TASK = "task"
    SET_FIELD = "set_field"


class PerformerRule(StrEnum):
    """Who performs a step (BP-13)."""

    OWNER = "owner"
    HEAD = "head"
    """Whom the owner answers to."""
    ROLE = "role"
    USER = "user"
    LEAST_LOADED = "least_loaded"
    """Of those with the role, who has the fewest open tasks."""
    PREVIOUS = "previous"
    """Who completed the step before."""


class Unit(StrEnum):
    """Units of a duration. Working ones are counted in the performer's calendar (BP-15)."""

    WORKING_HOURS = "h"
    WORKING_DAYS = "d"
    MINUTES = "min"
    """Of the clock, as are the calendar days."""
    CALENDAR_DAYS = "cd"


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a step may take, or a timer waits."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Performer:
    """The rule that finds who performs a step; the owner of the Interest unless said otherwise (BP-13)."""

    rule: PerformerRule = PerformerRule.OWNER
    of: str = ""
    """Login of the user, or code of the role."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What must be there before a step is completed (RM-18, RM-21)."""

    kind: str
    """``document``: so many documents of the kind ``of``, entered within this step of this process.
    ``field``: the field ``of`` of the object, or of its lead or contact person (``phone``, ``email``), is filled."""
    of: str
    """Kind of document: ``call``, ``meeting``, ``letter`` (an outgoing e-mail), ``proposal``, ``invoice``,
    ``contract`` … Or the code of a field."""
    count: int = 1


@dataclass(frozen=True, slots=True)
class StepRule:
    """One line of the step condition control (RM-10): event, action, run condition, target, "send to client"."""

    event: StepEvent
    action: RuleAction
    condition: Tree | None = None
    target: str = ""
    """Name of the letter template, title of the task, text of the reminder, or ``field=value``."""
    to_client: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """A way in which a step can be completed (BP-09)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of the graph (BPMN flow node)."""

    id: str
    """Letters a–z, digits and ``_``, unique in the map."""
    name: str = ""
    state: str = ""
    """Code of the scenario's state that the Interest goes into when a token comes here; empty for none (RM-07)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPoint(Point):
    """Where a process begins (start event): one a map."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Point):
    """Work of a person (user task). Several outcomes are an exclusive gateway behind it."""

    instruction: str = ""
    """Markdown, shown to whoever performs it (CORP-52)."""
    performer: Performer = Performer()
    duration: Duration | None = None
    ask_result: bool = False
    """Whoever completes it must say what came of it (BP-14)."""
    outcomes: tuple[Outcome, ...] = ()
    """None or one: it is executed. Several: one is chosen."""
    requirements: tuple[Requirement, ...] = ()
    rules: tuple[StepRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicePoint(Point):
    """Goes on by the first flow whose condition holds, else by the default one (exclusive gateway)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPoint(Point):
    """Goes on by all flows at once (diverging parallel gateway, BP-20)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPoint(Point):
    """Goes on when a token came by each of its flows (converging parallel gateway)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NestedPoint(Point):
    """Waits for a process of another, independent map (call activity, BP-19)."""

    map: str
    """Code of the map."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerPoint(Point):
    """Waits for a time (intermediate timer catch event)."""

    duration: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPoint(Point):
    """Work of the program (service task): it is done, and the token goes on (ELP-04)."""

    action: str
    """``set_field``, ``create_task``, ``create_document``, ``create_record``, ``find_record``, ``send_letter`` or
    ``start_process``."""
    settings: Mapping[str, str]
    """What the action is done with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPoint(Point):
    """A token ends here (end event); an unsuccessful end ends the whole process (terminate end event, BP-18)."""

    successful: bool = True


KINDS: Mapping[type[Point], PointKind] = {
    StartPoint: PointKind.START,
    Step: PointKind.STEP,
    ChoicePoint: PointKind.CHOICE,
    SplitPoint: PointKind.SPLIT,
    JoinPoint: PointKind.JOIN,
    NestedPoint: PointKind.NESTED,
    TimerPoint: PointKind.TIMER,
    ActionPoint: PointKind.ACTION,
    EndPoint: PointKind.END,
}


@dataclass(frozen=True, slots=True)
class Flow:
    """The way from one point to another (sequence flow). Its number in the route names it."""

    source: str
    target: str
    outcome: str = ""
    """Of a step with several outcomes: the one that goes this way."""
    condition: Tree | None = None
    """Of a choice: when it goes this way. None for its default flow."""
    controls: bool = False
    """Of a split: this branch controls the Interest's state, and no other has states (BP-20)."""


@dataclass(frozen=True)
class Route:
    """The whole document: parameters, points in the order in which they were written, flows."""

    number: str
    name: str
    kind: ProcessKind = ProcessKind.OBJECT
    object_kind: str = "interest"
    """What it runs on: ``interest``, ``customer``, ``contact``, ``lead``, ``document``; empty for any card."""
    start_event: str = ""
    """``created``: a new object starts it at once (RM-06). Empty: by hand, by a trigger, or nested."""
    scenario: str = ""
    """Code of the scenario by which the Interest is worked; empty for any (BP-11)."""
    early_termination: bool = False
    termination_state: str = ""
    """Code of the state of an Interest that was ended early (BP-17)."""
    account: str = ""
    """Address of the account that its letters leave from; empty: that which the card's letters came to, else the
    owner's (``services.writing.automatic_letters``)."""
    notes: str = ""
    points: tuple[Point, ...] = ()
    flows: tuple[Flow, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Point]:
        """The points by their ids; of two with the same id the last."""
        return {point.id: point for point in self.points}

    @cached_property
    def leaving(self) -> Mapping[str, tuple[int, ...]]:
        """Point → numbers of the flows that leave it, in their order."""
        return self._flows_of("source")

    @cached_property
    def arriving(self) -> Mapping[str, tuple[int, ...]]:
        """Point → numbers of the flows that come to it."""
        return self._flows_of("target")

    @property
    def title(self) -> str:
        """Number and name, as a person calls the map: "1.2 Sale (quick)"."""
        return f"{self.number} {self.name}".strip()

    def _flows_of(self, end: str) -> dict[str, tuple[int, ...]]:
        found: dict[str, tuple[int, ...]] = {point.id: () for point in self.points}
        for number, flow in enumerate(self.flows):
            point = getattr(flow, end)
            found[point] = (*found.get(point, ()), number)
        return found
