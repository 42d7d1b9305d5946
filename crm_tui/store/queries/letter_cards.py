"""The cards that a letter has to do with: those it is linked to, and those that have its sender's address."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from crm_tui.store.tables import Contact, ContactInfo, Customer, Interest, Lead, Letter, LetterLink, table_of

_TABLES = {
    "interest": table_of(Interest),
    "customer": table_of(Customer),
    "contact": table_of(Contact),
    "lead": table_of(Lead),
}


@dataclass(frozen=True, slots=True)
class Card:
    """An Interest, customer, contact person or lead."""

    kind: str
    id: int
    name: str


def of_letter(connection: Connection, letter_id: int) -> list[Card]:
    """The cards, Interests first; of a contact person the customer too. None of them is in the trash."""
    letter, link, info = table_of(Letter), table_of(LetterLink), table_of(ContactInfo)
    linked = connection.execute(select(link.c.kind, link.c.record_id).where(link.c.letter_id == letter_id))
    named = [(row.kind, row.record_id) for row in linked]
    sender = select(letter.c.sender_address).where(letter.c.id == letter_id).scalar_subquery()
    known = select(info.c.owner_kind, info.c.owner_id).where(info.c.kind == "email", info.c.normal == sender)
    named += [(row.owner_kind, row.owner_id) for row in connection.execute(known)]
    interest, contact = _TABLES["interest"], _TABLES["contact"]
    for kind, key in list(named):
        if kind in ("interest", "contact"):
            table = interest if kind == "interest" else contact
            owner = select(table.c.customer_id).where(table.c.id == key)
            named.append(("customer", connection.execute(owner).scalar_one_or_none() or 0))
    found = []
    for kind, table in _TABLES.items():
        ids = [key for one, key in named if one == kind]
        query = select(table.c.id, table.c.name).where(table.c.id.in_(ids), table.c.trashed_at.is_(None))
        found += [Card(kind, row.id, row.name) for row in connection.execute(query.order_by(table.c.id))]
    return found
