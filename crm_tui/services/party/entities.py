"""Verbs of the legal entity: who signs, is invoiced and pays (IDX-14)."""

from typing import Any

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.identity import tax_number
from crm_tui.domain.text import clean, fold
from crm_tui.services.party import parties
from crm_tui.store.tables import Customer
from crm_tui.store.tables.cards import CustomerEntity, LegalEntity
from crm_tui.store.work import Work


def add(work: Work, name: str, *, customer_id: int | None = None, **values: Any) -> LegalEntity:
    """A new legal entity, through which a customer acts. ``values`` are columns of it.

    Raises Invalid for an empty name, or a tax number that is wrong in its country (check digits).
    """
    name = parties.one_name(name, "entity")
    values = _checked(parties.cleaned(values), str(values.get("country", "")))
    entity = work.add(
        LegalEntity(
            name=name,
            name_fold=fold(name),
            custom=values.pop("custom", {}),
            created_at=work.now,
            changed_at=work.now,
            **values,
        )
    )
    if customer_id is not None:
        attach(work, entity.key, customer_id)
    return entity


def change(work: Work, entity_id: int, *, expected_version: int | None = None, **values: Any) -> LegalEntity:
    """Other values of columns. Raises Invalid as ``add``, Conflict when it changed since it was read, Refused when
    it is in the trash."""
    entity = work.get(LegalEntity, entity_id)
    if entity.trashed_at is not None:
        raise Refused("in_the_trash", name=entity.name)
    values = parties.cleaned(values)
    if "tax_number" in values or "country" in values:
        values.setdefault("tax_number", entity.tax_number)
        values = _checked(values, str(values.get("country", entity.country)))
    if "name" in values:
        values["name"] = parties.one_name(values["name"], "entity")
        values["name_fold"] = fold(values["name"])
    if any(getattr(entity, name) != value for name, value in values.items()):
        work.change(entity, expected_version=expected_version, **values, changed_at=work.now)
    for link in work.all(CustomerEntity, entity_id=entity_id):
        _copy_number(work, link.customer_id)
    return entity


def trash(work: Work, entity_id: int) -> LegalEntity:
    """Put the entity into the trash: it is offered nowhere, what was made with it stays, and it stays with its
    customers, on whose cards it is found. Raises Refused when it is there."""
    entity = work.get(LegalEntity, entity_id)
    if entity.trashed_at is not None:
        raise Refused("in_the_trash", name=entity.name)
    work.change(entity, trashed_at=work.now, changed_at=work.now)
    return entity


def restore(work: Work, entity_id: int) -> LegalEntity:
    """Take the entity out of the trash. Raises Refused when it is not there."""
    entity = work.get(LegalEntity, entity_id)
    if entity.trashed_at is None:
        raise Refused("not_in_the_trash", name=entity.name)
    work.change(entity, trashed_at=None, changed_at=work.now)
    for link in work.all(CustomerEntity, entity_id=entity_id):
        _copy_number(work, link.customer_id)
    return entity


def attach(work: Work, entity_id: int, customer_id: int) -> None:
    """The customer acts through this entity too; nothing happens when it did."""
    work.get(LegalEntity, entity_id)
    work.get(Customer, customer_id)
    if work.find(CustomerEntity, customer_id=customer_id, entity_id=entity_id) is None:
        work.add(CustomerEntity(customer_id=customer_id, entity_id=entity_id))
        _copy_number(work, customer_id)


def detach(work: Work, entity_id: int, customer_id: int) -> None:
    """The customer does not act through this entity any more. Raises Refused when it did not."""
    link = work.find(CustomerEntity, customer_id=customer_id, entity_id=entity_id)
    if link is None:
        raise Refused("entity_not_of_customer")
    work.remove(link)
    _copy_number(work, customer_id)


def of_customer(work: Work, customer_id: int) -> list[LegalEntity]:
    """The entities that a customer acts through, those in the trash left out."""
    links = work.all(CustomerEntity, customer_id=customer_id)
    found = [work.get(LegalEntity, link.entity_id) for link in links]
    return [entity for entity in found if entity.trashed_at is None]


def _checked(values: dict[str, Any], country: str) -> dict[str, Any]:
    country = country.strip().upper()
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise Invalid("not_a_country", value=clean(country))
    if "country" in values:
        values["country"] = country
    if "tax_number" in values:
        values["tax_number"] = tax_number.checked(country, values["tax_number"])
    return values


def _copy_number(work: Work, customer_id: int) -> None:
    """The tax number of a customer is that of its legal entity, when it has but one."""
    numbers = {entity.tax_number for entity in of_customer(work, customer_id) if entity.tax_number}
    customer = work.get(Customer, customer_id)
    if len(numbers) == 1 and customer.tax_number not in numbers:
        work.change(customer, tax_number=numbers.pop(), changed_at=work.now)
