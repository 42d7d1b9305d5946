"""Verbs of the customer (CORP-01, CORP-03, ELMA-04, L-27)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import fold
from crm_tui.services.party import contact_info, parties
from crm_tui.services.party.contact_info import Info
from crm_tui.services.process import trigger_events
from crm_tui.store.tables import Contact, Customer, table_of
from crm_tui.store.work import Work


def add(work: Work, name: str, *, infos: Sequence[Info] = (), **values: Any) -> Customer:
    """A new customer; ``values`` are columns of it, ``infos`` its addresses and numbers.

    Raises Invalid for an empty name, an address or number that is none, a rhythm of no days.
    """
    name = parties.one_name(name, "customer")
    values = _checked(parties.cleaned(values))
    customer = work.add(
        Customer(name=name, name_fold=fold(name), created_at=work.now, changed_at=work.now, **values)
    )
    contact_info.set_all(work, "customer", customer.key, infos)
    if customer.status:
        _note_status(work, customer, "")
    trigger_events.happened(work, "customer", [customer.key], "created")
    return customer


def change(
    work: Work,
    customer_id: int,
    *,
    infos: Sequence[Info] | None = None,
    expected_version: int | None = None,
    **values: Any,
) -> Customer:
    """Other values of columns, and of addresses and numbers when there are ``infos``; a new status is noted in the
    history of the relationship.

    Raises Invalid as ``add``, Conflict when the customer changed since ``expected_version`` was read.
    """
    customer = work.get(Customer, customer_id)
    before = customer.status
    values = _checked(parties.cleaned(values))
    if "name" in values:
        values["name"] = parties.one_name(values["name"], "customer")
        values["name_fold"] = fold(values["name"])
    parties.change(work, customer, values, infos=infos, expected_version=expected_version)
    if customer.status != before:
        _note_status(work, customer, before)
    return customer


def trash(work: Work, customer_id: int) -> Customer:
    """Put the customer into the trash, and its contact persons with it. Raises Refused when it is there."""
    customer = work.get(Customer, customer_id)
    parties.trash(work, customer)
    contact = table_of(Contact)
    people = work.connection.scalars(
        select(contact.c.id).where(contact.c.customer_id == customer_id, contact.c.trashed_at.is_(None))
    ).all()
    work.change_many(Contact, people, trashed_at=work.now, changed_at=work.now)
    return customer


def restore(work: Work, customer_id: int) -> Customer:
    """Take the customer out of the trash, with the contact persons that went there with it.

    Raises Refused when it is not there, or was merged into another.
    """
    customer = work.get(Customer, customer_id)
    since = customer.trashed_at
    parties.restore(work, customer)
    people = work.all(Contact, customer_id=customer_id, trashed_at=since, merged_into_id=None)
    work.change_many(Contact, [one.key for one in people], trashed_at=None, changed_at=work.now)
    return customer


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    days = values.get("touch_days")
    if days is not None and not 1 <= days <= 3660:
        raise Invalid("not_a_number_of_days", value=days)
    if "country" in values:
        values["country"] = values["country"].upper()
    return values


def _note_status(work: Work, customer: Customer, before: str) -> None:
    from crm_tui.store.tables.cards import CustomerStatusChange

    work.add(
        CustomerStatusChange(
            customer_id=customer.key,
            from_status=before,
            to_status=customer.status,
            actor=work.actor.name,
            at=work.now,
        )
    )
