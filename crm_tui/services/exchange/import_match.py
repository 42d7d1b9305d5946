"""Who of the base a row of a file is: found by address, tax number, phone or name.

Exact and cheap, for it is asked a hundred thousand times. Two people may share the phone of their firm, so a phone
counts only with a word of the name; so does a name only where no other address speaks against it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, select

from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import fold
from crm_tui.services.party import contact_info
from crm_tui.store.tables import Contact, ContactInfo, Customer, Interest, Lead, table_of

# Statements are made once, with parameters: making them costs more than asking.
_TABLES: dict[str, Table] = {
    "contact": table_of(Contact),
    "customer": table_of(Customer),
    "lead": table_of(Lead),
}
AMONG = {
    "contact": ("contact",),
    "customer": ("customer",),
    "lead": ("lead", "contact", "customer"),
}
"""Where each kind is looked for: somebody who asks at a fair may be a customer's man already."""

LIKENESS = "likeness"
"""Not found by anything that is the same: somebody like it (`import_alike`)."""
_LOOKED_AT = 200
"""Of so many that share a name or a number, those that fit."""


@dataclass(frozen=True, slots=True)
class Match:
    """A record of the base that a row is."""

    kind: str
    id: int
    name: str
    by: str
    """``email``, ``phone``, ``tax_number``, ``name`` or ``LIKENESS``."""
    percent: int = 100
    """How sure it is."""
    reasons: tuple[str, ...] = ()
    """Of a likeness: see `domain.identity.likeness.Likeness`."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a row says of somebody."""

    kind: str
    name: str
    infos: Sequence[contact_info.Info]
    company: str = ""
    customer_id: int | None = None
    tax_number: str = ""
    city: str = ""


def party(connection: Connection, sought: Sought) -> Match | None:
    """The customer, contact person or lead that the row is, or None."""
    normals = _normals(sought)
    emails = [normal for kind, normal in normals if kind == "email"]
    numbers = [normal for kind, normal in normals if kind in contact_info.NUMBERS]
    for kind in AMONG[sought.kind]:
        for row in _with_info(connection, kind, ("email",), emails):
            return Match(kind, row.id, row.name, "email")
        if kind == "customer" and sought.tax_number:
            row = connection.execute(_BY_TAX_NUMBER, {"number": sought.tax_number}).first()
            if row is not None:
                return Match(kind, row.id, row.name, "tax_number")
        for row in _with_info(connection, kind, contact_info.NUMBERS, numbers):
            if _shares_word(row.name, sought.name):
                return Match(kind, row.id, row.name, "phone")
        if kind == sought.kind:
            found = _by_name(connection, kind, sought, emails)
            if found is not None:
                return found
    return None


def interest(connection: Connection, name: str, customer_id: int | None) -> Match | None:
    """The Interest of this name with this customer, or None."""
    found = connection.execute(_INTEREST, {"name": fold(name)})
    same = sorted(row.id for row in found if row.customer_id == customer_id)
    return Match("interest", same[0], name, "name") if same else None


def _by_name(connection: Connection, kind: str, sought: Sought, emails: Sequence[str]) -> Match | None:
    name = fold(f"{sought.name} {sought.company}") if kind == "lead" else fold(sought.name)
    found = sorted(connection.execute(_BY_NAME[kind], {"name": name}), key=lambda row: int(row.id))
    if kind == "contact":
        found = [row for row in found if row.customer_id == sought.customer_id]
    row = found[0] if found else None
    if row is None or (kind != "customer" and emails and _has_email(connection, kind, row.id)):
        return None
    return Match(kind, row.id, row.name, "name")


def _with_info(
    connection: Connection, kind: str, kinds: Sequence[str], normals: Sequence[str]
) -> Sequence[Any]:
    if not normals:
        return ()
    found = connection.execute(_BY_INFO[kind], {"kinds": list(kinds), "normals": list(normals)})
    return sorted(found, key=lambda row: int(row.id))


def _has_email(connection: Connection, kind: str, record_id: int) -> bool:
    return connection.execute(_EMAIL_OF, {"kind": kind, "id": record_id}).first() is not None


def _by_name_in(kind: str) -> Select[Any]:
    """By the name alone: were the customer asked for too, SQLite might go through all contacts without one."""
    table = _TABLES[kind]
    columns = [table.c.id, table.c.name] + ([table.c.customer_id] if kind == "contact" else [])
    return select(*columns).where(table.c.name_fold == bindparam("name"), *_here(kind)).limit(_LOOKED_AT)


def _by_info_in(kind: str) -> Select[Any]:
    """Sorted by us: for an order by id SQLite would go through the whole table in that order."""
    table = _TABLES[kind]
    return (
        select(table.c.id, table.c.name)
        # An expression, which no index has: SQLite would go through all that contacts have, not by the address.
        .join(_INFO, (_INFO.c.owner_kind.concat("") == kind) & (_INFO.c.owner_id == table.c.id))
        .where(
            _INFO.c.kind.in_(bindparam("kinds", expanding=True)),
            _INFO.c.normal.in_(bindparam("normals", expanding=True)),
            *_here(kind),
        )
        .limit(_LOOKED_AT)
    )


def _here(kind: str) -> list[ColumnElement[bool]]:
    """Not in the trash; a lead that became a customer stands for nobody any more."""
    table = _TABLES[kind]
    here: list[ColumnElement[bool]] = [table.c.trashed_at.is_(None)]
    return [*here, table.c.status != "converted"] if kind == "lead" else here


def _normals(sought: Sought) -> list[tuple[str, str]]:
    found = []
    for kind, value in sought.infos:
        try:
            known, _value, normal = contact_info.understood(kind, value)
        except Invalid:
            continue
        found.append((known, normal))
    return found


def _shares_word(one: str, other: str) -> bool:
    return bool(set(fold(one).split()) & set(fold(other).split()))


_INFO = table_of(ContactInfo)
_BY_NAME = {kind: _by_name_in(kind) for kind in _TABLES}
_BY_INFO = {kind: _by_info_in(kind) for kind in _TABLES}
_BY_TAX_NUMBER = (
    select(_TABLES["customer"].c.id, _TABLES["customer"].c.name)
    .where(
        _TABLES["customer"].c.tax_number == bindparam("number"), _TABLES["customer"].c.trashed_at.is_(None)
    )
    .order_by(_TABLES["customer"].c.id)
    .limit(1)
)
_EMAIL_OF = (
    select(_INFO.c.id)
    .where(
        _INFO.c.owner_kind == bindparam("kind"), _INFO.c.owner_id == bindparam("id"), _INFO.c.kind == "email"
    )
    .limit(1)
)
_INTERESTS = table_of(Interest)
_INTEREST = (
    select(_INTERESTS.c.id, _INTERESTS.c.name, _INTERESTS.c.customer_id)
    .where(_INTERESTS.c.name_fold == bindparam("name"), _INTERESTS.c.trashed_at.is_(None))
    .limit(_LOOKED_AT)
)
