"""Product lines of an Interest (ELMA-14).

An amount that is the sum of the lines stays the sum when a line changes; one that a person typed stands until
``take_sum`` is asked for.
"""

from dataclasses import dataclass
from typing import TypedDict, Unpack

from sqlalchemy import Connection, select

from crm_tui.domain.errors import Invalid
from crm_tui.domain.money import LARGEST
from crm_tui.domain.text import clean
from crm_tui.store.tables import Interest, table_of
from crm_tui.store.tables.deals import InterestLine, Product
from crm_tui.store.work import Work

_PER_UNIT = 1000 * 100
"""Thousandths of a unit times per cent."""


class Fields(TypedDict, total=False):
    """What a line says beside its name; named as the columns."""

    product_id: int | None
    quantity_milli: int
    unit: str
    price_minor: int
    discount_percent: int


class Changes(Fields, total=False):
    """What can be changed."""

    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its sum in minor units of the Interest's currency."""

    id: int
    product_id: int | None
    name: str
    quantity_milli: int
    unit: str
    price_minor: int
    discount_percent: int
    version: int = 1

    @property
    def sum_minor(self) -> int:
        """Quantity times price less discount, rounded half up."""
        exact = self.quantity_milli * self.price_minor * (100 - self.discount_percent)
        return (exact + _PER_UNIT // 2) // _PER_UNIT


def of_interest(connection: Connection, interest_id: int) -> list[Line]:
    """The lines in their order."""
    line = table_of(InterestLine)
    query = select(*(line.c[name] for name in Line.__dataclass_fields__))
    query = query.where(line.c.interest_id == interest_id).order_by(line.c.position, line.c.id)
    return [Line(*row) for row in connection.execute(query)]


def total(connection: Connection, interest_id: int) -> int:
    """The sum of the lines in minor units of the Interest's currency."""
    return sum(line.sum_minor for line in of_interest(connection, interest_id))


def add(work: Work, interest_id: int, name: str, **fields: Unpack[Fields]) -> InterestLine:
    """A line at the end. What is not said comes from the product, when it is one of our list. Raises Invalid."""
    interest = work.get(Interest, interest_id)
    product_id = fields.get("product_id")
    if product_id is not None:
        product = work.get(Product, product_id)
        fields.setdefault("unit", product.unit)
        if product.currency == interest.currency and product.price_minor is not None:
            fields.setdefault("price_minor", product.price_minor)
    before = total(work.connection, interest_id)
    position = len(of_interest(work.connection, interest_id))
    values = _checked({"name": name, **fields})
    line = work.add(InterestLine(interest_id=interest_id, position=position, **values))
    _follow(work, interest, before)
    return line


def change(
    work: Work, line_id: int, *, expected_version: int | None = None, **fields: Unpack[Changes]
) -> InterestLine:
    """Write what is given. Raises Invalid, Conflict when it changed since ``expected_version`` was read."""
    line = work.get(InterestLine, line_id)
    interest = work.get(Interest, line.interest_id)
    before = total(work.connection, interest.key)
    work.change(line, expected_version=expected_version, **_checked(fields))
    _follow(work, interest, before)
    return line


def remove(work: Work, line_id: int) -> None:
    """Take the line away."""
    line = work.get(InterestLine, line_id)
    interest = work.get(Interest, line.interest_id)
    before = total(work.connection, interest.key)
    work.remove(line)
    _follow(work, interest, before)


def take_sum(work: Work, interest_id: int) -> None:
    """The amount is the sum of the lines from now on. Raises Invalid where there are no lines."""
    if not of_interest(work.connection, interest_id):
        raise Invalid("no_lines")
    interest = work.get(Interest, interest_id)
    work.change(interest, amount_minor=total(work.connection, interest_id), changed_at=work.now)


def _follow(work: Work, interest: Interest, before: int) -> None:
    if interest.amount_minor in (None, before):
        amount = total(work.connection, interest.key)
        if amount > LARGEST:
            raise Invalid("not_an_amount", value=str(amount // 100))
        work.change(interest, amount_minor=amount or None, changed_at=work.now)


def _checked(fields: Changes) -> Changes:
    if "name" in fields:
        fields["name"] = " ".join(clean(fields["name"]).split())
        if not fields["name"]:
            raise Invalid("name_missing", kind="line")
    if "unit" in fields:
        fields["unit"] = clean(fields["unit"]).strip()
    if fields.get("quantity_milli", 1) <= 0:
        raise Invalid("not_a_quantity", value=str(fields["quantity_milli"] / 1000))
    if not 0 <= fields.get("discount_percent", 0) <= 100:
        raise Invalid("not_a_discount", value=str(fields["discount_percent"]))
    return fields
