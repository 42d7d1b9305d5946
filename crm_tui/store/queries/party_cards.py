"""Reads of the cards of customers, contact persons and leads: what stands around the record itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, func, or_, select

from crm_tui.domain.errors import NotFound
from crm_tui.store.queries import touches
from crm_tui.store.queries.customers import Money
from crm_tui.store.tables import Contact, ContactInfo, Customer, Interest, Lead, State, User, found, table_of

customer, contact, lead = table_of(Customer), table_of(Contact), table_of(Lead)
interest, state = table_of(Interest), table_of(State)
_TABLES: dict[str, Table] = {"customer": customer, "contact": contact, "lead": lead}


@dataclass(frozen=True, slots=True)
class PartyCard:
    """A customer, contact person or lead with what is noted to reach it."""

    kind: str
    id: int
    version: int
    values: dict[str, Any]
    """Column → value."""
    owner: str
    infos: tuple[tuple[str, str], ...]
    """Kind and value as typed."""


@dataclass(frozen=True, slots=True)
class Person:
    """A contact person of a customer."""

    id: int
    name: str
    role: str
    is_key: bool
    influence: str
    infos: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """A legal entity that a customer acts through."""

    id: int
    name: str
    country: str
    tax_number: str
    in_trash: bool = False


@dataclass(frozen=True, slots=True)
class Related:
    """A customer related to the one of the card; ``depth`` counts the steps down its holding, from 1."""

    relation_id: int
    customer_id: int
    name: str
    kind: str
    forward: bool
    """Whether the relation goes from the card's customer (or from the one above) to this one."""
    depth: int
    notes: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """CORP-02: what a customer has brought, may bring and owes, and how often we were in touch."""

    won: Money
    open: Money
    owed: Money
    """Receipts that are overdue."""
    open_interests: int
    touches: int
    last_touch: datetime | None
    months: tuple[int, ...]
    """Touches in each of the last twelve months (UTC), the present one last."""


def card(connection: Connection, kind: str, record_id: int) -> PartyCard | None:
    """The record, in the trash or not; of one that was merged, the record it was merged into. None when gone."""
    table, user = _TABLES[kind], table_of(User)
    row = connection.execute(select(table).where(table.c.id == record_id)).one_or_none()
    seen = {record_id}
    while row is not None and row.merged_into_id is not None and row.merged_into_id not in seen:
        record_id = row.merged_into_id
        seen.add(record_id)
        row = connection.execute(select(table).where(table.c.id == record_id)).one_or_none()
    if row is None:
        return None
    owner = connection.execute(select(user.c.name).where(user.c.id == row.owner_id)).scalar() or ""
    infos = _infos(connection, kind, [record_id]).get(record_id, ())
    return PartyCard(kind, record_id, row.version, dict(row._mapping), owner, tuple(infos))


def people(connection: Connection, customer_id: int) -> list[Person]:
    """The contact persons of a customer, the key persons first."""
    query = (
        select(contact.c.id, contact.c.name, contact.c.role, contact.c.is_key, contact.c.influence)
        .where(contact.c.customer_id == customer_id, contact.c.trashed_at.is_(None))
        .order_by(contact.c.is_key.desc(), contact.c.name_fold, contact.c.id)
    )
    rows = connection.execute(query).all()
    infos = _infos(connection, "contact", [row.id for row in rows])
    return [Person(*row, tuple(infos.get(row.id, ()))) for row in rows]


def entities(connection: Connection, customer_id: int, *, in_trash_too: bool = False) -> list[Entity]:
    """The legal entities of a customer, those in the trash left out unless they are wanted, too."""
    entity, link = found("legal_entity"), found("customer_entity")
    lies = entity.c.trashed_at.is_not(None)
    query = (
        select(entity.c.id, entity.c.name, entity.c.country, entity.c.tax_number, lies)
        .join(link, link.c.entity_id == entity.c.id)
        .where(link.c.customer_id == customer_id)
        .order_by(lies, entity.c.name_fold, entity.c.id)
    )
    query = query if in_trash_too else query.where(entity.c.trashed_at.is_(None))
    return [Entity(*row) for row in connection.execute(query)]


def other_entities(connection: Connection, customer_id: int) -> list[Entity]:
    """Legal entities that the customer may act through, too: of customers related to it, and of nobody."""
    entity, link, relation = found("legal_entity"), found("customer_entity"), found("relation")
    below = select(relation.c.to_id).where(relation.c.from_id == customer_id)
    near = below.union_all(select(relation.c.from_id).where(relation.c.to_id == customer_id))
    query = (
        select(entity.c.id, entity.c.name, entity.c.country, entity.c.tax_number)
        .outerjoin(link, link.c.entity_id == entity.c.id)
        .where(or_(link.c.customer_id.in_(near), link.c.id.is_(None)), entity.c.trashed_at.is_(None))
        .where(entity.c.id.not_in(select(link.c.entity_id).where(link.c.customer_id == customer_id)))
        .distinct()
        .order_by(entity.c.name, entity.c.id)
    )
    return [Entity(*row) for row in connection.execute(query)]


def entity(connection: Connection, entity_id: int) -> dict[str, Any]:
    """Column → value of a legal entity. Raises NotFound."""
    table = found("legal_entity")
    row = connection.execute(select(table).where(table.c.id == entity_id)).one_or_none()
    if row is None:
        raise NotFound("no_such_record", kind="legal_entity", id=entity_id)
    return dict(row._mapping)


def customers_of_entity(connection: Connection, entity_id: int) -> list[tuple[int, str]]:
    """Id and name of the customers that act through a legal entity."""
    link = found("customer_entity")
    query = (
        select(customer.c.id, customer.c.name)
        .join(link, link.c.customer_id == customer.c.id)
        .where(link.c.entity_id == entity_id, customer.c.trashed_at.is_(None))
        .order_by(customer.c.name_fold)
    )
    return [(row.id, row.name) for row in connection.execute(query)]


def relations(connection: Connection, customer_id: int) -> list[Related]:
    """The relations of a customer; what it owns, and what that owns, as a tree from the top down."""
    relation = found("relation")
    query = (
        select(relation, customer.c.name)
        .join(customer, customer.c.id == relation.c.from_id)
        .where(relation.c.to_id == customer_id, customer.c.trashed_at.is_(None))
        .order_by(relation.c.kind, customer.c.name_fold)
    )
    above = [
        Related(row.id, row.from_id, row.name, row.kind, False, 1, row.notes)
        for row in connection.execute(query)
    ]
    return [*above, *_below(connection, customer_id, 1, {customer_id})]


def _below(connection: Connection, customer_id: int, depth: int, seen: set[int]) -> Iterator[Related]:
    relation = found("relation")
    query = (
        select(relation, customer.c.name)
        .join(customer, customer.c.id == relation.c.to_id)
        .where(relation.c.from_id == customer_id, customer.c.trashed_at.is_(None))
        .order_by(relation.c.kind, customer.c.name_fold)
    )
    if depth > 1:
        query = query.where(relation.c.kind == "holding")
    for row in connection.execute(query).all():
        yield Related(row.id, row.to_id, row.name, row.kind, True, depth, row.notes)
        if row.kind == "holding" and row.to_id not in seen:
            seen.add(row.to_id)
            yield from _below(connection, row.to_id, depth + 1, seen)


def numbers(connection: Connection, customer_id: int, now: datetime, today: date) -> Numbers:
    """The figures of a customer."""
    by_outcome: dict[str, list[tuple[str, int]]] = {}
    count = 0
    query = (
        select(state.c.outcome, interest.c.currency, func.count(), func.sum(interest.c.amount_minor))
        .select_from(interest.join(state, state.c.id == interest.c.state_id))
        .where(interest.c.customer_id == customer_id, interest.c.trashed_at.is_(None))
        .group_by(state.c.outcome, interest.c.currency)
        .order_by(func.sum(interest.c.amount_minor).desc())
    )
    for outcome, currency, how_many, minor in connection.execute(query):
        count += how_many if outcome == "open" else 0
        if minor:
            by_outcome.setdefault(outcome, []).append((currency, int(minor)))
    touched = touches.of_parties("customer", [customer_id]).subquery()
    query = select(touched.c.at, touched.c.number).distinct()
    stamps = sorted(at for at, _number in connection.execute(query) if at is not None and at <= now)
    months = [0] * 12
    for at in stamps:
        ago = (now.year - at.year) * 12 + now.month - at.month
        if 0 <= ago < 12:
            months[11 - ago] += 1
    return Numbers(
        won=tuple(by_outcome.get("won", ())),
        open=tuple(by_outcome.get("open", ())),
        owed=_owed(connection, customer_id, today),
        open_interests=count,
        touches=len(stamps),
        last_touch=stamps[-1] if stamps else None,
        months=tuple(months),
    )


def _owed(connection: Connection, customer_id: int, today: date) -> Money:
    receipt = found("receipt")
    query = (
        select(interest.c.currency, func.sum(receipt.c.amount_minor))
        .join(receipt, receipt.c.interest_id == interest.c.id)
        .where(
            interest.c.customer_id == customer_id,
            interest.c.trashed_at.is_(None),
            receipt.c.received_on.is_(None),
            receipt.c.due_on < today,
        )
        .group_by(interest.c.currency)
    )
    return tuple((currency, int(minor)) for currency, minor in connection.execute(query))


def open_interests(connection: Connection, kind: str, record_id: int) -> list[int]:
    """Ids of the open Interests of a customer, contact person or lead, the last changed first."""
    column = {"customer": "customer_id", "contact": "contact_id", "lead": "lead_id"}[kind]
    query = (
        select(interest.c.id)
        .join(state, state.c.id == interest.c.state_id)
        .where(interest.c[column] == record_id, state.c.outcome == "open", interest.c.trashed_at.is_(None))
        .order_by(interest.c.changed_at.desc(), interest.c.id.desc())
    )
    return list(connection.execute(query).scalars())


def name_of(connection: Connection, kind: str, record_id: int | None) -> str:
    """The name of a record; empty when there is none."""
    table = _TABLES[kind]
    return str(connection.execute(select(table.c.name).where(table.c.id == record_id)).scalar() or "")


def named(connection: Connection, kind: str, text: str, limit: int = 30) -> list[tuple[int, str]]:
    """Id and name of the records that a typed beginning of a name may mean, by name; none in the trash."""
    from crm_tui.store import finding

    table = _TABLES[kind]
    query = select(table.c.id, table.c.name).where(table.c.trashed_at.is_(None))
    query = query.where(table.c.id.in_(finding.records_with(kind, text)))
    rows = connection.execute(query.order_by(table.c.name_fold, table.c.id).limit(limit))
    return [(row.id, row.name) for row in rows]


def _infos(connection: Connection, kind: str, ids: list[int]) -> dict[int, list[tuple[str, str]]]:
    info = table_of(ContactInfo)
    query = (
        select(info.c.owner_id, info.c.kind, info.c.value)
        .where(info.c.owner_kind == kind, info.c.owner_id.in_(ids))
        .order_by(info.c.id)
    )
    found_infos: dict[int, list[tuple[str, str]]] = {}
    for owner_id, info_kind, value in connection.execute(query):
        found_infos.setdefault(owner_id, []).append((info_kind, value))
    return found_infos


def has_processes(connection: Connection, kind: str, record_id: int) -> bool:
    """Whether a process was ever started on the card."""
    process = found("process")
    query = select(process.c.id).where(process.c.object_kind == kind, process.c.object_id == record_id)
    return connection.execute(query.limit(1)).first() is not None
