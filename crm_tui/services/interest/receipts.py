"""Money that an Interest is to bring, and brought (ELMA-14)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean
from crm_tui.store.tables import Interest, table_of
from crm_tui.store.tables.deals import Receipt
from crm_tui.store.work import Work


@dataclass(frozen=True, slots=True)
class Planned:
    """A receipt; the amount is in minor units of the Interest's currency."""

    id: int
    due_on: date
    amount_minor: int
    received_on: date | None
    notes: str
    version: int


def of_interest(connection: Connection, interest_id: int) -> list[Planned]:
    """The receipts by the day that they are due."""
    receipt = table_of(Receipt)
    query = select(*(receipt.c[name] for name in Planned.__dataclass_fields__))
    query = query.where(receipt.c.interest_id == interest_id).order_by(receipt.c.due_on, receipt.c.id)
    return [Planned(*row) for row in connection.execute(query)]


def plan(work: Work, interest_id: int, due_on: date, amount_minor: int, notes: str = "") -> Receipt:
    """Money is to come on a day. Raises Invalid for an amount that is none."""
    interest = work.get(Interest, interest_id)
    return work.add(
        Receipt(
            interest_id=interest.key, due_on=due_on, amount_minor=_amount(amount_minor), notes=clean(notes)
        )
    )


def change(
    work: Work,
    receipt_id: int,
    due_on: date,
    amount_minor: int,
    notes: str = "",
    *,
    expected_version: int | None = None,
) -> None:
    """Another day, amount or note. Raises Invalid for an amount that is none, Conflict when it changed since
    ``expected_version`` was read."""
    receipt = work.get(Receipt, receipt_id)
    values = {"due_on": due_on, "amount_minor": _amount(amount_minor), "notes": clean(notes)}
    work.change(receipt, expected_version=expected_version, **values)


def receive(work: Work, receipt_id: int, on: date) -> None:
    """The money has come, on that day. Raises Refused when that is known."""
    receipt = work.get(Receipt, receipt_id)
    if receipt.received_on is not None:
        raise Refused("received_already")
    work.change(receipt, received_on=on)


def take_back(work: Work, receipt_id: int) -> None:
    """It has not come after all."""
    work.change(work.get(Receipt, receipt_id), received_on=None)


def remove(work: Work, receipt_id: int) -> None:
    """No such money is to come."""
    work.remove(work.get(Receipt, receipt_id))


def _amount(minor: int) -> int:
    if minor <= 0:
        raise Invalid("not_an_amount", value=str(minor / 100))
    return minor
