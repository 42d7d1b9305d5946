"""Reads of the board: the states of a scenario with what stands in them. Cards are read by ``interests.rows``."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select

from crm_tui.store.queries import interests
from crm_tui.store.queries.interests import StateRow, interest


@dataclass(frozen=True, slots=True)
class Heap:
    """How many Interests stand in a state, and what they are worth together."""

    count: int
    sums: tuple[tuple[str, int], ...]
    """(currency, minor units), the largest first; amounts are never added across currencies."""


def heaps(
    connection: Connection, scenario_id: int, needle: str = "", clause: ColumnElement[bool] | None = None
) -> Mapping[int, Heap]:
    """State → what stands in it; states that are empty are left out."""
    query = (
        select(
            interest.c.state_id,
            interest.c.currency,
            func.count(),
            func.sum(interest.c.amount_minor),
        )
        .where(interest.c.scenario_id == scenario_id, interest.c.trashed_at.is_(None))
        .group_by(interest.c.state_id, interest.c.currency)
    )
    if clause is not None:
        query = query.where(clause)
    if needle.split():
        query = interests.with_parties(query).where(*interests.with_words(needle))
    counts: dict[int, int] = {}
    sums: dict[int, list[tuple[str, int]]] = {}
    for state_id, currency, count, amount in connection.execute(query):
        counts[state_id] = counts.get(state_id, 0) + count
        if amount:
            sums.setdefault(state_id, []).append((currency, int(amount)))
    return {
        state_id: Heap(count, tuple(sorted(sums.get(state_id, ()), key=lambda one: -one[1])))
        for state_id, count in counts.items()
    }


def columns(connection: Connection, scenario_id: int, *, closed: bool) -> list[StateRow]:
    """The states that are columns: open ones, and the closing ones only when asked for."""
    states = interests.states(connection, scenario_id)
    return [one for one in states if closed or one.outcome == "open"]


def ids(
    connection: Connection,
    scenario_id: int,
    column: str,
    *,
    descending: bool,
    needle: str = "",
    closed: bool = False,
    clause: ColumnElement[bool] | None = None,
) -> "dict[int, array[int]]":
    """State → ids of the Interests that stand in it, in the order of a column of the list."""
    query = interests.ordered(
        select(interest.c.id, interest.c.state_id),
        column,
        descending=descending,
        needle=needle,
        closed=closed,
    ).where(interest.c.scenario_id == scenario_id)
    if clause is not None:
        query = query.where(clause)
    found: dict[int, array[int]] = {}
    for interest_id, state_id in connection.execute(query):
        found.setdefault(state_id, array("q")).append(interest_id)
    return found
