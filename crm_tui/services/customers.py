"""Customers, contact persons, leads and their contact information."""

from crm_tui.domain import address, phone
from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import clean, fold
from crm_tui.store.tables import ContactInfo, Customer, Lead
from crm_tui.store.work import Work

REGION = "KZ"
"""Country that a number without a code is dialled from, until the store's own setting says otherwise."""


def add_customer(work: Work, name: str, *, owner_id: int | None = None, city: str = "") -> Customer:
    """A new customer. Raises Invalid for an empty name."""
    name = _name(name, "customer")
    return work.add(
        Customer(
            name=name,
            name_fold=fold(name),
            city=clean(city),
            owner_id=owner_id,
            created_at=work.now,
            changed_at=work.now,
        )
    )


def add_lead(
    work: Work, name: str, *, company: str = "", source: str = "", owner_id: int | None = None
) -> Lead:
    """A new lead. Raises Invalid for an empty name."""
    name = _name(name, "lead")
    return work.add(
        Lead(
            name=name,
            name_fold=fold(f"{name} {company}"),
            company=clean(company),
            source=source,
            owner_id=owner_id,
            created_at=work.now,
            changed_at=work.now,
        )
    )


def add_email(work: Work, owner_kind: str, owner_id: int, value: str) -> ContactInfo | None:
    """Note an e-mail address; None when it is noted already. Raises Invalid for what is not an address."""
    value = clean(value).strip()
    if not address.is_valid(value):
        raise Invalid("not_an_address", value=value)
    return _add_info(work, owner_kind, owner_id, "email", value, address.normal(value))


def add_phone(
    work: Work, owner_kind: str, owner_id: int, value: str, region: str = REGION
) -> ContactInfo | None:
    """Note a phone number, mobile or not by its own digits; None when it is noted already.

    Raises Invalid for what is not a number in use.
    """
    number = phone.e164(value, region)
    if number is None:
        raise Invalid("not_a_phone", value=clean(value))
    kind = "mobile" if phone.is_mobile(number) else "phone"
    return _add_info(work, owner_kind, owner_id, kind, clean(value).strip(), number)


def _add_info(
    work: Work, owner_kind: str, owner_id: int, kind: str, value: str, normal: str
) -> ContactInfo | None:
    if work.find(ContactInfo, owner_kind=owner_kind, owner_id=owner_id, normal=normal) is not None:
        return None
    return work.add(
        ContactInfo(owner_kind=owner_kind, owner_id=owner_id, kind=kind, value=value, normal=normal)
    )


def _name(name: str, kind: str) -> str:
    name = " ".join(clean(name).split())
    if not name:
        raise Invalid("name_missing", kind=kind)
    return name
