"""Documents between us and a customer: proposals, invoices, contracts with their terms (IDX-13), acts, letters."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Table, or_, select

from crm_tui.domain.document_words import KINDS, STATUSES
from crm_tui.domain.errors import Invalid, NotFound, Refused
from crm_tui.domain.text import clean, fold
from crm_tui.domain.wall import to_utc
from crm_tui.i18n import _
from crm_tui.services.interest.currency import of_company
from crm_tui.services.process import process_hold, trigger_events
from crm_tui.services.task import reminders
from crm_tui.store.tables import Contact, Customer, Interest, User, table_of
from crm_tui.store.tables.cards import LegalEntity
from crm_tui.store.tables.papers import Document
from crm_tui.store.work import Work

WARN_BEFORE = timedelta(days=30)
"""So long before a contract ends its owner is reminded (IDX-13)."""
MOST = 2000
"""So many documents are listed at most, the newest."""
SHORTLY = ("draft", "sent", "agreed", "signed")
"""Statuses of a contract that is not over."""
Narrowed = ColumnElement[bool] | None
_MORNING = time(9)
_NUMBER = re.compile(r"\d+$")


class Fields(TypedDict, total=False):
    """What can be filled in."""

    number: str
    title: str
    status: str
    issued_on: date | None
    valid_until: date | None
    amount_minor: int | None
    currency: str
    notes: str
    interest_id: int | None
    customer_id: int | None
    contact_id: int | None
    entity_id: int | None
    letter_id: int | None
    owner_id: int | None
    custom: dict[str, Any]


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


def add(work: Work, kind: str, **fields: Unpack[Fields]) -> Document:
    """A new document of a card. Without a number it gets the one after the last of its kind; without a customer that
    of its Interest; without a title its kind and number.

    Raises Invalid for a kind, status or term that is none.
    """
    if kind not in KINDS:
        raise Invalid("no_such_document_kind", value=clean(kind))
    values = _checked(dict(fields))
    if values.get("interest_id") and not values.get("customer_id"):
        interest = work.get(Interest, values["interest_id"])
        values["customer_id"] = interest.customer_id
        values.setdefault("contact_id", interest.contact_id)
        values.setdefault("currency", interest.currency)
        values.setdefault("amount_minor", interest.amount_minor)
    values["number"] = values.get("number") or next_number(work.connection, kind)
    values["title"] = values.get("title") or f"{_(KINDS[kind])} {values['number']}"
    values.setdefault("owner_id", work.actor.user_id)
    values.setdefault("issued_on", _today(work, values["owner_id"]))
    document = work.add(
        Document(
            kind=kind, title_fold=fold(values["title"]), created_at=work.now, changed_at=work.now, **values
        )
    )
    remind(work, document)
    trigger_events.happened(work, "document", [document.key], "created")
    return document


def begun(connection: Connection, kind: str, of: Mapping[str, int]) -> dict[str, Any]:
    """What a new document of the card (column → id) begins with: the values of its form, but its day and its
    owner."""
    interest = table_of(Interest)
    customer_id, currency, amount = of.get("customer_id"), of_company(connection), None
    if "interest_id" in of:
        row = connection.execute(select(interest).where(interest.c.id == of["interest_id"])).one()
        customer_id, currency, amount = row.customer_id, row.currency, row.amount_minor
    elif "contact_id" in of:
        contact = table_of(Contact)
        query = select(contact.c.customer_id).where(contact.c.id == of["contact_id"])
        customer_id = connection.execute(query).scalar_one_or_none()
    customer, number = table_of(Customer), next_number(connection, kind)
    name = connection.execute(select(customer.c.name).where(customer.c.id == customer_id)).scalar()
    return {
        "number": number,
        "title": f"{_(KINDS[kind])} {number}",
        "status": "draft",
        "customer_id": customer_id,
        "customer": name or "",
        "entity_id": of.get("entity_id"),
        "entity": "",
        "valid_until": None,
        "amount_minor": amount,
        "currency": currency,
        "notes": "",
        "custom": {},
    }


def change(
    work: Work, document_id: int, *, expected_version: int | None = None, **fields: Unpack[Fields]
) -> Document:
    """Other values. Raises Invalid as ``add``, Conflict when it changed since ``expected_version`` was read, Refused
    when it is in the trash."""
    document = work.get(Document, document_id)
    if document.trashed_at is not None:
        raise Refused("in_the_trash", name=document.title)
    values = _checked(dict(fields))
    if "title" in values:
        if not values["title"]:
            raise Invalid("name_missing", kind="document")
        values["title_fold"] = fold(values["title"])
    status = document.status
    if work.change(document, expected_version=expected_version, **values):
        work.change(document, changed_at=work.now)
        remind(work, document)
        trigger_events.happened(work, "document", [document_id], "changed")
        if document.status != status:
            trigger_events.happened(work, "document", [document_id], "status")
    return document


def trash(work: Work, document_id: int) -> None:
    """Put the document into the trash. Raises Refused when it is there."""
    document = work.get(Document, document_id)
    if document.trashed_at is not None:
        raise Refused("in_the_trash", name=document.title)
    process_hold.end_of_card(work, "document", document_id)
    work.change(document, trashed_at=work.now, changed_at=work.now)
    reminders.withdraw(work, "document", document_id)


def next_number(connection: Connection, kind: str) -> str:
    """The number after the last one given to a document of the kind: ``KP-41`` → ``KP-42``; ``1`` for the first."""
    table = table_of(Document)
    query = (
        select(table.c.number).where(table.c.kind == kind, table.c.number != "").order_by(table.c.id.desc())
    )
    last = connection.execute(query.limit(1)).scalar_one_or_none()
    if last is None:
        return "1"
    found = _NUMBER.search(last)
    if found is None:
        return f"{last}-2"
    return f"{last[: found.start()]}{int(found[0]) + 1:0{len(found[0])}}"


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


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    for name in ("number", "title"):
        if name in values:
            values[name] = " ".join(clean(values[name]).split())
    if "notes" in values:
        values["notes"] = clean(values["notes"], multiline=True).strip()
    if values.get("status", "draft") not in STATUSES:
        raise Invalid("no_such_document_status", value=clean(values["status"]))
    begin, end = values.get("issued_on"), values.get("valid_until")
    if begin is not None and end is not None and end < begin:
        raise Invalid("document_ends_first")
    return values


def _today(work: Work, user_id: int | None) -> date:
    """The day by the clock of the user."""
    zone = ZoneInfo(work.get(User, user_id).zone) if user_id is not None else ZoneInfo("UTC")
    return work.now.astimezone(zone).date()


def remind(work: Work, document: Document) -> None:
    """A reminder before a contract ends, in the morning of that day by its owner's clock."""
    lapses = document.kind == "contract" and document.status not in ("cancelled", "paid")
    if document.valid_until is None or document.owner_id is None or not lapses:
        reminders.withdraw(work, "document", document.key)
        return
    reminders.withdraw_of_others(work, "document", document.key, document.owner_id)
    zone = ZoneInfo(work.get(User, document.owner_id).zone)
    ends = to_utc(datetime.combine(document.valid_until, _MORNING), zone)
    reminders.schedule(
        work,
        user_id=document.owner_id,
        subject_kind="document",
        subject_id=document.key,
        text=document.title,
        due_at=max(ends - WARN_BEFORE, min(work.now, ends)),
        subject_at=ends,
    )
