"""What we sell: the list that product lines are chosen from (ELMA-14)."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import clean, fold
from crm_tui.services.interest.currency import of_company
from crm_tui.store.tables import table_of
from crm_tui.store.tables.deals import Product
from crm_tui.store.work import Work


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product in the list."""

    id: int
    code: str
    name: str
    unit: str
    price_minor: int | None
    currency: str
    archived: bool
    version: int


def rows(connection: Connection, needle: str = "", *, archived: bool = False) -> list[ProductRow]:
    """The products by name that have all these words in their name; archived ones only when asked for."""
    product = table_of(Product)
    query = select(*(product.c[name] for name in ProductRow.__dataclass_fields__))
    if not archived:
        query = query.where(~product.c.archived)
    for word in fold(needle).split():
        query = query.where(product.c.name_fold.contains(word, autoescape=True))
    return [ProductRow(*row) for row in connection.execute(query.order_by(product.c.name_fold, product.c.id))]


def named(connection: Connection, text: str) -> ProductRow | None:
    """The product of this name or code, or the only one whose name has these words; None when it is none."""
    found = rows(connection)
    wanted = fold(text)
    exact = [one for one in found if wanted in (fold(one.name), fold(one.code)) and wanted]
    words = [one for one in found if wanted and all(word in fold(one.name) for word in wanted.split())]
    return exact[0] if exact else words[0] if len(words) == 1 else None


def add(
    work: Work,
    name: str,
    *,
    code: str = "",
    unit: str = "",
    price_minor: int | None = None,
    currency: str = "",
) -> Product:
    """A new product; without a ``currency`` its price is in the company's. Raises Invalid for an empty name."""
    name = _name(name)
    return work.add(
        Product(
            name=name,
            name_fold=fold(f"{name} {clean(code)}"),
            code=clean(code).strip(),
            unit=clean(unit).strip(),
            price_minor=price_minor,
            currency=currency.upper() or of_company(work.connection),
        )
    )


def change(
    work: Work,
    product_id: int,
    *,
    name: str,
    code: str,
    unit: str,
    price_minor: int | None,
    currency: str,
    expected_version: int | None = None,
) -> None:
    """Write what the product is from now on; lines that have it stay as they are. Raises Invalid, Conflict when it
    changed since ``expected_version`` was read."""
    name = _name(name)
    work.change(
        work.get(Product, product_id),
        expected_version=expected_version,
        name=name,
        name_fold=fold(f"{name} {clean(code)}"),
        code=clean(code).strip(),
        unit=clean(unit).strip(),
        price_minor=price_minor,
        currency=currency.upper(),
    )


def archive(work: Work, product_id: int, archived: bool = True) -> None:
    """Offer the product no more, or again."""
    work.change(work.get(Product, product_id), archived=archived)


def _name(name: str) -> str:
    name = " ".join(clean(name).split())
    if not name:
        raise Invalid("name_missing", kind="product")
    return name
