"""Reads of the leads list."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from crm_tui.store.queries import touches, trash
from crm_tui.store.queries.customers import Money, open_sums
from crm_tui.store.tables import Interest, Lead, User, table_of

lead, user, interest = table_of(Lead), table_of(User), table_of(Interest)

SORT_COLUMNS: dict[str, ColumnElement[Any]] = {
    "name": lead.c.name_fold,
    "company": lead.c.company,
    "city": lead.c.city,
    "source": lead.c.source,
    "status": lead.c.status,
    "owner": user.c.name,
    "created": lead.c.created_at,
}


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead in the list."""

    id: int
    name: str
    company: str
    city: str
    source: str
    status: str
    owner: str
    created_at: datetime
    last_touch: datetime | None
    open_interests: int
    open_sum: Money


def ids(
    connection: Connection,
    column: str,
    *,
    descending: bool = False,
    needle: str = "",
    status: str | None = "open",
    clause: ColumnElement[bool] | None = None,
    in_trash: bool = False,
    limit: int | None = None,
) -> "array[int]":
    """Ids of the leads in the order of a column, of any status when it is None; those in the trash left out, unless
    they are asked for."""
    key = SORT_COLUMNS[column]
    query = select(lead.c.id).where(*trash.clauses("lead", lead, needle, in_trash=in_trash))
    if column == "owner":
        query = query.outerjoin(user, user.c.id == lead.c.owner_id)
    if status is not None:
        query = query.where(lead.c.status == status)
    if clause is not None:
        query = query.where(clause)
    order = [key.desc() if descending else key]
    if column != "name":
        order.append(lead.c.name_fold)
    return array("q", connection.execute(query.order_by(*order, lead.c.id).limit(limit)).scalars())


def rows(connection: Connection, lead_ids: Sequence[int]) -> dict[int, LeadRow]:
    """The rows of these leads; those that are gone are left out."""
    query = (
        select(
            lead.c.id,
            lead.c.name,
            lead.c.company,
            lead.c.city,
            lead.c.source,
            lead.c.status,
            func.coalesce(user.c.name, "").label("owner"),
            lead.c.created_at,
        )
        .outerjoin(user, user.c.id == lead.c.owner_id)
        .where(lead.c.id.in_(lead_ids))
    )
    last = touches.last(connection, "lead", lead_ids)
    sums = open_sums(connection, interest.c.lead_id, lead_ids)
    return {
        row.id: LeadRow(*row, last.get(row.id), *sums.get(row.id, (0, ())))
        for row in connection.execute(query)
    }
