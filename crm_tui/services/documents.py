"""Documents between us and a customer: proposals, invoices, contracts with their terms (IDX-13), acts, letters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, or_, select

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean, fold
from crm_tui.domain.wall import to_utc
from crm_tui.i18n import N_
from crm_tui.services import reminders
from crm_tui.store.tables import Customer, Interest, User, table_of
from crm_tui.store.tables.papers import Document
from crm_tui.store.work import Work

KINDS: dict[str, str] = {
    "proposal": N_("Proposal"),
    "invoice": N_("Invoice"),
    "contract": N_("Contract"),
    "act": N_("Act"),
    "letter": N_("Letter"),
    "other": N_("Document"),
}
STATUSES: dict[str, str] = {
    "draft": N_("draft"),
    "sent": N_("sent"),
    "agreed": N_("agreed"),
    "signed": N_("signed"),
    "paid": N_("paid"),
    "cancelled": N_("cancelled"),
}
WARN_BEFORE = timedelta(days=30)
"""So long before a contract ends its owner is reminded (IDX-13)."""
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
    values["title"] = values.get("title") or f"{KINDS[kind]} {values['number']}"
    values.setdefault("owner_id", work.actor.user_id)
    values.setdefault("issued_on", work.now.date())
    document = work.add(
        Document(
            kind=kind, title_fold=fold(values["title"]), created_at=work.now, changed_at=work.now, **values
        )
    )
    _remind(work, document)
    return document


def change(
    work: Work, document_id: int, *, expected_version: int | None = None, **fields: Unpack[Fields]
) -> Document:
    """Other values. Raises Invalid as ``add``, Conflict when it changed since ``expected_version`` was read."""
    document = work.get(Document, document_id)
    values = _checked(dict(fields))
    if "title" in values:
        if not values["title"]:
            raise Invalid("name_missing", kind="document")
        values["title_fold"] = fold(values["title"])
    if work.change(document, expected_version=expected_version, **values):
        work.change(document, changed_at=work.now)
        _remind(work, document)
    return document


def trash(work: Work, document_id: int) -> None:
    """Put the document into the trash. Raises Refused when it is there."""
    document = work.get(Document, document_id)
    if document.trashed_at is not None:
        raise Refused("in_the_trash", name=document.title)
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


def of_card(connection: Connection, kind: str, record_id: int) -> list[DocumentRow]:
    """The documents of a ``customer``, ``contact``, ``interest`` or ``legal_entity``, the newest first."""
    column = {"legal_entity": "entity_id"}.get(kind, f"{kind}_id")
    table = table_of(Document)
    clause = table.c[column] == record_id
    if kind == "customer":
        interest = table_of(Interest)
        within = select(interest.c.id).where(interest.c.customer_id == record_id)
        clause = or_(clause, table.c.interest_id.in_(within))
    return _rows(connection, [clause])


def ending(connection: Connection, until: date, owner_id: int | None = None) -> Sequence[DocumentRow]:
    """Contracts in force whose term ends by that day, the first to end first (IDX-13)."""
    table = table_of(Document)
    clauses = [
        table.c.kind == "contract",
        table.c.valid_until <= until,
        table.c.status.in_(("agreed", "signed", "sent", "draft")),
    ]
    if owner_id is not None:
        clauses.append(table.c.owner_id == owner_id)
    return sorted(_rows(connection, clauses), key=lambda row: (row.valid_until or until, row.id))


def _rows(connection: Connection, clauses: Sequence[Any]) -> list[DocumentRow]:
    table, customer = table_of(Document), table_of(Customer)
    query = (
        select(table, customer.c.name)
        .join(customer, customer.c.id == table.c.customer_id, isouter=True)
        .where(table.c.trashed_at.is_(None), *clauses)
        .order_by(table.c.issued_on.desc(), table.c.id.desc())
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


def _remind(work: Work, document: Document) -> None:
    """A reminder before a contract ends, in the morning of that day by its owner's clock."""
    lapses = document.kind == "contract" and document.status not in ("cancelled", "paid")
    if document.valid_until is None or document.owner_id is None or not lapses:
        reminders.withdraw(work, "document", document.key)
        return
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
