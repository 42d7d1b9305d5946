"""What we sell: the list that product lines are chosen from (ELMA-14)."""

from collections.abc import Mapping, Sequence

from textual.content import Content

from crm_tui.domain.errors import Refused
from crm_tui.i18n import _
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.interest.interest_fields import amount_of
from crm_tui.screens.interest.interest_source import amount_text, amount_typed
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.services.interest import products
from crm_tui.services.interest.currency import of_company
from crm_tui.services.interest.products import ProductRow
from crm_tui.store.work import Work
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag


class ProductsScreen(ListScreen[None]):
    """The products; archived ones too when asked for."""

    SCOPES = ("products",)
    TABLES = frozenset({"product"})

    def list_title(self) -> str:
        return _("Products")

    def make_list(self) -> RecordList:
        self._archived = False
        self._products: dict[int, ProductRow] = {}
        columns = (
            Column("code", _("Code"), width=12, sortable=False),
            Column("name", _("Product"), flex=1, min_width=24, sortable=False),
            Column("unit", _("Unit"), width=8, sortable=False),
            Column("price", _("Price"), width=16, align="right", sortable=False),
        )
        return RecordList(
            SmallSource(columns, self._rows), Order(""), empty=Content(_("No products yet. n adds one."))
        )

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("products.change")

    async def command_products_add(self, argument: str = "") -> None:
        """A new product."""
        await self._ask(None, argument)

    async def command_products_change(self, argument: str = "") -> None:
        """The product under the cursor."""
        await self._ask(self._product())

    async def command_products_archive(self, argument: str = "") -> None:
        """Offer it no more, or again."""
        product = self._product()
        await self.act(
            "product.archive", lambda work: products.archive(work, product.id, not product.archived)
        )

    def command_products_archived(self, argument: str = "") -> None:
        """Archived ones too, or not."""
        self._archived = not self._archived
        self._list.reload()
        self.shell.say(_("Archived ones too") if self._archived else _("Without archived ones"))

    async def _ask(self, product: ProductRow | None, name: str = "") -> None:
        async def save(filled: Mapping[str, str]) -> None:
            with self.store.read() as connection:
                currency = product.currency if product else of_company(connection)
            price = amount_of(filled["price"], currency)
            amount = price.minor if price else None
            currency = price.currency if price else currency

            def verb(work: Work) -> None:
                said = {"code": filled["code"], "unit": filled["unit"], "currency": currency}
                if product is None:
                    products.add(work, filled["name"], price_minor=amount, **said)
                else:
                    products.change(
                        work,
                        product.id,
                        name=filled["name"],
                        price_minor=amount,
                        expected_version=product.version,
                        **said,
                    )

            await self.act("product.change" if product else "product.add", verb)

        price = amount_typed(product.price_minor, product.currency) if product else ""
        form = FormDialog(
            _("Product"),
            [
                Field("name", _("Product"), product.name if product else name),
                Field("code", _("Code"), product.code if product else ""),
                Field("unit", _("Unit"), product.unit if product else ""),
                Field("price", _("Price"), price),
            ],
            save=save,
            kept_as=f"product-{product.id if product else 'new'}",
        )
        await self.app.push_screen_wait(form)

    def _product(self) -> ProductRow:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._products[self._list.current_id]

    def _rows(self) -> Sequence[Row]:
        with self.store.read() as connection:
            self._products = {one.id: one for one in products.rows(connection, archived=self._archived)}
        return [
            Row(
                one.id,
                (one.code, one.name, one.unit, amount_text(one.price_minor, one.currency)),
                RowFlag.DIMMED if one.archived else RowFlag.NONE,
            )
            for one in self._products.values()
        ]
