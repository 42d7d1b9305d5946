"""Reads of the contact persons list."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from crm_tui.store.queries import trash
from crm_tui.store.tables import Contact, ContactInfo, Customer, User, table_of

contact, customer, user, info = table_of(Contact), table_of(Customer), table_of(User), table_of(ContactInfo)

SORT_COLUMNS: dict[str, ColumnElement[Any]] = {
    "name": contact.c.name_fold,
    "customer": func.coalesce(customer.c.name_fold, ""),
    "role": contact.c.role,
    "owner": func.coalesce(user.c.name, ""),
    "changed": contact.c.changed_at,
}


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact person in the list."""

    id: int
    name: str
    customer: str
    role: str
    is_key: bool
    owner: str
    email: str
    phone: str


def ids(
    connection: Connection,
    column: str,
    *,
    descending: bool = False,
    needle: str = "",
    clause: ColumnElement[bool] | None = None,
    in_trash: bool = False,
    limit: int | None = None,
) -> "array[int]":
    """Ids of the contact persons in the order of a column, those in the trash left out unless they are asked for."""
    key = SORT_COLUMNS[column]
    query = select(contact.c.id).where(*trash.clauses("contact", contact, needle, in_trash=in_trash))
    if column == "customer":
        query = query.outerjoin(customer, customer.c.id == contact.c.customer_id)
    elif column == "owner":
        query = query.outerjoin(user, user.c.id == contact.c.owner_id)
    if clause is not None:
        query = query.where(clause)
    order = [key.desc() if descending else key]
    if column != "name":
        order.append(contact.c.name_fold)
    return array("q", connection.execute(query.order_by(*order, contact.c.id).limit(limit)).scalars())


def rows(connection: Connection, contact_ids: Sequence[int]) -> dict[int, ContactRow]:
    """The rows of these people; those that are gone are left out."""
    query = (
        select(
            contact.c.id,
            contact.c.name,
            func.coalesce(customer.c.name, ""),
            contact.c.role,
            contact.c.is_key,
            func.coalesce(user.c.name, ""),
        )
        .outerjoin(customer, customer.c.id == contact.c.customer_id)
        .outerjoin(user, user.c.id == contact.c.owner_id)
        .where(contact.c.id.in_(contact_ids))
    )
    reach: dict[int, dict[str, str]] = {}
    infos = (
        select(info.c.owner_id, info.c.kind, info.c.value)
        .where(info.c.owner_kind == "contact", info.c.owner_id.in_(contact_ids))
        .order_by(info.c.id)
    )
    for owner_id, kind, value in connection.execute(infos):
        reach.setdefault(owner_id, {}).setdefault("phone" if kind == "mobile" else kind, value)
    return {
        row.id: ContactRow(
            *row, reach.get(row.id, {}).get("email", ""), reach.get(row.id, {}).get("phone", "")
        )
        for row in connection.execute(query)
    }
