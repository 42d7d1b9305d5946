"""How fast Interests go through a scenario, and how many of them come how far (L-25, after crm.cli)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Outcome = Literal["open", "won", "lost"]


@dataclass(frozen=True, slots=True)
class Way:
    """Of one Interest: the states it came into, in order of time, the first of them as it was made."""

    states: tuple[int, ...]
    entered: tuple[datetime, ...]
    """When, for each of the states."""
    outcome: Outcome
    """Of the state in which it stands."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Lengths of time. Median and ninth decile are of the nearest rank, None of nothing."""

    number: int
    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True, slots=True)
class Reached:
    """One open state of a funnel."""

    state_id: int
    reached: int
    """Interests that came as far, or farther: a state that was jumped over counts."""
    went_on: int
    """Those of them that came farther: to a later state, or were won."""
    won: int
    lost: int
    """Lost having come just so far."""
    standing: int
    """Open, having come just so far."""


def speed(ways: Iterable[Way], since: datetime) -> dict[int, Spans]:
    """How long Interests stood in each state that they left from ``since`` on, whatever came next."""
    lengths: dict[int, list[timedelta]] = {}
    for way in ways:
        left = zip(way.states, way.entered, way.entered[1:], strict=False)
        for state_id, began, ended in left:
            if ended >= since:
                lengths.setdefault(state_id, []).append(ended - began)
    return {state_id: spans(found) for state_id, found in lengths.items()}


def whole(ways: Iterable[Way], since: datetime, outcome: Outcome) -> Spans:
    """From the beginning until the close, of those that were closed with this outcome from ``since`` on."""
    closed = [way for way in ways if way.outcome == outcome and way.entered[-1] >= since]
    return spans(way.entered[-1] - way.entered[0] for way in closed)


def funnel(ways: Iterable[Way], states: Sequence[int], since: datetime) -> list[Reached]:
    """How far the Interests came that were made from ``since`` on. ``states``: the open ones in their order; a state
    that is not among them, of another scenario for instance, counts for nothing."""
    place = {state_id: number for number, state_id in enumerate(states)}
    counts = [dict.fromkeys(("won", "lost", "open"), 0) for _state in states]
    for way in ways:
        known = [place[state_id] for state_id in way.states if state_id in place]
        if way.entered[0] < since or not states or not (known or way.outcome == "won"):
            continue
        counts[len(states) - 1 if way.outcome == "won" else max(known)][way.outcome] += 1
    found: list[Reached] = []
    for number, state_id in enumerate(states):
        from_here = counts[number:]
        reached = sum(sum(one.values()) for one in from_here)
        here = counts[number]
        won = sum(one["won"] for one in from_here)
        found.append(
            Reached(state_id, reached, reached - here["lost"] - here["open"], won, here["lost"], here["open"])
        )
    return found


def spans(lengths: Iterable[timedelta]) -> Spans:
    """The shortest length than which at least half, or nine tenths, of all are not longer."""
    ranked = sorted(lengths)
    if not ranked:
        return Spans(0, None, None)
    half, most = (ranked[-(-len(ranked) * tenths // 10) - 1] for tenths in (5, 9))
    return Spans(len(ranked), half, most)
