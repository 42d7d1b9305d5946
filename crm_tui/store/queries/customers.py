"""Reads of the customers list."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal, select

from crm_tui.store.queries import touches, trash
from crm_tui.store.tables import Customer, Interest, State, User, table_of

customer, user = table_of(Customer), table_of(User)
interest, state = table_of(Interest), table_of(State)

PLAIN: dict[str, ColumnElement[Any]] = {
    "name": customer.c.name_fold,
    "city": customer.c.city,
    "region": customer.c.region,
    "activity": customer.c.activity,
    "kind": customer.c.kind,
    "status": customer.c.status,
    "owner": user.c.name,
    "changed": customer.c.changed_at,
}
COUNTED = ("touch", "open", "sum")
"""What the list is sorted by only after something was counted for every customer."""

Money = tuple[tuple[str, int], ...]
"""Currency and minor units, the largest sum first."""


@dataclass(frozen=True, slots=True)
class Which:
    """Which customers are listed: of a kind or status (codes), of an owner; None for all."""

    kind: str | None = None
    status: str | None = None
    owner_id: int | None = None
    in_trash: bool = False
    """Those in the trash, in place of the others."""
    clause: ColumnElement[bool] | None = None
    """What a filter asks for besides."""


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer in the list."""

    id: int
    name: str
    city: str
    region: str
    activity: str
    kind: str
    status: str
    is_person: bool
    owner: str
    touch_days: int | None
    last_touch: datetime | None
    open_interests: int
    open_sum: Money


def ids(
    connection: Connection,
    column: str,
    *,
    descending: bool = False,
    needle: str = "",
    which: Which = Which(),
    limit: int | None = None,
) -> "array[int]":
    """Ids of the customers in the order of a column, those in the trash left out unless they are asked for."""
    query = select(customer.c.id).where(
        *trash.clauses("customer", customer, needle, in_trash=which.in_trash), *_wanted(which)
    )
    if column in COUNTED:
        counted = _counted(column)
        query = query.outerjoin(counted, counted.c.party_id == customer.c.id)
        key: ColumnElement[Any] = func.coalesce(counted.c.value, literal("" if column == "touch" else 0))
    else:
        key = PLAIN[column]
        if column == "owner":
            query = query.outerjoin(user, user.c.id == customer.c.owner_id)
    order = [key.desc() if descending else key]
    if column != "name":
        order.append(customer.c.name_fold)
    query = query.order_by(*order, customer.c.id).limit(limit)
    return array("q", connection.execute(query).scalars())


def rows(connection: Connection, customer_ids: Sequence[int]) -> dict[int, CustomerRow]:
    """The rows of these customers; those that are gone are left out."""
    query = (
        select(
            customer.c.id,
            customer.c.name,
            customer.c.city,
            customer.c.region,
            customer.c.activity,
            customer.c.kind,
            customer.c.status,
            customer.c.is_person,
            func.coalesce(user.c.name, "").label("owner"),
            customer.c.touch_days,
        )
        .outerjoin(user, user.c.id == customer.c.owner_id)
        .where(customer.c.id.in_(customer_ids))
    )
    last = touches.last(connection, "customer", customer_ids)
    sums = open_sums(connection, interest.c.customer_id, customer_ids)
    found: dict[int, CustomerRow] = {}
    for row in connection.execute(query):
        open_count, open_sum = sums.get(row.id, (0, ()))
        found[row.id] = CustomerRow(
            **row._mapping, last_touch=last.get(row.id), open_interests=open_count, open_sum=open_sum
        )
    return found


def few(connection: Connection, most: int) -> bool:
    """Whether there are at most so many customers, those in the trash counted."""
    beyond = select(customer.c.id).order_by(customer.c.id).offset(most).limit(1)
    return connection.execute(beyond).first() is None


def open_sums(
    connection: Connection, party: ColumnElement[Any], party_ids: Sequence[int]
) -> dict[int, tuple[int, Money]]:
    """By party: how many open Interests there are, and what they are worth in each currency."""
    query = (
        select(party, interest.c.currency, func.count(), func.sum(interest.c.amount_minor))
        .select_from(interest.join(state, state.c.id == interest.c.state_id))
        .where(party.in_(party_ids), state.c.outcome == "open", interest.c.trashed_at.is_(None))
        .group_by(party, interest.c.currency)
    )
    found: dict[int, tuple[int, Money]] = {}
    for party_id, currency, count, minor in connection.execute(query):
        before, sums = found.get(party_id, (0, ()))
        if minor:
            sums = tuple(sorted((*sums, (currency, int(minor))), key=lambda one: -one[1]))
        found[party_id] = (before + count, sums)
    return found


def _wanted(which: Which) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if which.kind is not None:
        found.append(customer.c.kind == which.kind)
    if which.status is not None:
        found.append(customer.c.status == which.status)
    if which.owner_id is not None:
        found.append(customer.c.owner_id == which.owner_id)
    if which.clause is not None:
        found.append(which.clause)
    return found


def _counted(column: str) -> Any:
    """``party_id`` and ``value`` of the customers that have any."""
    if column == "touch":
        touched = touches.of_parties("customer", select(customer.c.id)).subquery()
        query: Select[Any] = select(touched.c.party_id, func.max(touched.c.at).label("value"))
        return query.group_by(touched.c.party_id).subquery()
    value = func.count() if column == "open" else func.sum(func.coalesce(interest.c.amount_minor, 0))
    return (
        select(interest.c.customer_id.label("party_id"), value.label("value"))
        .join(state, state.c.id == interest.c.state_id)
        .where(state.c.outcome == "open", interest.c.trashed_at.is_(None))
        .group_by(interest.c.customer_id)
        .subquery()
    )
