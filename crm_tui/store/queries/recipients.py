"""Reads of people by the words of their names and addresses: for recipient fields and the address book."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, exists, func, literal, select, union_all

from crm_tui.domain import stems
from crm_tui.domain.identity import address
from crm_tui.domain.text import fold
from crm_tui.store import record_index
from crm_tui.store.tables import (
    Contact,
    ContactInfo,
    Correspondent,
    CorrespondentWord,
    Customer,
    Lead,
    User,
    table_of,
)

correspondent, word = table_of(Correspondent), table_of(CorrespondentWord)
info, user, customer = table_of(ContactInfo), table_of(User), table_of(Customer)
RECORDS: dict[str, Table] = {"contact": table_of(Contact), "customer": customer, "lead": table_of(Lead)}
_BATCH = 500
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody with an address."""

    kind: str
    """``contact``, ``customer``, ``lead``, ``user`` or ``correspondent``."""
    id: int
    name: str
    address: str
    note: str = ""
    received: int = 0
    sent: int = 0
    last_at: datetime | None = None


def matching(
    connection: Connection, words: Sequence[str], kinds: Sequence[str], most: int
) -> list[Candidate]:
    """Those of whose name and address every one of the (folded) words begins a word; about ``most`` of each kind."""
    people: list[Candidate] = []
    for kind in RECORDS:
        if kind in kinds:
            people += _records(connection, kind, words, most)
    if "user" in kinds:
        rows = connection.execute(select(user.c.id, user.c.name, user.c.email).where(user.c.email != ""))
        people += [Candidate("user", row.id, row.name, row.email) for row in rows]
    people = [one for one in people if _begins(one, words)]
    people = _with_letters(connection, people)
    if "correspondent" in kinds:
        people += [_correspondent(row) for row in connection.execute(_by_words(words).limit(most))]
    return people


def page(connection: Connection, kinds: Sequence[str], offset: int, limit: int) -> list[Candidate]:
    """A page of all who have an address, by name."""
    parts = [_listed(kind, table) for kind, table in RECORDS.items() if kind in kinds]
    if "user" in kinds:
        parts.append(
            select(
                literal("user"), user.c.id, user.c.name, user.c.email, literal(""), func.lower(user.c.name)
            ).where(user.c.email != "")
        )
    if "correspondent" in kinds:
        known = exists().where(info.c.kind == "email", info.c.normal == correspondent.c.address)
        parts.append(
            select(
                literal("correspondent"), correspondent.c.id, correspondent.c.name, correspondent.c.address,
                literal(""), func.lower(correspondent.c.name),
            ).where(~known)
        )  # fmt: skip
    if not parts:
        return []
    everybody = union_all(*parts).subquery()
    columns = list(everybody.c)
    query = select(*columns[:5]).order_by(columns[5] == "", columns[5], columns[3], columns[1])
    rows = connection.execute(query.offset(offset).limit(limit))
    return _with_letters(connection, [Candidate(*row) for row in rows])


def _listed(kind: str, table: Table) -> Select[Any]:
    return _with_addresses(kind, table).add_columns(table.c.name_fold)


def _with_addresses(kind: str, table: Table) -> Select[Any]:
    """Kind, id, name, address and note of the records of a kind that have an address."""
    owned = (info.c.owner_kind == kind) & (info.c.owner_id == table.c.id) & (info.c.kind == "email")
    note = {"contact": customer.c.name, "customer": table.c.get("city"), "lead": table.c.get("company")}[kind]
    query = (
        select(literal(kind), table.c.id, table.c.name, info.c.value, func.coalesce(note, ""))
        .join(info, owned)
        .where(table.c.trashed_at.is_(None))
    )
    if kind == "contact":
        query = query.outerjoin(customer, customer.c.id == table.c.customer_id)
    return query


def _records(connection: Connection, kind: str, words: Iterable[str], most: int) -> list[Candidate]:
    expression = " AND ".join(record_index.expression(one, prefix=True) for one in words)
    table = RECORDS[kind]
    ids = [record_id for _rank, record_id in record_index.record_hits(connection, kind, expression, most)]
    found: list[Candidate] = []
    for start in range(0, len(ids), _BATCH):
        query = _with_addresses(kind, table).where(table.c.id.in_(ids[start : start + _BATCH]))
        found += [Candidate(*row) for row in connection.execute(query)]
    return found


def _begins(one: Candidate, words: Iterable[str]) -> bool:
    known = [
        *stems.words(f"{one.name} {one.address} {one.note}"),
        fold(one.address),
        address.normal(one.address),
    ]
    return all(any(each.startswith(begun) for each in known) for begun in words)


def _by_words(words: Sequence[str]) -> Select[Any]:
    """Correspondents, the longest word by the index, each further one as a condition; the latest first."""
    first, *others = sorted(words, key=len, reverse=True)
    query = (
        select(correspondent)
        .where(
            correspondent.c.id.in_(
                select(word.c.correspondent_id).where(word.c.word >= first, word.c.word < first + _LAST)
            )
        )
        .order_by(correspondent.c.last_at.desc())
    )
    for other in others:
        again = word.alias()
        query = query.where(
            exists().where(
                again.c.correspondent_id == correspondent.c.id,
                again.c.word >= other,
                again.c.word < other + _LAST,
            )
        )
    return query


def _correspondent(row: Any) -> Candidate:
    return Candidate("correspondent", row.id, row.name, row.address, "", row.received, row.sent, row.last_at)


def _with_letters(connection: Connection, people: Sequence[Candidate]) -> list[Candidate]:
    """The people with what the letters say of their addresses."""
    keys = [address.normal(one.address) for one in people]
    known: dict[str, Any] = {}
    wanted = list(dict.fromkeys(keys))
    for start in range(0, len(wanted), _BATCH):
        query = select(correspondent).where(correspondent.c.address.in_(wanted[start : start + _BATCH]))
        known.update((row.address, row) for row in connection.execute(query))
    return [
        replace(one, received=row.received, sent=row.sent, last_at=row.last_at)
        if (row := known.get(key)) is not None
        else one
        for one, key in zip(people, keys, strict=True)
    ]
