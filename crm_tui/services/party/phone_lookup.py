"""Who has a number of which some digits are known, while the call is on (C77-37, story B5)."""

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, select

from crm_tui.domain.identity import phone
from crm_tui.services.party.contact_info import NUMBERS, REGION
from crm_tui.store.tables import Contact, ContactInfo, Customer, Lead, table_of

FEWEST = 3
"""Digits from which on it is looked."""
MOST = 20
TRUNKS = {"8": "+7", "0": "+380", "00": "+", "810": "+"}
"""What is dialled first within a country, and out of it, and what an E.164 number has in its place."""

_AFTER_DIGITS = ":"
"""Sorts behind every digit."""
_NO_DIGIT = re.compile(r"[^\d]")


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who has such a number."""

    kind: str
    """``customer``, ``contact`` or ``lead``."""
    id: int
    name: str
    firm: str
    """The customer of a contact person, the firm of a lead."""
    number: str
    """As it was typed."""


def found(connection: Connection, typed: str) -> list[Caller]:
    """Who has a number that ends in the typed digits, begins or has them in it, in this order; leads too.

    The digits may be typed in any form: ``555 12 34``, ``8 701…``, ``+7(701)``. Of the numbers at most their index is
    read through.
    """
    digits = _NO_DIGIT.sub("", typed)
    if len(digits) < FEWEST:
        return []
    normal = table_of(ContactInfo).c.normal
    starts = [f"+{digits}"] if typed.strip().startswith("+") else []
    starts += [
        f"{instead}{digits[len(trunk) :]}"
        for trunk, instead in TRUNKS.items()
        if digits.startswith(trunk) and len(digits) > len(trunk) + 1
    ]
    # One after the other, the surest first: each ends as soon as enough are found.
    ways = [
        normal == (phone.e164(typed, REGION) or ""),
        normal.like(f"%{digits}"),
        *(and_(normal >= start, normal < start + _AFTER_DIGITS) for start in starts),
        normal.like(f"%{digits}%"),
    ]
    callers: dict[tuple[str, int], Caller] = {}
    for way in ways:
        for kind, key, value in _with_number(connection, way):
            if (kind, key) not in callers and (named := _named(connection, kind, key)):
                callers[kind, key] = Caller(kind, key, *named, value)
        if len(callers) >= MOST:
            break
    return list(callers.values())[:MOST]


def _with_number(connection: Connection, way: ColumnElement[bool]) -> list[tuple[str, int, str]]:
    info = table_of(ContactInfo)
    query = select(info.c.owner_kind, info.c.owner_id, info.c.value).where(info.c.kind.in_(NUMBERS), way)
    return [(row[0], row[1], row[2]) for row in connection.execute(query.limit(MOST))]


def _named(connection: Connection, kind: str, key: int) -> tuple[str, str] | None:
    """Name and firm; None of what is in the trash."""
    customer, contact, lead = table_of(Customer), table_of(Contact), table_of(Lead)
    if kind == "contact":
        query = (
            select(contact.c.name, customer.c.name)
            .outerjoin(customer, customer.c.id == contact.c.customer_id)
            .where(contact.c.id == key, contact.c.trashed_at.is_(None))
        )
    elif kind == "lead":
        query = select(lead.c.name, lead.c.company).where(lead.c.id == key, lead.c.trashed_at.is_(None))
    else:
        query = select(customer.c.name, customer.c.city).where(
            customer.c.id == key, customer.c.trashed_at.is_(None)
        )
    row = connection.execute(query).one_or_none()
    return None if row is None else (row[0], row[1] or "")
