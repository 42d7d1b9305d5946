"""How much a task presses, as one figure made of terms that have names (L-22, after taskwarrior)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

AHEAD = timedelta(days=14)
"""A due time farther away presses no less than one so far away."""
LATE = timedelta(days=7)
"""What is later than this presses no more."""
FAR = 0.2
"""The share of the weight that any due time has, be it ever so far away."""
OLD = timedelta(days=365)
"""A task of this age is as old as can be."""


class Weights(Protocol):
    """What each term counts at the most (section ``urgency`` of the settings); none is below zero."""

    @property
    def due(self) -> float: ...
    @property
    def important(self) -> float: ...
    @property
    def step(self) -> float: ...
    @property
    def waits(self) -> float: ...
    @property
    def age(self) -> float: ...
    @property
    def blocked(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What is asked of an open task. Instants are aware."""

    due_at: datetime | None
    priority: int
    """-1 low, 0 normal, 1 high."""
    is_step: bool
    """Of a process, which waits for it."""
    customer_waits: bool
    """The last word in the Interest is a letter or message of the customer's."""
    created_at: datetime
    is_blocked: bool
    """Its Interest is closed or in the trash, or its process is stopped: nothing comes of it now."""


@dataclass(frozen=True, slots=True)
class Urgency:
    """The figure and what it is made of."""

    terms: tuple[tuple[str, float], ...]
    """Name of each term that is not nothing: ``overdue`` or ``due``, ``important`` or ``low``, ``step``, ``waits``,
    ``age``, ``blocked``."""

    @property
    def figure(self) -> float:
        """Their sum."""
        return sum(value for _name, value in self.terms)


def of(task: Facts, now: datetime, weights: Weights) -> Urgency:
    """Never falls while time passes, and rises with each fact but ``is_blocked``."""
    is_late = task.due_at is not None and task.due_at < now
    terms = (
        ("overdue" if is_late else "due", weights.due * nearness(task.due_at, now)),
        ("important" if task.priority > 0 else "low", weights.important * _importance(task.priority)),
        ("step", weights.step * task.is_step),
        ("waits", weights.waits * task.customer_waits),
        ("age", weights.age * _share(now - task.created_at, OLD)),
        ("blocked", -weights.blocked * task.is_blocked),
    )
    return Urgency(tuple((name, value) for name, value in terms if value))


def nearness(due_at: datetime | None, now: datetime) -> float:
    """0 without a due time, ``FAR`` until ``AHEAD`` of it, from there evenly up to 1 at ``LATE`` after it."""
    if due_at is None:
        return 0.0
    return FAR + (1 - FAR) * _share(now - due_at + AHEAD, AHEAD + LATE)


def _importance(priority: int) -> float:
    """A low task counts half as much against as a high one counts for."""
    return float(priority) if priority > 0 else priority / 2


def _share(part: timedelta, whole: timedelta) -> float:
    return min(1.0, max(0.0, part / whole))
