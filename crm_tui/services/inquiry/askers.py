"""Who the sender of an inquiry may be, and what they have asked for before. Reads, which each letter shown needs."""

from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from crm_tui.domain.identity import address
from crm_tui.store.tables import Contact, ContactInfo, Customer, Interest, Lead, State, table_of


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom the letter may come from, and why we think so."""

    kind: str
    """``customer``, ``contact`` or ``lead``."""
    id: int
    name: str
    reason: str
    """``address``, ``phone`` or ``domain``."""
    percent: int = 100
    """How sure it is, where that was judged (``services.inquiry.intake``)."""
    reasons: tuple[str, ...] = ()
    """All reasons, the strongest first, where judged: ``domain`` or as in ``likeness.Likeness``."""


def candidates(connection: Connection, sender_address: str, phones: list[str]) -> list[Candidate]:
    """Who the sender may be: by address, then by phone, then by the domain of the address; each once."""
    info = table_of(ContactInfo)
    found: dict[tuple[str, int], Candidate] = {}

    def note(rows: list[tuple[str, int]], reason: str) -> None:
        for kind, owner_id in rows:
            name = _name_of(connection, kind, owner_id)
            if name:
                found.setdefault((kind, owner_id), Candidate(kind, owner_id, name, reason))

    def owners(*where: object) -> list[tuple[str, int]]:
        rows = connection.execute(
            select(info.c.owner_kind, info.c.owner_id).where(*where).order_by(info.c.id).limit(20)  # type: ignore[arg-type]
        )
        return [(row.owner_kind, row.owner_id) for row in rows]

    normal = address.normal(sender_address)
    note(owners(info.c.kind == "email", info.c.normal == normal), "address")
    if phones:
        note(owners(info.c.kind.in_(("phone", "mobile")), info.c.normal.in_(phones)), "phone")
    domain = address.domain_of(normal)
    if domain and domain not in address.FREE_MAIL:
        note(
            owners(info.c.kind == "email", info.c.normal.like(f"%@{_escaped(domain)}", escape="\\")), "domain"
        )
    return list(found.values())


def open_interests(
    connection: Connection, who: Candidate, *, of_firm: bool = False
) -> list[tuple[int, str, str]]:
    """The open Interests of somebody: id, name, state; with ``of_firm`` also those of a contact person's customer."""
    interest, state, contact = table_of(Interest), table_of(State), table_of(Contact)
    own = (
        interest.c[{"customer": "customer_id", "contact": "contact_id", "lead": "lead_id"}[who.kind]]
        == who.id
    )
    wanted = own
    if of_firm and who.kind == "contact":
        firm = select(contact.c.customer_id).where(contact.c.id == who.id)
        wanted = or_(own, interest.c.customer_id.in_(firm))
    rows = connection.execute(
        select(interest.c.id, interest.c.name, state.c.name.label("state"))
        .join(state, state.c.id == interest.c.state_id)
        .where(wanted, state.c.outcome == "open", interest.c.trashed_at.is_(None))
        .order_by(own.desc(), interest.c.changed_at.desc())
    )
    return [(row.id, row.name, row.state) for row in rows]


def _name_of(connection: Connection, kind: str, owner_id: int) -> str:
    table = {"customer": table_of(Customer), "contact": table_of(Contact), "lead": table_of(Lead)}[kind]
    query = select(table.c.name).where(table.c.id == owner_id, table.c.trashed_at.is_(None))
    return connection.execute(query).scalar_one_or_none() or ""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
