"""The rows of the Interests list."""

from array import array
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from crm_tui.domain import money
from crm_tui.domain.clock import Clock
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import _, language
from crm_tui.screens.wording import due_text
from crm_tui.store.engine import Store
from crm_tui.store.queries import interests
from crm_tui.store.queries.interests import InterestRow
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag


class InterestSource:
    """Interests; closed ones too when ``closed``."""

    def __init__(self, store: Store, clock: Clock, zone: str) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone_of(zone)
        self.closed = False
        self.columns = (
            Column("name", _("Interest"), flex=3, min_width=20),
            Column("party", _("Customer"), flex=2, min_width=14),
            Column("state", _("State"), width=18),
            Column("amount", _("Amount"), width=15, align="right", drop=2),
            Column("next", _("Next contact"), width=14, drop=1),
            Column("changed", _("Changed"), width=14, drop=3),
        )

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        """The first rows."""
        with self._store.read() as connection:
            found = self._ids(connection, order, needle, limit)
            rows = interests.rows(connection, found)
        return [self._row(rows[key]) for key in found if key in rows]

    def ids(self, order: Order, needle: str) -> "array[int]":
        """All ids."""
        with self._store.read() as connection:
            return self._ids(connection, order, needle, None)

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids."""
        with self._store.read() as connection:
            return {key: self._row(row) for key, row in interests.rows(connection, ids).items()}

    def _ids(self, connection: Connection, order: Order, needle: str, limit: int | None) -> "array[int]":
        return interests.ids(
            connection,
            order.column,
            descending=order.descending,
            needle=needle,
            closed=self.closed,
            limit=limit,
        )

    def _row(self, row: InterestRow) -> Row:
        now = self._clock()
        flags = RowFlag.NONE
        if row.outcome != "open":
            flags |= RowFlag.DIMMED
        elif row.next_contact_at is not None and row.next_contact_at < now:
            flags |= RowFlag.OVERDUE
        return Row(
            row.id,
            (
                row.name,
                row.party,
                _(row.state),
                amount_text(row.amount_minor, row.currency),
                due_text(row.next_contact_at, now, self._zone),
                due_text(row.changed_at, now, self._zone),
            ),
            flags,
        )


def amount_text(minor: int | None, currency: str) -> str:
    """An amount as people of the language write it; empty for none."""
    return "" if minor is None else money.shown(money.Money(minor, currency), language())
