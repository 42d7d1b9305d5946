"""Records to choose one from, by name."""

from sqlalchemy import Connection, select

from crm_tui.domain.text import clean
from crm_tui.store.tables import Customer, Interest, table_of

_TABLES = {"customer": table_of(Customer), "interest": table_of(Interest)}


def by_name(connection: Connection, kind: str, most: int) -> list[tuple[int, str]]:
    """Ids and names, fit to show, of all records of a kind (``customer``, ``interest``), so many at most; of none in
    the trash."""
    table = _TABLES[kind]
    query = select(table.c.id, table.c.name).where(table.c.trashed_at.is_(None))
    query = query.order_by(table.c.name_fold).limit(most)
    return [(row.id, clean(row.name)) for row in connection.execute(query)]
