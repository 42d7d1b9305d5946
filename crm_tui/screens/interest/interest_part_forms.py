"""Forms of the card of an Interest: a product line, a receipt, a person who takes part."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import Invalid
from crm_tui.domain.wall import to_wall
from crm_tui.i18n import _
from crm_tui.screens.acting import Acting
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.interest import interest_parties
from crm_tui.screens.interest.interest_fields import DAY, amount_of, number_of
from crm_tui.screens.interest.interest_parts import quantity_text
from crm_tui.screens.interest.interest_source import amount_text, amount_typed
from crm_tui.screens.task.task_dates import echo_of, typed_due
from crm_tui.services.interest import interest_lines, participants, products, receipts
from crm_tui.services.interest.interest_lines import Fields, Line
from crm_tui.services.interest.participants import Participant
from crm_tui.services.interest.receipts import Planned
from crm_tui.store.queries.interest_card import InterestCard
from crm_tui.store.work import Work

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    class Base(Acting, CrmScreen[Any]):
        pass
else:
    Base = Acting

MOST_THOUSANDTHS = 10**12


class PartForms(Base):
    """Each asks for one row, a new one or one that is there, and stores it."""

    async def ask_line(self, card: InterestCard, line: Line | None) -> None:
        """A product line; the name or code of a product of our list brings its unit and price."""
        currency = card.row.currency

        async def save(filled: Mapping[str, str]) -> None:
            name, fields = self._line(filled, currency)
            if line is None:
                await self.act(
                    "interest.add_line", lambda work: interest_lines.add(work, card.row.id, name, **fields)
                )
            else:
                await self.act(
                    "interest.change_line",
                    lambda work: interest_lines.change(
                        work, line.id, expected_version=line.version, name=name, **fields
                    ),
                )

        form = FormDialog(
            _("Product line"),
            [
                Field("name", _("Product"), line.name if line else "", note=self._product_text),
                Field("quantity", _("Quantity"), quantity_text(line.quantity_milli) if line else "1"),
                Field("unit", _("Unit"), line.unit if line else ""),
                Field("price", _("Price"), amount_typed(line.price_minor, currency) if line else ""),
                Field("discount", _("Discount, %"), str(line.discount_percent) if line else ""),
            ],
            save=save,
            kept_as=f"interest-{card.row.id}-line-{line.id if line else 'new'}",
        )
        await self.app.push_screen_wait(form)

    def _line(self, filled: Mapping[str, str], currency: str) -> tuple[str, Fields]:
        with self.store.read() as connection:
            product = products.named(connection, filled["name"])
        price = amount_of(filled["price"], currency)
        if price is not None and price.currency != currency:
            raise Invalid("other_currency", value=filled["price"], currency=currency)
        fields: Fields = {
            "product_id": product.id if product else None,
            "quantity_milli": _quantity(filled["quantity"]),
            "discount_percent": number_of(filled["discount"]) or 0,
        }
        if filled["unit"].strip():
            fields["unit"] = filled["unit"]
        if price is not None:
            fields["price_minor"] = price.minor
        return product.name if product else filled["name"], fields

    def _product_text(self, typed: str) -> str:
        with self.store.read() as connection:
            product = products.named(connection, typed)
        if product is None:
            return _("Not in our list of products")
        price = amount_text(product.price_minor, product.currency)
        return " · ".join(part for part in (product.name, product.unit, price) if part)

    async def ask_receipt(self, card: InterestCard, receipt: Planned | None) -> None:
        """Money that is to come, and when."""
        currency = card.row.currency

        async def save(filled: Mapping[str, str]) -> None:
            due_on, amount = self._receipt_day(filled["due"]), amount_of(filled["amount"], currency)
            if amount is None or amount.currency != currency:
                raise Invalid("other_currency", value=filled["amount"], currency=currency)

            def verb(work: Work) -> None:
                if receipt is None:
                    receipts.plan(work, card.row.id, due_on, amount.minor, filled["notes"])
                else:
                    seen = receipt.version
                    receipts.change(
                        work, receipt.id, due_on, amount.minor, filled["notes"], expected_version=seen
                    )

            await self.act("interest.plan_receipt", verb)

        form = FormDialog(
            _("Receipt"),
            [
                Field("due", _("Due"), f"{receipt.due_on:{DAY}}" if receipt else "", note=self._receipt_text),
                Field("amount", _("Amount"), amount_typed(receipt.amount_minor, currency) if receipt else ""),
                Field("notes", _("Notes"), receipt.notes if receipt else ""),
            ],
            save=save,
            kept_as=f"interest-{card.row.id}-receipt-{receipt.id if receipt else 'new'}",
        )
        await self.app.push_screen_wait(form)

    def _receipt_day(self, typed: str) -> date:
        at, all_day = typed_due(typed, self._now(), self._zone())
        wall = to_wall(at, self._zone())
        return date.fromordinal(wall.toordinal() - 1) if all_day else wall.date()

    def _receipt_text(self, typed: str) -> str:
        self._receipt_day(typed)
        return echo_of(typed, self._now(), self._zone())

    async def ask_participant(self, card: InterestCard, known: Participant | None) -> None:
        """A contact person who takes part, and in what role; of one who is known only the role."""

        async def save(filled: Mapping[str, str]) -> None:
            if known is not None and known.id is not None:
                row_id = known.id
                await self.act(
                    "interest.role",
                    lambda work: participants.change(
                        work, row_id, filled["role"], expected_version=known.version
                    ),
                )
                return
            with self.store.read() as connection:
                who = interest_parties.person(connection, filled["person"], card.customer_id)
            if who is None:
                raise Invalid("name_missing", kind="contact")
            await self.act(
                "interest.add_person",
                lambda work: participants.add(work, card.row.id, who.id, filled["role"]),
            )

        fields = [Field("role", _("Role in the Interest"), known.role if known else "")]
        if known is None:
            fields.insert(
                0, Field("person", _("Contact person"), note=lambda typed: self._who_text(card, typed))
            )
        form = FormDialog(known.name if known else _("Who takes part"), fields, save=save)
        await self.app.push_screen_wait(form)

    def _who_text(self, card: InterestCard, typed: str) -> str:
        with self.store.read() as connection:
            return interest_parties.said(interest_parties.person(connection, typed, card.customer_id))


def _quantity(typed: str) -> int:
    """Thousandths of a unit. Raises Invalid for what is not a quantity."""
    whole, _mark, part = typed.replace(" ", "").replace(",", ".").partition(".")
    digits = whole + part.ljust(3, "0")
    if len(part) > 3 or not (digits.isascii() and digits.isdigit()) or int(digits) > MOST_THOUSANDTHS:
        raise Invalid("not_a_quantity", value=typed)
    return int(digits)
