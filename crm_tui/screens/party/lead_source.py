"""The rows of the leads list."""

from array import array
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from crm_tui.domain.clock import Clock
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import N_, _
from crm_tui.screens.lists.narrowing import Narrowing, asks_about, clause_of
from crm_tui.screens.party.customer_source import sums_text
from crm_tui.screens.wording import begun_large, list_date
from crm_tui.services.record import lists
from crm_tui.store.engine import Store
from crm_tui.store.queries import leads
from crm_tui.store.queries.leads import LeadRow
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag

STATUSES = {"open": N_("open"), "converted": N_("a customer"), "lost": N_("lost")}

ABOUT_CLOSED = frozenset({"status", "close_reason", "converted_at"})
"""A filter by these finds closed leads too."""


class LeadSource:
    """Leads; closed ones too when ``closed``, or those in the trash when ``in_trash``."""

    def __init__(self, store: Store, clock: Clock, zone: str) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone_of(zone)
        self.closed = False
        self.in_trash = False
        self.narrowing: Narrowing | None = None
        self.columns = (
            Column("name", _("Lead"), flex=3, min_width=18),
            Column("company", _("Company"), flex=2, min_width=12),
            Column("city", _("City"), flex=1, min_width=10, drop=5),
            Column("source", _("Source"), width=14, drop=3),
            Column("status", _("Status"), width=10),
            Column("owner", _("Owner"), flex=1, min_width=10, drop=4),
            Column("touch", _("Last touch"), width=12, sortable=False),
            Column("open", _("Open ones"), width=9, align="right", sortable=False, drop=1),
            Column("sum", _("Sum"), width=15, align="right", sortable=False, drop=2),
            Column("created", _("Made"), shown=False, falling=True),
        )

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        """The first rows."""
        with self._store.read() as connection:
            found = self._ids(connection, order, needle, limit)
            rows = self._rows(connection, found)
        return [rows[key] for key in found if key in rows]

    def ids(self, order: Order, needle: str) -> "array[int]":
        """All ids."""
        with self._store.read() as connection:
            return self._ids(connection, order, needle, None, anew=True)

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids."""
        with self._store.read() as connection:
            return self._rows(connection, ids)

    def _ids(
        self, connection: Connection, order: Order, needle: str, limit: int | None, *, anew: bool = False
    ) -> "array[int]":
        closed = self.closed or self.in_trash or asks_about(self.narrowing, ABOUT_CLOSED)
        return leads.ids(
            connection,
            order.column,
            descending=order.descending,
            needle=needle,
            status=None if closed else "open",
            clause=clause_of(self.narrowing, anew=anew),
            in_trash=self.in_trash,
            limit=limit,
        )

    def _rows(self, connection: Connection, ids: Sequence[int]) -> dict[int, Row]:
        sources = lists.names(connection, "source")
        now = self._clock()
        return {key: self._row(row, sources, now) for key, row in leads.rows(connection, ids).items()}

    def _row(self, row: LeadRow, sources: Mapping[str, str], now: datetime) -> Row:
        touch = list_date(row.last_touch, now, self._zone) if row.last_touch else "—"
        return Row(
            row.id,
            (
                row.name,
                row.company,
                row.city,
                sources.get(row.source, row.source),
                begun_large(_(STATUSES.get(row.status, row.status))),
                row.owner,
                touch,
                str(row.open_interests or ""),
                sums_text(row.open_sum),
            ),
            RowFlag.NONE if row.status == "open" else RowFlag.DIMMED,
        )
