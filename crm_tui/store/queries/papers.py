"""Documents as they are listed and shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, or_, select

from crm_tui.domain.errors import NotFound
from crm_tui.store.tables import Customer, Interest, User, table_of
from crm_tui.store.tables.cards import LegalEntity
from crm_tui.store.tables.papers import Document

MOST = 2000
"""So many documents are listed at most, the newest."""
SHORTLY = ("draft", "sent", "agreed", "signed")
"""Statuses of a contract that is not over."""
Narrowed = ColumnElement[bool] | None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in a list."""

    id: int
    kind: str
    number: str
    title: str
    status: str
    issued_on: date | None
    valid_until: date | None
    amount_minor: int | None
    currency: str
    customer: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentCard:
    """A document with what it is between."""

    id: int
    version: int
    values: dict[str, Any]
    """Column → value."""
    customer: str
    interest: str
    entity: str
    owner: str


def of_card(
    connection: Connection,
    kind: str,
    record_id: int,
    *,
    in_trash: bool = False,
    narrowed: Narrowed = None,
) -> list[DocumentRow]:
    """The documents of a ``customer``, ``contact``, ``interest`` or ``legal_entity``, the newest first; those for
    which the clause ``narrowed`` holds."""
    column = {"legal_entity": "entity_id"}.get(kind, f"{kind}_id")
    table = table_of(Document)
    clause = table.c[column] == record_id
    if kind == "customer":
        interest = table_of(Interest)
        within = select(interest.c.id).where(interest.c.customer_id == record_id)
        clause = or_(clause, table.c.interest_id.in_(within))
    return _rows(connection, [clause, *_given(narrowed)], in_trash=in_trash)


def newest(
    connection: Connection, kind: str = "", *, in_trash: bool = False, narrowed: Narrowed = None
) -> list[DocumentRow]:
    """The newest documents, of one kind when it is told; those for which the clause ``narrowed`` holds."""
    clauses = [*([table_of(Document).c.kind == kind] if kind else []), *_given(narrowed)]
    return _rows(connection, clauses, MOST, in_trash=in_trash)


def card(connection: Connection, document_id: int) -> DocumentCard:
    """The document, in the trash or not. Raises NotFound."""
    table = table_of(Document)
    row = connection.execute(select(table).where(table.c.id == document_id)).one_or_none()
    if row is None:
        raise NotFound("no_such_record", kind="document", id=document_id)

    def named(of: Table, key: int | None) -> str:
        return str(connection.execute(select(of.c.name).where(of.c.id == key)).scalar() or "")

    return DocumentCard(
        row.id,
        row.version,
        dict(row._mapping),
        named(table_of(Customer), row.customer_id),
        named(table_of(Interest), row.interest_id),
        named(table_of(LegalEntity), row.entity_id),
        named(table_of(User), row.owner_id),
    )


def ending(
    connection: Connection, until: date, owner_id: int | None = None, *, narrowed: Narrowed = None
) -> Sequence[DocumentRow]:
    """Contracts in force whose term ends by that day, the first to end first (IDX-13)."""
    table = table_of(Document)
    clauses = [
        table.c.kind == "contract",
        table.c.valid_until <= until,
        table.c.status.in_(SHORTLY),
        *_given(narrowed),
    ]
    if owner_id is not None:
        clauses.append(table.c.owner_id == owner_id)
    return sorted(_rows(connection, clauses), key=lambda row: (row.valid_until or until, row.id))


def _given(narrowed: Narrowed) -> list[ColumnElement[bool]]:
    return [] if narrowed is None else [narrowed]


def _rows(
    connection: Connection, clauses: Sequence[Any], most: int | None = None, *, in_trash: bool = False
) -> list[DocumentRow]:
    table, customer = table_of(Document), table_of(Customer)
    query = (
        select(table, customer.c.name)
        .join(customer, customer.c.id == table.c.customer_id, isouter=True)
        .where(table.c.trashed_at.is_not(None) if in_trash else table.c.trashed_at.is_(None), *clauses)
        .order_by(table.c.issued_on.desc(), table.c.id.desc())
        .limit(most)
    )
    return [
        DocumentRow(
            row.id, row.kind, row.number, row.title, row.status, row.issued_on, row.valid_until,
            row.amount_minor, row.currency, row.name or "", row.changed_at,
        )
        for row in connection.execute(query)
    ]  # fmt: skip
