"""Reads of the list of legal entities (IDX-14)."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from crm_tui.domain.text import fold
from crm_tui.store.tables import Customer, found, table_of

customer = table_of(Customer)


@dataclass(frozen=True, slots=True)
class EntityRow:
    """A legal entity in the list."""

    id: int
    name: str
    country: str
    tax_number: str
    address: str
    customer: str
    """The first by name of those that act through it; empty where none does."""
    customers: int


def ids(
    connection: Connection,
    column: str,
    *,
    descending: bool = False,
    needle: str = "",
    in_trash: bool = False,
    limit: int | None = None,
) -> "array[int]":
    """Ids of the legal entities in the order of a column, those in the trash only when they are asked for.

    ``needle``: each of its words stands in the name, or begins the tax or registration number.
    """
    entity = found("legal_entity")
    keys: dict[str, ColumnElement[Any]] = {
        "name": entity.c.name_fold,
        "country": entity.c.country,
        "number": entity.c.tax_number,
        "changed": entity.c.changed_at,
    }
    lies = entity.c.trashed_at.is_not(None)
    query = select(entity.c.id).where(lies if in_trash else ~lies, *named(needle))
    key = keys.get(column, entity.c.name_fold)
    query = query.order_by(key.desc() if descending else key, entity.c.name_fold, entity.c.id)
    return array("q", connection.scalars(query.limit(limit)))


def named(needle: str) -> Iterator[ColumnElement[bool]]:
    """What the words typed ask of a legal entity."""
    entity = found("legal_entity")
    for word in fold(needle).split():
        yield or_(
            entity.c.name_fold.contains(word, autoescape=True),
            entity.c.tax_number.startswith(word, autoescape=True),
            entity.c.registration_number.startswith(word, autoescape=True),
        )


def rows(connection: Connection, entity_ids: Sequence[int]) -> dict[int, EntityRow]:
    """The rows of these legal entities; those that are gone are left out."""
    entity, link = found("legal_entity"), found("customer_entity")
    query = (
        select(
            entity.c.id,
            entity.c.name,
            entity.c.country,
            entity.c.tax_number,
            entity.c.address,
            func.coalesce(func.min(customer.c.name), ""),
            func.count(customer.c.id),
        )
        .outerjoin(link, link.c.entity_id == entity.c.id)
        .outerjoin(customer, (customer.c.id == link.c.customer_id) & customer.c.trashed_at.is_(None))
        .where(entity.c.id.in_(entity_ids))
        .group_by(entity.c.id)
    )
    return {row.id: EntityRow(*row) for row in connection.execute(query)}
