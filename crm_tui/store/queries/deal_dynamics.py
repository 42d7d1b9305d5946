"""Deal dynamics (ELP-08): what goes through the states of a scenario in a period, and what is stuck there now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, extract, func, select

from crm_tui.domain.conditions.periods import Period
from crm_tui.store.tables import Interaction, Interest, State, StateChange, table_of

SLICES = 12
"""Equal parts of the period in which entries are counted."""
DAY = 86_400
MOST_LISTED = 200

interest, state, change, talk = (table_of(one) for one in (Interest, State, StateChange, Interaction))


@dataclass(frozen=True, slots=True)
class StateDynamics:
    """A state of the scenario."""

    id: int
    name: str
    """As it is kept."""
    outcome: str
    standing: int
    """Interests that are in it now."""
    stuck: int
    """Those of them that stand longer without a touch than the state allows (L-04)."""
    average_age: timedelta | None
    """How long those stand there on the average; None where none does, and for closed ones."""
    entered: int
    left: int
    by_slice: tuple[int, ...]
    """Entries in each of ``SLICES`` equal parts of the period, the oldest first."""


def of_scenario(
    connection: Connection, scenario_id: int, period: Period, now: datetime, owner_id: int | None = None
) -> list[StateDynamics]:
    """The states in their order, of all Interests or of an owner's: those that stand there ``now``, and moves in the
    period. A move to the state in which an Interest is already is none."""
    here = _standing(connection, scenario_id, now, owner_id)
    entered: dict[int, list[int]] = {}
    left: dict[int, int] = {}
    length = (period.until - period.since) / SLICES
    for row in _moves(connection, scenario_id, period, owner_id):
        slices = entered.setdefault(row.to_state_id, [0] * SLICES)
        slices[min(int((row.at - period.since) / length), SLICES - 1)] += 1
        if row.from_state_id is not None:
            left[row.from_state_id] = left.get(row.from_state_id, 0) + 1
    query = (
        select(state.c.id, state.c.name, state.c.outcome)
        .where(state.c.scenario_id == scenario_id)
        .order_by(state.c.position, state.c.id)
    )
    found = []
    for row in connection.execute(query):
        known = here.get(row.id)
        slices = entered.get(row.id, [0] * SLICES)
        is_open = known is not None and row.outcome == "open"
        found.append(
            StateDynamics(
                row.id,
                row.name,
                row.outcome,
                known.standing if known else 0,
                known.stuck if known and is_open else 0,
                timedelta(seconds=float(known.age)) if known and is_open else None,
                sum(slices),
                left.get(row.id, 0),
                tuple(slices),
            )
        )
    return found


def standing_in(
    connection: Connection, state_id: int, owner_id: int | None = None
) -> list[tuple[int, str, datetime]]:
    """Id, name and since when, of at most ``MOST_LISTED`` Interests that stand in a state, the longest first."""
    query = (
        select(interest.c.id, interest.c.name, interest.c.state_since)
        .where(interest.c.state_id == state_id, *_whose(owner_id))
        .order_by(interest.c.state_since, interest.c.id)
        .limit(MOST_LISTED)
    )
    return [(row.id, row.name, row.state_since) for row in connection.execute(query)]


def _standing(
    connection: Connection, scenario_id: int, now: datetime, owner_id: int | None
) -> dict[int, Any]:
    touched = (
        select(talk.c.interest_id, func.max(talk.c.starts_at).label("at"))
        .where(talk.c.status == "held")
        .group_by(talk.c.interest_id)
        .subquery()
    )
    # What the clock shows is a number of seconds on every database.
    passed = now.timestamp() - extract("epoch", interest.c.state_since)
    untouched = now.timestamp() - extract("epoch", touched.c.at)
    allowed = state.c.rot_days * DAY
    is_stuck = (passed > allowed) & (touched.c.at.is_(None) | (untouched > allowed))
    query = (
        select(
            interest.c.state_id,
            func.count().label("standing"),
            func.sum(case((is_stuck, 1), else_=0)).label("stuck"),
            func.avg(passed).label("age"),
        )
        .join(state, state.c.id == interest.c.state_id)
        .outerjoin(touched, touched.c.interest_id == interest.c.id)
        .where(interest.c.scenario_id == scenario_id, *_whose(owner_id))
        .group_by(interest.c.state_id)
    )
    return {row.state_id: row for row in connection.execute(query)}


def _moves(connection: Connection, scenario_id: int, period: Period, owner_id: int | None) -> Sequence[Any]:
    query = (
        select(change.c.from_state_id, change.c.to_state_id, change.c.at)
        .join(interest, interest.c.id == change.c.interest_id)
        .where(interest.c.scenario_id == scenario_id, *_whose(owner_id))
        .where(change.c.at >= period.since, change.c.at < period.until)
        .where(change.c.from_state_id.is_(None) | (change.c.from_state_id != change.c.to_state_id))
    )
    return connection.execute(query).all()


def _whose(owner_id: int | None) -> list[ColumnElement[bool]]:
    alive: list[ColumnElement[bool]] = [interest.c.trashed_at.is_(None)]
    return alive if owner_id is None else [*alive, interest.c.owner_id == owner_id]
