"""Customers, contact persons and leads as they are compared with each other."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table, func, select

from crm_tui.store import record_index
from crm_tui.store.tables import Contact, ContactInfo, Customer, Lead, table_of

KINDS = ("customer", "contact", "lead")
_MODELS: Mapping[str, type[Customer | Contact | Lead]] = {
    "customer": Customer,
    "contact": Contact,
    "lead": Lead,
}
_COMPARED = ("email", "phone", "mobile")
_SOME = 500


@dataclass(frozen=True, slots=True)
class PartyRow:
    """What is compared of a record."""

    id: int
    name: str
    city: str
    tax_number: str
    infos: frozenset[str]
    """``email:…``, ``phone:…``: a mobile number is a number."""


def table(kind: str) -> Table:
    """The table of a ``customer``, ``contact`` or ``lead``."""
    return table_of(_MODELS[kind])


def rows(connection: Connection, kind: str, ids: Collection[int] | None = None) -> Iterator[PartyRow]:
    """The records that are not in the trash; all of them when no ids are given."""
    party = table(kind)
    query = select(party.c.id, party.c.name, *(party.c[name] for name in _places(party))).where(
        party.c.trashed_at.is_(None)
    )
    if ids is not None:
        query = query.where(party.c.id.in_(ids))
    infos = _infos(connection, kind, ids)
    for row in connection.execute(query):
        found = row._mapping
        yield PartyRow(
            row.id,
            row.name,
            found.get("city", ""),
            found.get("tax_number", ""),
            infos.get(row.id, frozenset()),
        )


def with_infos(connection: Connection, kind: str, infos: Iterable[str]) -> set[int]:
    """Records with one of these addresses or numbers, given as in `PartyRow`."""
    info = table_of(ContactInfo)
    normals = [each.partition(":")[2] for each in infos]
    query = select(info.c.owner_id).where(
        info.c.kind.in_(_COMPARED), info.c.normal.in_(normals), info.c.owner_kind == kind
    )
    return set(connection.execute(query).scalars()) if normals else set()


def with_address(connection: Connection, normal: str, most: int) -> list[tuple[str, int]]:
    """Kind and id of whom this e-mail address was noted with, the first note first."""
    info = table_of(ContactInfo)
    query = select(info.c.owner_kind, info.c.owner_id).where(info.c.kind == "email", info.c.normal == normal)
    return [(row[0], row[1]) for row in connection.execute(query.order_by(info.c.id).limit(most))]


def of_domain(connection: Connection, domain: str, most: int) -> list[tuple[str, int]]:
    """Kind and id of who has an e-mail address of this domain, the first note first.

    Addresses lie in no order of their domains: they are looked for among the first records in which the search index
    knows the words of it.
    """
    info = table_of(ContactInfo)
    found: list[tuple[int, str, int]] = []
    for kind in KINDS:
        among = record_index.records_with(kind, record_index.expression(domain, "body")).limit(_SOME)
        query = select(info.c.id, info.c.owner_kind, info.c.owner_id).where(
            info.c.owner_kind == kind,
            info.c.owner_id.in_(among),
            info.c.kind == "email",
            info.c.normal.endswith(f"@{domain}", autoescape=True),
        )
        found += [(row[0], row[1], row[2]) for row in connection.execute(query)]
    return [(kind, owner_id) for _id, kind, owner_id in sorted(found)[:most]]


def with_tax_number(connection: Connection, kind: str, tax_number: str) -> set[int]:
    """Records with this tax number."""
    party = table(kind)
    if not tax_number or "tax_number" not in party.c:
        return set()
    return set(connection.execute(select(party.c.id).where(party.c.tax_number == tax_number)).scalars())


def with_words(connection: Connection, kind: str, words: Sequence[str], beginning: int) -> set[int]:
    """Records whose name may have these words of `name_key`: one of them, or the beginnings of two."""
    begun = [
        record_index.expression(word[:beginning], prefix=True) for word in words if len(word) >= beginning
    ]
    either = [record_index.expression(word) for word in words]
    either += [f"({one} AND {other})" for at, one in enumerate(begun) for other in begun[at + 1 :]]
    if len(words) == 1:
        either += begun
    if not either:
        return set()
    return {key for _rank, key in record_index.record_hits(connection, kind, " OR ".join(either), _SOME)}


def count(connection: Connection, kind: str) -> int:
    """How many there are that are not in the trash."""
    party = table(kind)
    query = select(func.count()).select_from(party).where(party.c.trashed_at.is_(None))
    return int(connection.execute(query).scalar_one())


def count_with_word(connection: Connection, kind: str, word: str) -> int:
    """How many have this word of `name_key`; not counted beyond some hundreds."""
    return len(record_index.record_hits(connection, kind, record_index.expression(word), _SOME))


def _places(party: Table) -> list[str]:
    return [name for name in ("city", "tax_number") if name in party.c]


def _infos(connection: Connection, kind: str, ids: Collection[int] | None) -> dict[int, frozenset[str]]:
    info = table_of(ContactInfo)
    query = select(info.c.owner_id, info.c.kind, info.c.normal).where(
        info.c.owner_kind == kind, info.c.kind.in_(_COMPARED)
    )
    if ids is not None:
        query = query.where(info.c.owner_id.in_(ids))
    found: dict[int, set[str]] = {}
    for owner_id, info_kind, normal in connection.execute(query):
        found.setdefault(owner_id, set()).add(compared_info(info_kind, normal))
    return {owner_id: frozenset(each) for owner_id, each in found.items()}


def compared_info(kind: str, normal: str) -> str:
    """An address or number in the form in which records are compared."""
    return f"{'email' if kind == 'email' else 'phone'}:{normal}"
