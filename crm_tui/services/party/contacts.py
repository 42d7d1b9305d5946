"""Verbs of the contact person (ELMA-07, IDX-06)."""

from collections.abc import Sequence
from typing import Any

from crm_tui.domain.text import fold
from crm_tui.services.party import contact_info, parties
from crm_tui.services.party.contact_info import Info
from crm_tui.services.process import trigger_events
from crm_tui.store.tables import Contact
from crm_tui.store.work import Work


def add(
    work: Work,
    name: str,
    *,
    customer_id: int | None = None,
    infos: Sequence[Info] = (),
    mailing: str = "",
    **values: Any,
) -> Contact:
    """A new contact person; ``values`` are columns of it, ``infos`` the addresses and numbers, ``mailing`` the e-mail
    that automatic letters go to (RM-15).

    Raises Invalid for an empty name, an address or number that is none.
    """
    name = parties.one_name(name, "contact")
    contact = work.add(
        Contact(
            name=name,
            name_fold=fold(name),
            customer_id=customer_id,
            created_at=work.now,
            changed_at=work.now,
            **parties.cleaned(values),
        )
    )
    contact_info.set_all(work, "contact", contact.key, infos)
    if mailing:
        contact_info.set_mailing(work, "contact", contact.key, mailing)
    trigger_events.happened(work, "contact", [contact.key], "created")
    return contact


def change(
    work: Work,
    contact_id: int,
    *,
    infos: Sequence[Info] | None = None,
    mailing: str | None = None,
    expected_version: int | None = None,
    **values: Any,
) -> Contact:
    """Other values of columns, and of addresses and numbers when there are ``infos``; ``mailing`` as in ``add``.

    Raises Invalid as ``add``, Conflict when the person changed since ``expected_version`` was read.
    """
    contact = work.get(Contact, contact_id)
    values = parties.cleaned(values)
    if "name" in values:
        values["name"] = parties.one_name(values["name"], "contact")
        values["name_fold"] = fold(values["name"])
    parties.change(work, contact, values, infos=infos, expected_version=expected_version)
    if mailing is not None and contact_info.set_mailing(work, "contact", contact_id, mailing):
        work.change(contact, changed_at=work.now)
    return contact


def trash(work: Work, contact_id: int) -> Contact:
    """Put the contact person into the trash. Raises Refused when it is there."""
    contact = work.get(Contact, contact_id)
    parties.trash(work, contact)
    return contact


def restore(work: Work, contact_id: int) -> Contact:
    """Take the contact person out of the trash. Raises Refused when it is not there, or was merged."""
    contact = work.get(Contact, contact_id)
    parties.restore(work, contact)
    return contact
