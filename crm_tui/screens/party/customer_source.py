"""The rows of the customers list."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from crm_tui.domain.clock import Clock
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import _
from crm_tui.screens.interest.interest_source import amount_text
from crm_tui.screens.lists.narrowing import Narrowing, clause_of
from crm_tui.screens.wording import list_date
from crm_tui.services.record import lists
from crm_tui.store.engine import Store
from crm_tui.store.queries import customers
from crm_tui.store.queries.customers import COUNTED, CustomerRow, Money, Which
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag

FEW = 2000
"""Of so many customers anything is counted at once. Of more, the list stands by name until it is counted."""
LOST = "lost"
VIP = "vip"


class CustomerSource:
    """Customers, which of them by ``which``. How a row looks tells how it stands with the customer (CORP-07)."""

    def __init__(self, store: Store, clock: Clock, zone: str) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone_of(zone)
        self.which = Which()
        self.narrowing: Narrowing | None = None
        self.columns = (
            Column("name", _("Customer"), flex=3, min_width=20),
            Column("city", _("City"), flex=1, min_width=10, drop=4),
            Column("region", _("Region"), width=14, drop=6),
            Column("activity", _("Activity"), width=14, drop=7),
            Column("kind", _("Kind"), width=13, drop=2),
            Column("status", _("Status"), width=12),
            Column("owner", _("Owner"), flex=1, min_width=10, drop=5),
            Column("touch", _("Last touch"), width=12, falling=True),
            Column("open", _("Open ones"), width=9, align="right", drop=1, falling=True),
            Column("sum", _("Sum"), width=15, align="right", drop=3, falling=True),
            Column("changed", _("Changed"), shown=False, falling=True),
        )

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        """The first rows."""
        with self._store.read() as connection:
            column = order.column
            if column in COUNTED and not customers.few(connection, FEW):
                column = "name"  # counting a hundred thousand takes a second: the thread does it
            found = self._ids(connection, column, order.descending, needle, limit)
            rows = self._rows(connection, found)
        return [rows[key] for key in found if key in rows]

    def ids(self, order: Order, needle: str) -> "array[int]":
        """All ids."""
        with self._store.read() as connection:
            return self._ids(connection, order.column, order.descending, needle, None, anew=True)

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids."""
        with self._store.read() as connection:
            return self._rows(connection, ids)

    def _ids(
        self,
        connection: Connection,
        column: str,
        descending: bool,
        needle: str,
        limit: int | None,
        *,
        anew: bool = False,
    ) -> "array[int]":
        which = replace(self.which, clause=clause_of(self.narrowing, anew=anew))
        return customers.ids(
            connection, column, descending=descending, needle=needle, which=which, limit=limit
        )

    def _rows(self, connection: Connection, ids: Sequence[int]) -> dict[int, Row]:
        kinds, statuses = (lists.names(connection, name) for name in ("customer_kind", "customer_status"))
        now = self._clock()
        return {
            key: self._row(row, kinds, statuses, now) for key, row in customers.rows(connection, ids).items()
        }

    def _row(
        self, row: CustomerRow, kinds: Mapping[str, str], statuses: Mapping[str, str], now: datetime
    ) -> Row:
        touch = list_date(row.last_touch, now, self._zone) if row.last_touch else "—"
        late = is_neglected(row.last_touch, row.touch_days, now)
        flags = RowFlag.NONE
        if row.status == VIP:
            flags |= RowFlag.PRIORITY
        if row.status == LOST:
            flags |= RowFlag.DIMMED
        if late:
            flags |= RowFlag.OVERDUE
        return Row(
            row.id,
            (
                row.name,
                row.city,
                row.region,
                row.activity,
                kinds.get(row.kind, row.kind),
                statuses.get(row.status, row.status),
                row.owner,
                touch,
                str(row.open_interests or ""),
                sums_text(row.open_sum),
            ),
            flags,
        )


def is_neglected(last_touch: datetime | None, touch_days: int | None, now: datetime) -> bool:
    """Whether we are not in touch as often as we mean to be (L-27)."""
    if touch_days is None:
        return False
    return last_touch is None or now - last_touch > timedelta(days=touch_days)


def sums_text(sums: Money) -> str:
    """Sums in several currencies, the largest first."""
    return " + ".join(amount_text(minor, currency) for currency, minor in sums)
