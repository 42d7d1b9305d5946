"""How fast Interests go through a scenario, and how many of them come how far (L-25, after crm.cli)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from crm_tui.domain.conditions.periods import Period

Outcome = Literal["open", "won", "lost"]


@dataclass(frozen=True, slots=True)
class Way:
    """Of one Interest: the states it came into, in order of time, the first of them as it was made."""

    states: tuple[int, ...]
    entered: tuple[datetime, ...]
    """When, for each of the states."""
    outcome: Outcome
    """Of the state in which it stands."""
    id: int = 0
    """Of the Interest."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Ids of the Interests that came just as far as an open state of a funnel."""

    state_id: int
    won: tuple[int, ...] = ()
    """Only of the last state: what is won has come through all."""
    lost: tuple[int, ...] = ()
    standing: tuple[int, ...] = ()


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


def speed(ways: Iterable[Way], period: Period) -> dict[int, Spans]:
    """How long Interests stood in each state that they left in the period, whatever came next."""
    return {
        state_id: spans(length for _id, length in found) for state_id, found in stays(ways, period).items()
    }


def stays(ways: Iterable[Way], period: Period) -> dict[int, list[tuple[int, timedelta]]]:
    """State → the Interests that left it in the period, each with how long it stood there."""
    found: dict[int, list[tuple[int, timedelta]]] = {}
    for way in ways:
        for state_id, began, ended in zip(way.states, way.entered, way.entered[1:], strict=False):
            if ended in period:
                found.setdefault(state_id, []).append((way.id, ended - began))
    return found


def whole(ways: Iterable[Way], period: Period, outcome: Outcome) -> Spans:
    """From the beginning until the close, of those that were closed with this outcome in the period."""
    return spans(way.entered[-1] - way.entered[0] for way in closed(ways, period, outcome))


def closed(ways: Iterable[Way], period: Period, outcome: Outcome) -> list[Way]:
    """Those that were closed with this outcome in the period."""
    return [way for way in ways if way.outcome == outcome and way.entered[-1] in period]


def funnel(ways: Iterable[Way], states: Sequence[int], period: Period) -> list[Reached]:
    """How far the Interests came that were made in the period. ``states``: the open ones in their order; a state
    that is not among them, of another scenario for instance, counts for nothing."""
    far = cohorts(ways, states, period)
    found: list[Reached] = []
    for number, here in enumerate(far):
        came = len(reached(far[number:]))
        lost, standing = len(here.lost), len(here.standing)
        won = sum(len(one.won) for one in far[number:])
        found.append(Reached(here.state_id, came, came - lost - standing, won, lost, standing))
    return found


def cohorts(ways: Iterable[Way], states: Sequence[int], period: Period) -> list[Cohort]:
    """The same by the Interests themselves, each where it came farthest."""
    place = {state_id: number for number, state_id in enumerate(states)}
    found: list[dict[Outcome, list[int]]] = [{"won": [], "lost": [], "open": []} for _state in states]
    for way in ways:
        known = [place[state_id] for state_id in way.states if state_id in place]
        if way.entered[0] not in period or not states or not (known or way.outcome == "won"):
            continue
        found[len(states) - 1 if way.outcome == "won" else max(known)][way.outcome].append(way.id)
    return [
        Cohort(state_id, tuple(one["won"]), tuple(one["lost"]), tuple(one["open"]))
        for state_id, one in zip(states, found, strict=True)
    ]


def reached(from_here: Iterable[Cohort]) -> tuple[int, ...]:
    """Ids of all that came to the first of these states or farther."""
    return tuple(key for one in from_here for key in (*one.won, *one.lost, *one.standing))


def spans(lengths: Iterable[timedelta]) -> Spans:
    """The shortest length than which at least half, or nine tenths, of all are not longer."""
    ranked = sorted(lengths)
    if not ranked:
        return Spans(0, None, None)
    half, most = (ranked[-(-len(ranked) * tenths // 10) - 1] for tenths in (5, 9))
    return Spans(len(ranked), half, most)
