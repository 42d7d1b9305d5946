"""What reports count besides the ways of Interests: why they were closed, what people did (KZ-15, KZ-17, L-25)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from crm_tui.domain.conditions.periods import Period
from crm_tui.store.tables import Interaction, Interest, State, Task, User, table_of

interest, state, talk, task, user = (table_of(one) for one in (Interest, State, Interaction, Task, User))


@dataclass(slots=True)
class Closed:
    """Interests closed with one outcome for one reason."""

    outcome: str
    reason: str
    """A code of the list of reasons; empty where none was told."""
    ids: list[int] = field(default_factory=list)
    sums: dict[str, int] = field(default_factory=dict)
    """Currency → amount in minor units, of those that have one."""


@dataclass(slots=True)
class Doings:
    """What one person did in a period: ids of records."""

    name: str
    calls: list[int] = field(default_factory=list)
    """Interactions, as the next two."""
    meetings: list[int] = field(default_factory=list)
    """Internet conferences among them."""
    letters: list[int] = field(default_factory=list)
    """Letters and messages that went out."""
    tasks: list[int] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    """Interests, as the next."""
    won: list[int] = field(default_factory=list)


_TALKS = {
    "call": "calls",
    "meeting": "meetings",
    "conference": "meetings",
    "letter": "letters",
    "message": "letters",
}


def closed(
    connection: Connection, scenario_id: int, period: Period, owner_id: int | None = None
) -> list[Closed]:
    """The Interests of a scenario that were closed in the period: won, then lost, the most frequent reason first."""
    query = (
        select(
            interest.c.id,
            state.c.outcome,
            interest.c.close_reason,
            interest.c.amount_minor,
            interest.c.currency,
        )
        .join(state, state.c.id == interest.c.state_id)
        .where(
            interest.c.scenario_id == scenario_id,
            interest.c.trashed_at.is_(None),
            state.c.outcome != "open",
            _within(interest.c.closed_at, period),
        )
        .order_by(interest.c.closed_at.desc(), interest.c.id)
    )
    found: dict[tuple[str, str], Closed] = {}
    for row in connection.execute(_of(query, interest.c.owner_id, owner_id)):
        reason = row.close_reason or ""
        group = found.setdefault((row.outcome, reason), Closed(row.outcome, reason))
        group.ids.append(row.id)
        if row.amount_minor is not None:
            group.sums[row.currency] = group.sums.get(row.currency, 0) + row.amount_minor
    return sorted(found.values(), key=lambda one: (one.outcome != "won", -len(one.ids), one.reason))


def doings(connection: Connection, period: Period, owner_id: int | None = None) -> list[Doings]:
    """Of everybody who works here, or of one person: what was done in the period, by name."""
    people = _of(select(user.c.id, user.c.name).where(user.c.active), user.c.id, owner_id)
    found = {row.id: Doings(row.name) for row in connection.execute(people.order_by(user.c.name, user.c.id))}

    def take(name: str, rows: Iterable[Any]) -> None:
        for record_id, whose in rows:
            if whose in found:
                getattr(found[whose], name).append(record_id)

    held = select(talk.c.id, talk.c.owner_id, talk.c.kind).where(
        talk.c.status == "held",
        _within(talk.c.starts_at, period),
        talk.c.kind.in_(("call", "meeting", "conference")) | (talk.c.direction == "out"),
    )
    for row in connection.execute(held):
        if row.kind in _TALKS:
            take(_TALKS[row.kind], [(row.id, row.owner_id)])
    done = select(task.c.id, task.c.assignee_id).where(
        task.c.status == "done", _within(task.c.done_at, period)
    )
    take("tasks", connection.execute(done))
    here = select(interest.c.id, interest.c.owner_id).where(interest.c.trashed_at.is_(None))
    take("made", connection.execute(here.where(_within(interest.c.created_at, period))))
    won = here.join(state, state.c.id == interest.c.state_id).where(state.c.outcome == "won")
    take("won", connection.execute(won.where(_within(interest.c.closed_at, period))))
    return list(found.values())


def _within(at: ColumnElement[Any], period: Period) -> ColumnElement[bool]:
    return (at >= period.since) & (at < period.until)


def _of(query: Select[Any], column: Any, owner_id: int | None) -> Select[Any]:
    return query if owner_id is None else query.where(column == owner_id)
