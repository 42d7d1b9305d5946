"""Reads of the Interests screen: the list and its rows."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    case,
    func,
    or_,
    select,
    union_all,
)

from crm_tui.domain.text import fold
from crm_tui.store.tables import (
    Contact,
    Customer,
    Interaction,
    Interest,
    Lead,
    Scenario,
    State,
    Task,
    User,
    table_of,
)

interest, state, scenario = table_of(Interest), table_of(State), table_of(Scenario)
customer, lead, contact, user = table_of(Customer), table_of(Lead), table_of(Contact), table_of(User)

task, interaction = table_of(Task), table_of(Interaction)

_PARTY = func.coalesce(customer.c.name, contact.c.name, lead.c.name, "")

_OPEN_TASK = (task.c.status == "open", task.c.interest_id.is_not(None))
_PLANNED = (interaction.c.status == "planned", interaction.c.interest_id.is_not(None))

coming = union_all(
    select(task.c.interest_id, task.c.due_at.label("at")).where(*_OPEN_TASK, task.c.due_at.is_not(None)),
    select(interaction.c.interest_id, interaction.c.starts_at).where(*_PLANNED),
    select(interest.c.id, interest.c.next_contact_at).where(interest.c.next_contact_at.is_not(None)),
).subquery()
soonest = (
    select(coming.c.interest_id, func.min(coming.c.at).label("at")).group_by(coming.c.interest_id).subquery()
)
"""When something is next to be done in an Interest: a task, a planned interaction, the date X (L-05)."""

SORT_COLUMNS: dict[str, ColumnElement[Any]] = {
    "changed": interest.c.changed_at,
    "name": interest.c.name_fold,
    "state": state.c.position,
    "party": func.coalesce(customer.c.name_fold, contact.c.name_fold, lead.c.name_fold, ""),
    "amount": interest.c.amount_minor,
    "next": soonest.c.at,
    "age": interest.c.state_since,
    "close": interest.c.expected_close,
    "probability": func.coalesce(interest.c.probability, state.c.probability),
    "owner": user.c.name,
    "created": interest.c.created_at,
}


@dataclass(frozen=True, slots=True)
class InterestRow:
    """An Interest in the list."""

    id: int
    name: str
    party: str
    """Who it is for: customer, contact person or lead."""
    scenario: str
    state: str
    outcome: str
    amount_minor: int | None
    currency: str
    next_contact_at: datetime | None
    changed_at: datetime
    owner: str | None
    state_since: datetime
    created_at: datetime
    closed_at: datetime | None
    expected_close: date | None
    probability: int | None
    """Its own, or else that of the state."""
    rot_days: int | None
    short_status: str
    source: str
    task_at: datetime | None
    """When its next open task is due."""
    open_tasks: int
    planned_at: datetime | None
    """When its next planned interaction begins."""
    touched_at: datetime | None
    """When the last interaction was held."""

    @property
    def next_at(self) -> datetime | None:
        """When something is next to be done, by task, plan or promise (L-05)."""
        return min((at for at in (self.task_at, self.planned_at, self.next_contact_at) if at), default=None)

    @property
    def has_next(self) -> bool:
        """Whether anything is to be done at all (L-03)."""
        return self.open_tasks > 0 or self.next_at is not None

    def is_rotting(self, now: datetime) -> bool:
        """Whether it stands in its state longer without a touch than the state allows (L-04)."""
        if self.outcome != "open" or self.rot_days is None:
            return False
        since = max(self.state_since, self.touched_at or self.state_since)
        return now - since > timedelta(days=self.rot_days)


@dataclass(frozen=True, slots=True)
class StateRow:
    """A state of a scenario."""

    id: int
    name: str
    outcome: str
    probability: int | None
    rot_days: int | None
    instruction: str


def ids(
    connection: Connection,
    column: str,
    *,
    descending: bool,
    needle: str = "",
    closed: bool = False,
    clause: ColumnElement[bool] | None = None,
    in_trash: bool = False,
    limit: int | None = None,
) -> "array[int]":
    """Ids of the Interests in the order of a column; closed ones only when asked for. ``clause``: of a filter.
    ``in_trash``: those that lie there, in place of the others."""
    query = ordered(
        select(interest.c.id), column, descending=descending, needle=needle, closed=closed, in_trash=in_trash
    )
    if clause is not None:
        query = query.where(clause)
    return array("q", connection.execute(query.limit(limit)).scalars())


def ordered(
    query: Select[Any],
    column: str,
    *,
    descending: bool,
    needle: str = "",
    closed: bool = False,
    in_trash: bool = False,
) -> Select[Any]:
    """The query over Interests in the order of a column of ``SORT_COLUMNS``, without those in the trash unless these
    are asked for."""
    key, lies = SORT_COLUMNS[column], interest.c.trashed_at
    query = _joined(query, by=column)
    query = query.where(lies.is_not(None) if in_trash else lies.is_(None), *with_words(needle))
    if not closed:
        query = query.where(state.c.outcome == "open")
    return query.order_by(key.is_(None), key.desc() if descending else key, interest.c.id.desc())


def with_words(needle: str) -> list[ColumnElement[bool]]:
    """The Interest, or who it is for, has all these words in its name."""
    return [
        or_(
            interest.c.name_fold.contains(word, autoescape=True),
            SORT_COLUMNS["party"].contains(word, autoescape=True),
        )
        for word in fold(needle).split()
    ]


def rows(connection: Connection, interest_ids: Sequence[int]) -> dict[int, InterestRow]:
    """The rows of these Interests; those that are gone are left out."""
    query = _joined(_columns()).where(interest.c.id.in_(interest_ids))
    tasks, talks = _tasks_of(connection, interest_ids), _talks_of(connection, interest_ids)
    found = {}
    for row in connection.execute(query):
        more: tuple[Any, ...] = (*tasks.get(row.id, (None, 0)), *talks.get(row.id, (None, None)))
        found[row.id] = InterestRow(*row, *more)
    return found


def of_party(
    connection: Connection, customer_ids: Sequence[int], contact_ids: Sequence[int], limit: int
) -> list[int]:
    """Ids of the Interests of these customers and people, open ones first, the newest change first."""
    query = (
        _joined(select(interest.c.id))
        .where(or_(interest.c.customer_id.in_(customer_ids), interest.c.contact_id.in_(contact_ids)))
        .where(interest.c.trashed_at.is_(None))
        .order_by(state.c.outcome != "open", interest.c.changed_at.desc(), interest.c.id.desc())
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def of_interaction(connection: Connection, interaction_id: int) -> int | None:
    """Id of the Interest that an interaction belongs to, or None."""
    found: int | None = connection.execute(
        select(interaction.c.interest_id).where(interaction.c.id == interaction_id)
    ).scalar_one_or_none()
    return found


def states(connection: Connection, scenario_id: int) -> list[StateRow]:
    """The states of a scenario in their order."""
    query = select(*(state.c[name] for name in StateRow.__dataclass_fields__))
    query = query.where(state.c.scenario_id == scenario_id).order_by(state.c.position)
    return [StateRow(*row) for row in connection.execute(query)]


def scenarios(connection: Connection) -> list[tuple[int, str, str]]:
    """Id, code and name of the scenarios in their order."""
    query = select(scenario.c.id, scenario.c.code, scenario.c.name).order_by(
        scenario.c.position, scenario.c.id
    )
    return [(row.id, row.code, row.name) for row in connection.execute(query)]


def has_next(connection: Connection, interest_id: int) -> bool:
    """Whether anything is to be done in the Interest. False too when it is closed or gone."""
    row = rows(connection, [interest_id]).get(interest_id)
    return row is not None and row.has_next


def _columns() -> Select[Any]:
    return select(
        interest.c.id,
        interest.c.name,
        _PARTY.label("party"),
        scenario.c.name.label("scenario"),
        state.c.name.label("state"),
        state.c.outcome,
        interest.c.amount_minor,
        interest.c.currency,
        interest.c.next_contact_at,
        interest.c.changed_at,
        user.c.name.label("owner"),
        interest.c.state_since,
        interest.c.created_at,
        interest.c.closed_at,
        interest.c.expected_close,
        func.coalesce(interest.c.probability, state.c.probability).label("probability"),
        state.c.rot_days,
        interest.c.short_status,
        interest.c.source,
    )


def _tasks_of(connection: Connection, interest_ids: Sequence[int]) -> dict[int, tuple[datetime | None, int]]:
    """Interest → when its next open task is due, and how many there are."""
    query = select(task.c.interest_id, func.min(task.c.due_at), func.count())
    query = query.where(task.c.interest_id.in_(interest_ids), task.c.status == "open")
    return {key: (due, count) for key, due, count in connection.execute(query.group_by(task.c.interest_id))}


def _talks_of(
    connection: Connection, interest_ids: Sequence[int]
) -> dict[int, tuple[datetime | None, datetime | None]]:
    """Interest → when its next planned interaction begins, and when the last one was held."""
    # The status is not asked for in the condition: SQLite would walk the index of all that is held.
    query = select(
        interaction.c.interest_id,
        func.min(case((interaction.c.status == "planned", interaction.c.starts_at))),
        func.max(case((interaction.c.status == "held", interaction.c.starts_at))),
    )
    query = query.where(interaction.c.interest_id.in_(interest_ids)).group_by(interaction.c.interest_id)
    return {key: (planned, held) for key, planned, held in connection.execute(query)}


def _joined(query: Select[Any], by: str = "") -> Select[Any]:
    """Only for an order by what comes next, all that is to come is gathered."""
    if by == "next":
        return with_parties(query, interest.outerjoin(soonest, soonest.c.interest_id == interest.c.id))
    return with_parties(query, interest)


def with_parties(query: Select[Any], begin: FromClause = interest) -> Select[Any]:
    """The query over Interests with their state, scenario, owner and who they are for."""
    return query.select_from(
        begin.join(state, state.c.id == interest.c.state_id)
        .join(scenario, scenario.c.id == interest.c.scenario_id)
        .outerjoin(customer, customer.c.id == interest.c.customer_id)
        .outerjoin(contact, contact.c.id == interest.c.contact_id)
        .outerjoin(lead, lead.c.id == interest.c.lead_id)
        .outerjoin(user, user.c.id == interest.c.owner_id)
    )
