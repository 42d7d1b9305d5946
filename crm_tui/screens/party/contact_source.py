"""The rows of the contact persons list."""

from array import array
from collections.abc import Mapping, Sequence

from crm_tui.i18n import _
from crm_tui.screens.lists.narrowing import Narrowing, clause_of
from crm_tui.store.engine import Store
from crm_tui.store.queries import contacts
from crm_tui.store.queries.contacts import ContactRow
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag


class ContactSource:
    """Contact persons, or those in the trash when ``in_trash``; a key person has a sign."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.narrowing: Narrowing | None = None
        self.in_trash = False
        self.columns = (
            Column("name", _("Name"), flex=3, min_width=18),
            Column("customer", _("Customer"), flex=3, min_width=14),
            Column("role", _("Role"), flex=2, min_width=10, drop=2),
            Column("email", _("E-mail"), flex=2, min_width=16, sortable=False, drop=1),
            Column("phone", _("Phone"), width=18, sortable=False, drop=3),
            Column("owner", _("Owner"), flex=1, min_width=10, drop=4),
            Column("changed", _("Changed"), shown=False, falling=True),
        )

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        """The first rows."""
        with self._store.read() as connection:
            found = contacts.ids(
                connection,
                order.column,
                descending=order.descending,
                needle=needle,
                clause=clause_of(self.narrowing, anew=False),
                in_trash=self.in_trash,
                limit=limit,
            )
            rows = contacts.rows(connection, found)
        return [_row(rows[key]) for key in found if key in rows]

    def ids(self, order: Order, needle: str) -> "array[int]":
        """All ids."""
        with self._store.read() as connection:
            return contacts.ids(
                connection,
                order.column,
                descending=order.descending,
                needle=needle,
                clause=clause_of(self.narrowing, anew=True),
                in_trash=self.in_trash,
            )

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids."""
        with self._store.read() as connection:
            return {key: _row(row) for key, row in contacts.rows(connection, ids).items()}


def _row(row: ContactRow) -> Row:
    cells = (row.name, row.customer, row.role, row.email, row.phone, row.owner)
    return Row(row.id, cells, RowFlag.PRIORITY if row.is_key else RowFlag.NONE)
