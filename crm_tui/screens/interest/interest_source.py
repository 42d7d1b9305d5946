"""The rows of the Interests list."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from sqlalchemy import Connection
from textual.content import Content

from crm_tui.domain import money
from crm_tui.domain.clock import Clock
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import N_, _, language
from crm_tui.screens.lists.narrowing import Narrowing, asks_about, clause_of
from crm_tui.screens.wording import due_text, span_text
from crm_tui.store.engine import Store
from crm_tui.store.queries import interests
from crm_tui.store.queries.interests import InterestRow
from crm_tui.widgets.row_source import Cell, Column, Order, Row, RowFlag

NO_NEXT = "∅"
"""Nothing is to be done in an open Interest (L-03)."""
ALL_COLUMNS = (
    Column("name", N_("Interest"), flex=3, min_width=20),
    Column("party", N_("Customer"), flex=2, min_width=14),
    Column("state", N_("State"), width=18),
    Column("amount", N_("Amount"), width=15, align="right", falling=True, drop=2),
    Column("next", N_("Next action"), width=14, drop=1),
    Column("age", N_("Stands for"), width=14, align="right", drop=3),
    Column("probability", N_("%"), width=4, align="right", falling=True, drop=7),
    Column("close", N_("Expected"), width=9, drop=6),
    Column("owner", N_("Owner"), width=14, drop=5),
    Column("status", N_("How it stands"), flex=1, min_width=14, sortable=False, drop=8),
    Column("source", N_("Source"), width=12, sortable=False, drop=9),
    Column("changed", N_("Changed"), width=14, falling=True, drop=4),
    Column("created", N_("Created"), width=14, falling=True, drop=4),
)
"""What the list can show."""

ABOUT_CLOSED = frozenset({"outcome", "state_id", "close_reason", "closed_at"})
"""A filter by these finds closed Interests too."""


class InterestSource:
    """Interests; closed ones too when ``closed``, or those in the trash when ``in_trash``."""

    def __init__(self, store: Store, clock: Clock, zone: str) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone_of(zone)
        self.closed = False
        self.in_trash = False
        self.narrowing: Narrowing | None = None
        self.columns = tuple(replace(column, title=_(column.title)) for column in ALL_COLUMNS)

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

    def _rows(self, connection: Connection, ids: Sequence[int]) -> dict[int, Row]:
        return {key: self._row(row) for key, row in interests.rows(connection, ids).items()}

    def _ids(
        self, connection: Connection, order: Order, needle: str, limit: int | None, *, anew: bool = False
    ) -> "array[int]":
        return interests.ids(
            connection,
            order.column,
            descending=order.descending,
            needle=needle,
            closed=self.closed or self.in_trash or asks_about(self.narrowing, ABOUT_CLOSED),
            clause=clause_of(self.narrowing, anew=anew),
            in_trash=self.in_trash,
            limit=limit,
        )

    def _row(self, row: InterestRow) -> Row:
        now = self._clock()
        flags = RowFlag.NONE
        if row.outcome != "open":
            flags |= RowFlag.DIMMED
        elif row.next_at is not None and row.next_at < now:
            flags |= RowFlag.OVERDUE
        return Row(
            row.id,
            (
                row.name,
                row.party,
                _(row.state),
                amount_text(row.amount_minor, row.currency),
                next_text(row, now, self._zone),
                age_cell(row, now),
                "" if row.probability is None else str(row.probability),
                "" if row.expected_close is None else f"{row.expected_close:%d.%m.%y}",
                row.owner or "",
                row.short_status,
                row.source,
                due_text(row.changed_at, now, self._zone),
                due_text(row.created_at, now, self._zone),
            ),
            flags,
        )


def amount_text(minor: int | None, currency: str) -> str:
    """An amount as people of the language write it; empty for none."""
    return "" if minor is None else money.shown(money.Money(minor, currency), language())


def amount_typed(minor: int | None, currency: str) -> str:
    """An amount as it stands in a field, to be changed; empty for none."""
    return "" if minor is None else money.as_typed(money.Money(minor, currency))


def next_text(row: InterestRow, now: datetime, zone: tzinfo) -> str:
    """When something is next to be done; the sign for "nothing" where the Interest is open."""
    if row.outcome != "open":
        return ""
    return due_text(row.next_at, now, zone) if row.next_at or row.has_next else NO_NEXT


def age_text(row: InterestRow, now: datetime) -> str:
    """How long it stands in its state, with a word where that is too long without a touch (L-04)."""
    if row.outcome != "open":
        return ""
    age = span_text(now - row.state_since)
    return _("{age} stale").format(age=age) if row.is_rotting(now) else age


def age_cell(row: InterestRow, now: datetime) -> Cell:
    """The same for a list: what is too long stands out."""
    text = age_text(row, now)
    return Content.styled(text, "bold") if row.is_rotting(now) else text
