"""Whose the address of a sender is, and who has one like it: asked for each letter shown."""

from sqlalchemy import Connection, select

from crm_tui.store.tables import ContactInfo, table_of

KINDS = ("customer", "contact", "lead")
_SOME = 500


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
    from crm_tui.store import search  # not read at the start

    info = table_of(ContactInfo)
    found: list[tuple[int, str, int]] = []
    for kind in KINDS:
        among = search.records_with(kind, search.expression(domain, "body")).limit(_SOME)
        query = select(info.c.id, info.c.owner_kind, info.c.owner_id).where(
            info.c.owner_kind == kind,
            info.c.owner_id.in_(among),
            info.c.kind == "email",
            info.c.normal.endswith(f"@{domain}", autoescape=True),
        )
        found += [(row[0], row[1], row[2]) for row in connection.execute(query)]
    return [(kind, owner_id) for _id, kind, owner_id in sorted(found)[:most]]
