"""The addresses by which a customer, contact person or lead writes: what their correspondence is found by."""

from sqlalchemy import Connection, and_, func, or_, select

from crm_tui.store.tables import Contact, ContactInfo, User, table_of


def of_party(connection: Connection, kind: str, party_id: int) -> list[str]:
    """All addresses of a ``customer``, with those of the contact persons, or of a ``contact`` or ``lead``."""
    info, contact = table_of(ContactInfo), table_of(Contact)
    whose = and_(info.c.owner_kind == kind, info.c.owner_id == party_id)
    if kind == "customer":
        people = select(contact.c.id).where(contact.c.customer_id == party_id)
        whose = or_(whose, and_(info.c.owner_kind == "contact", info.c.owner_id.in_(people)))
    query = select(info.c.normal).where(info.c.kind == "email", whose).order_by(info.c.id)
    return list(dict.fromkeys(connection.scalars(query)))


def users(connection: Connection) -> list[tuple[int, str]]:
    """Everybody who works with this base: id and name, or the login where there is no name."""
    user = table_of(User)
    query = select(user.c.id, func.coalesce(func.nullif(user.c.name, ""), user.c.login)).order_by(user.c.id)
    return [(row[0], row[1]) for row in connection.execute(query)]
