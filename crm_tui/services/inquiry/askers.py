"""Who the sender of an inquiry may be, and what they have asked for before. Reads, which each letter shown needs."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from crm_tui.domain.identity import address
from crm_tui.store.queries import parties
from crm_tui.store.tables import Contact, Customer, Interest, Lead, State, table_of

_MOST = 20


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


def with_address(connection: Connection, sender_address: str) -> list[Candidate]:
    """Who has the sender's address, those of whom it was noted first before all others."""
    found = parties.with_address(connection, address.normal(sender_address), _MOST)
    return _candidates(connection, found, "address")


def of_domain(connection: Connection, sender_address: str) -> list[Candidate]:
    """Who has an address of the same domain, which says that they may be colleagues; nobody where everybody may have
    one."""
    domain = address.domain_of(sender_address)
    if not domain or domain in address.FREE_MAIL:
        return []
    return _candidates(connection, parties.of_domain(connection, domain, _MOST), "domain")


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


def _candidates(connection: Connection, found: Iterable[tuple[str, int]], reason: str) -> list[Candidate]:
    """Those that are not in the trash, each once."""
    named = (
        (kind, owner_id, _name_of(connection, kind, owner_id)) for kind, owner_id in dict.fromkeys(found)
    )
    return [Candidate(kind, owner_id, name, reason) for kind, owner_id, name in named if name]


def _name_of(connection: Connection, kind: str, owner_id: int) -> str:
    table = {"customer": table_of(Customer), "contact": table_of(Contact), "lead": table_of(Lead)}[kind]
    query = select(table.c.name).where(table.c.id == owner_id, table.c.trashed_at.is_(None))
    return connection.execute(query).scalar_one_or_none() or ""
