"""Documents between us and a customer: proposals, invoices, contracts with their terms (IDX-13), acts, letters."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from crm_tui.domain.document_words import KINDS, STATUSES
from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean, fold
from crm_tui.domain.wall import to_utc
from crm_tui.i18n import _
from crm_tui.services.interest.currency import of_company
from crm_tui.services.process import process_hold, trigger_events
from crm_tui.services.task import reminders
from crm_tui.store.tables import Contact, Customer, Interest, User, table_of
from crm_tui.store.tables.papers import Document
from crm_tui.store.work import Work

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
