"""The values that templates of letters are filled with: plain texts, never records (assurance 1.5)."""

import functools
from collections.abc import Collection, Mapping
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, bindparam, select

from crm_tui.domain.identity import address
from crm_tui.domain.identity.person_name import first_name
from crm_tui.domain.text import clean
from crm_tui.services.writing.compose import Writing
from crm_tui.store.tables import (
    Contact,
    ContactInfo,
    Customer,
    Interest,
    Lead,
    Letter,
    MailAccount,
    State,
    User,
    table_of,
)

_PERSONS: dict[str, Table] = {name: table_of(kind) for name, kind in (("contact", Contact), ("lead", Lead))}

FIELDS: dict[str, tuple[str, ...]] = {
    "contact": ("name", "first_name", "role", "email"),
    "customer": ("name", "city"),
    "lead": ("name", "first_name", "company", "email"),
    "interest": ("name", "state", "purpose"),
    "user": ("name", "first_name", "email"),
    "account": ("name", "address", "sender_name"),
    "letter": ("subject", "date", "sender"),
    "process": ("map", "step", "instruction", "deadline", "performer"),
}
"""What a template can name: record → fields. ``contact`` is whom the letter goes to, be it a lead; ``process`` is
known to the letters that a step of a process sends."""

RECORDS = frozenset(FIELDS)
_WHOM = frozenset({"contact", "customer", "lead"})
Found = dict[str, dict[str, str]]


def of(
    connection: Connection,
    writing: Writing,
    user_id: int | None,
    zone: tzinfo,
    about: Mapping[str, int | None] | None = None,
    records: Collection[str] = RECORDS,
) -> Found:
    """The values for this letter; every field of `FIELDS` is there, empty where it is not known, or not of one of the
    ``records`` that are asked for.

    ``about`` says which ``contact``, ``customer`` and ``lead`` it is about, where the recipient does not tell.
    """
    values: Found = {record: dict.fromkeys(fields, "") for record, fields in FIELDS.items()}
    if not _WHOM.isdisjoint(records):
        _put_whom(connection, values, _ids(connection, writing) if about is None else dict(about))
    interest = _row(connection, table_of(Interest), writing.interest_id if "interest" in records else None)
    if interest is not None:
        state = _row(connection, table_of(State), interest.state_id)
        values["interest"] = {
            "name": interest.name,
            "state": state.name if state is not None else "",
            "purpose": interest.purpose or "",
        }
    user = _row(connection, table_of(User), user_id if "user" in records else None)
    if user is not None:
        values["user"] = {"name": user.name, "first_name": first_name(user.name), "email": user.email}
    account = _row(connection, table_of(MailAccount), writing.account_id)
    if account is not None:
        values["account"] = {
            "name": account.name, "address": account.address, "sender_name": account.sender_name,
        }  # fmt: skip
    letter = _row(connection, table_of(Letter), writing.reply_to_letter_id or writing.forward_letter_id)
    if letter is not None:
        values["letter"] = _letter(
            letter.subject, letter.date, letter.sender_name or letter.sender_address, zone
        )
    return {
        record: {name: clean(" ".join(text.split())) for name, text in fields.items()}
        for record, fields in values.items()
    }


def _put_whom(connection: Connection, values: Found, ids: dict[str, int | None]) -> None:
    ids = _with_customer(connection, ids)
    for record in _PERSONS:
        found = _row(connection, _PERSONS[record], ids.get(record))
        if found is not None:
            values[record] = _person(found, record, _address(connection, record, found.id))
    if ids.get("contact") is None and ids.get("lead") is not None:
        values["contact"] |= {name: values["lead"].get(name, "") for name in ("name", "first_name", "email")}
    customer = _row(connection, table_of(Customer), ids.get("customer"))
    if customer is not None:
        values["customer"] = {"name": customer.name, "city": customer.city}


def _ids(connection: Connection, writing: Writing) -> dict[str, int | None]:
    """Whom the letter is about: those of its first recipient, and those of its Interest for what is missing."""
    info = table_of(ContactInfo)
    ids: dict[str, int | None] = {}
    recipients = [address.normal(where) for _name, where in address.split_list(writing.to) if where]
    if recipients:
        for row in connection.execute(
            select(info.c.owner_kind, info.c.owner_id)
            .where(info.c.kind == "email", info.c.normal == recipients[0])
            .order_by(info.c.id)
        ):
            ids.setdefault(row.owner_kind, row.owner_id)
    interest = _row(connection, table_of(Interest), writing.interest_id)
    if interest is not None and not ids:
        ids = {"contact": interest.contact_id, "customer": interest.customer_id, "lead": interest.lead_id}
    return ids


def _with_customer(connection: Connection, ids: dict[str, int | None]) -> dict[str, int | None]:
    contact = _row(connection, table_of(Contact), ids.get("contact"))
    if contact is not None and ids.get("customer") is None:
        ids["customer"] = contact.customer_id
    return ids


def _row(connection: Connection, table: Table, row_id: int | None) -> Row[Any] | None:
    if row_id is None:
        return None
    return connection.execute(_that(table), {"of_id": row_id}).one_or_none()


@functools.cache
def _that(table: Table) -> Select[Any]:
    """The row with this id. Made once: making a statement costs more than asking it."""
    return select(table).where(table.c.id == bindparam("of_id"))


def _person(found: Row[Any], record: str, email: str) -> dict[str, str]:
    beside = "role" if record == "contact" else "company"
    return {
        "name": found.name,
        "first_name": first_name(found.name),
        beside: getattr(found, beside),
        "email": email,
    }


def _address(connection: Connection, kind: str, owner_id: int) -> str:
    info = table_of(ContactInfo)
    return (
        connection.scalar(
            select(info.c.value)
            .where(info.c.kind == "email", info.c.owner_kind == kind, info.c.owner_id == owner_id)
            .order_by(info.c.id)
            .limit(1)
        )
        or ""
    )


def _letter(subject: str, date: datetime, sender: str, zone: tzinfo) -> dict[str, str]:
    return {"subject": subject, "date": f"{date.astimezone(zone):%d.%m.%Y}", "sender": sender}
