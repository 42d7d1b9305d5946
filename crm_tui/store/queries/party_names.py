"""Who is called so: customers, leads and contact persons by a typed name; and the colleagues."""

import sys
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, select

from crm_tui.domain.text import fold
from crm_tui.store import finding
from crm_tui.store.tables import Contact, Customer, Lead, User, table_of

_TABLES: dict[str, Table] = {
    "customer": table_of(Customer),
    "lead": table_of(Lead),
    "contact": table_of(Contact),
}
_MOST = 6
_LAST = chr(sys.maxunicode)
"""Sorts after every letter."""
_SOUGHT = 3
"""From so many letters on, words are sought in the index of words; with fewer, names that begin with them."""


@dataclass(frozen=True, slots=True)
class Named:
    """A customer, lead or contact person."""

    kind: str
    id: int
    name: str


def named(connection: Connection, text: str, *kinds: str, customer_id: int | None = None) -> list[Named]:
    """Those of the kinds that have exactly this name; where nobody has, those in whose name words begin with its
    words, at most six. ``#12`` names the record 12. Contact persons may be asked for of one customer only. Who is in
    the trash, and a lead that became a customer, is not meant.

    Asked for at each key: by indexes, whatever the number of records.
    """
    wanted = fold(text)
    found: list[Named] = []
    exact: list[Named] = []
    for kind in kinds:
        table = _TABLES[kind]
        query = select(table.c.id, table.c.name, table.c.name_fold).where(table.c.trashed_at.is_(None))
        if kind == "lead":
            query = query.where(table.c.status != "converted")
        if kind == "contact" and customer_id is not None:
            query = query.where(table.c.customer_id == customer_id)
        query = query.where(*_called(kind, table, wanted))
        for row in connection.execute(
            query.order_by(table.c.name_fold != wanted, table.c.name_fold).limit(_MOST)
        ):
            one = Named(kind, row.id, row.name)
            found.append(one)
            if fold(row.name) == wanted:
                exact.append(one)
    return (exact or found)[:_MOST]


def _called(kind: str, table: Table, wanted: str) -> list[ColumnElement[bool]]:
    if wanted.startswith("#") and wanted[1:].isdigit():
        return [table.c.id == int(wanted[1:])]
    if len(wanted) < _SOUGHT:
        return [table.c.name_fold >= wanted, table.c.name_fold < wanted + _LAST]
    words = [table.c.name_fold.contains(word, autoescape=True) for word in wanted.split()]
    return [table.c.id.in_(finding.records_beginning(kind, wanted)), *words]


def colleagues(connection: Connection) -> list[tuple[int, str]]:
    """Id and name of the people who work with this store."""
    user = table_of(User)
    query = select(user.c.id, user.c.name).where(user.c.active).order_by(user.c.name, user.c.id)
    return [(row.id, row.name) for row in connection.execute(query)]
