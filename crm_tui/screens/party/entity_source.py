"""The rows of the list of legal entities."""

from array import array
from collections.abc import Mapping, Sequence

from crm_tui.domain.identity import tax_number
from crm_tui.i18n import _
from crm_tui.store.engine import Store
from crm_tui.store.queries import legal_entities
from crm_tui.store.queries.legal_entities import EntityRow
from crm_tui.widgets.row_source import Column, Order, Row


class EntitySource:
    """Legal entities, or those in the trash when ``in_trash``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.in_trash = False
        self.columns = (
            Column("name", _("Legal entity"), flex=3, min_width=20),
            Column("country", _("Country"), width=7, drop=1),
            Column("number", _("Tax number"), width=20),
            Column("customers", _("Customers"), flex=2, min_width=16, sortable=False),
            Column("address", _("Address"), flex=2, min_width=16, sortable=False, drop=2),
            Column("changed", _("Changed"), shown=False, falling=True),
        )

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        """The first rows."""
        found = self._ids(order, needle, limit)
        rows = self.rows(found)
        return [rows[key] for key in found if key in rows]

    def ids(self, order: Order, needle: str) -> "array[int]":
        """All ids."""
        return self._ids(order, needle, None)

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids."""
        with self._store.read() as connection:
            return {key: _row(row) for key, row in legal_entities.rows(connection, ids).items()}

    def _ids(self, order: Order, needle: str, limit: int | None) -> "array[int]":
        with self._store.read() as connection:
            return legal_entities.ids(
                connection,
                order.column,
                descending=order.descending,
                needle=needle,
                in_trash=self.in_trash,
                limit=limit,
            )


def _row(row: EntityRow) -> Row:
    kind = tax_number.kind_of(row.country, row.tax_number) if row.tax_number else None
    number = f"{kind.name} {row.tax_number}" if kind else row.tax_number
    more = f" +{row.customers - 1}" if row.customers > 1 else ""
    return Row(row.id, (row.name, row.country, number, row.customer + more, " ".join(row.address.split())))
