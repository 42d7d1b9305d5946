"""What an Interest holds beside its timeline: product lines, receipts, people. Each is a short list of its card."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from sqlalchemy import Connection

from crm_tui.domain.money import Money, shown
from crm_tui.i18n import _, language
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.services.interest import interest_lines, participants, receipts
from crm_tui.services.record import lists
from crm_tui.store.engine import Store
from crm_tui.widgets.row_source import Column, Row, RowFlag

RECEIVED = "✓"


def lines_source(store: Store, interest_id: int, currency: str) -> SmallSource:
    """The product lines with their sums, and what they come to."""
    columns = (
        Column("name", _("Product"), flex=3, min_width=18, sortable=False),
        Column("quantity", _("Quantity"), width=12, align="right", sortable=False),
        Column("price", _("Price"), width=15, align="right", sortable=False, drop=1),
        Column("discount", _("Discount"), width=8, align="right", sortable=False, drop=2),
        Column("sum", _("Sum"), width=16, align="right", sortable=False),
    )

    def rows(connection: Connection) -> Sequence[Row]:
        return [
            Row(
                line.id,
                (
                    line.name,
                    f"{quantity_text(line.quantity_milli)} {line.unit}".strip(),
                    shown(Money(line.price_minor, currency), language()),
                    f"{line.discount_percent} %" if line.discount_percent else "",
                    shown(Money(line.sum_minor, currency), language()),
                ),
            )
            for line in interest_lines.of_interest(connection, interest_id)
        ]

    return SmallSource(columns, partial(_read, store, rows))


def receipts_source(store: Store, interest_id: int, currency: str, today: Callable[[], date]) -> SmallSource:
    """The receipts, what is late marked."""
    columns = (
        Column("due", _("Due"), width=10, sortable=False),
        Column("amount", _("Amount"), width=16, align="right", sortable=False),
        Column("received", _("Received"), width=14, sortable=False),
        Column("notes", _("Notes"), flex=1, min_width=12, sortable=False),
    )

    def rows(connection: Connection) -> Sequence[Row]:
        found = []
        for one in receipts.of_interest(connection, interest_id):
            came = one.received_on
            late = came is None and one.due_on < today()
            cells = (
                f"{one.due_on:%d.%m.%y}",
                shown(Money(one.amount_minor, currency), language()),
                f"{RECEIVED} {came:%d.%m.%y}" if came else _("late") if late else "",
                one.notes,
            )
            flags = RowFlag.OVERDUE if late else RowFlag.DIMMED if came else RowFlag.NONE
            found.append(Row(one.id, cells, flags))
        return found

    return SmallSource(columns, partial(_read, store, rows))


def people_source(store: Store, interest_id: int) -> SmallSource:
    """The contact persons; a row is known by the number of the person."""
    columns = (
        Column("name", _("Contact person"), flex=2, min_width=18, sortable=False),
        Column("role", _("Role"), flex=1, min_width=14, sortable=False),
        Column("key", _("Key person"), width=12, sortable=False),
        Column("influence", _("Influence"), width=14, sortable=False, drop=1),
    )

    def rows(connection: Connection) -> Sequence[Row]:
        influences = lists.names(connection, "influence")
        return [
            Row(
                one.contact_id,
                (
                    one.name,
                    one.role,
                    _("key person") if one.is_key else "",
                    influences.get(one.influence, one.influence),
                ),
            )
            for one in participants.of_interest(connection, interest_id)
        ]

    return SmallSource(columns, partial(_read, store, rows))


def quantity_text(milli: int) -> str:
    """Thousandths of a unit as a person writes them."""
    whole, part = divmod(milli, 1000)
    mark = "." if language() == "en" else ","
    return f"{whole}{mark}{part:03}".rstrip("0") if part else str(whole)


def _read(store: Store, rows: Callable[[Connection], Sequence[Row]]) -> Sequence[Row]:
    with store.read() as connection:
        return rows(connection)
