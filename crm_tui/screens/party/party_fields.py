"""Which fields the forms of customers, contact persons, leads and legal entities have, and what is saved of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from crm_tui.domain.identity import tax_number
from crm_tui.i18n import _
from crm_tui.screens.forms.form import Field
from crm_tui.screens.party.party_form import INFO_KINDS, choice, days, infos_of, owners, tax_note
from crm_tui.services.party import contact_info
from crm_tui.services.party.contact_info import of_kinds
from crm_tui.services.party.parties import birthday
from crm_tui.store.queries.party_cards import PartyCard

Values = dict[str, Any]


def customer_fields(
    connection: Connection, card: PartyCard | None, owner_id: int | None = None
) -> list[Field]:
    """The fields of a customer; of a new one when there is no card."""
    of = card.values if card else {"kind": "customer", "owner_id": owner_id}
    return [
        Field("name", _("Name"), _text(of, "name")),
        Field(
            "kind",
            _("Kind"),
            _text(of, "kind"),
            options=choice(connection, "customer_kind", _text(of, "kind")),
        ),
        Field(
            "status",
            _("Status"),
            _text(of, "status"),
            options=choice(connection, "customer_status", _text(of, "status")),
        ),
        *_infos(card),
        Field("city", _("City"), _text(of, "city")),
        Field("country", _("Country"), _text(of, "country")),
        Field("region", _("Region"), _text(of, "region")),
        Field("address", _("Address"), _text(of, "address")),
        Field("activity", _("Activity"), _text(of, "activity")),
        Field(
            "source",
            _("Source"),
            _text(of, "source"),
            options=choice(connection, "source", _text(of, "source")),
        ),
        Field("tax_number", _("Tax number"), _text(of, "tax_number"), note=tax_note),
        Field("is_person", _("Is a person"), "yes" if of.get("is_person") else "no", options=_yes_no()),
        Field("owner_id", _("Owner"), _text(of, "owner_id"), options=owners(connection)),
        Field("touch_days", _("In touch every (days)"), _text(of, "touch_days")),
        Field("notes", _("Notes"), _text(of, "notes"), lines=3),
    ]


def customer_values(filled: Mapping[str, str]) -> Values:
    """What `customers.add` and ``change`` are given. Raises Invalid."""
    plain = ("name", "kind", "status", "city", "country", "region", "address", "activity", "source", "notes")
    return {
        **{name: filled[name] for name in plain},
        "tax_number": tax_number.checked(filled["country"], filled["tax_number"]),
        "is_person": filled["is_person"] == "yes",
        "owner_id": _id(filled["owner_id"]),
        "touch_days": days(filled, "touch_days"),
        "infos": infos_of(filled),
    }


def contact_fields(
    connection: Connection, card: PartyCard | None, customer: str = "", owner_id: int | None = None
) -> list[Field]:
    """The fields of a contact person; ``customer`` is the name of the customer."""
    of = card.values if card else {"owner_id": owner_id}
    return [
        Field("name", _("Name"), _text(of, "name")),
        Field("customer", _("Customer"), customer),
        Field("role", _("Role"), _text(of, "role")),
        Field("is_key", _("Key person"), "yes" if of.get("is_key") else "no", options=_yes_no()),
        Field(
            "influence",
            _("Influence"),
            _text(of, "influence"),
            options=choice(connection, "influence", _text(of, "influence")),
        ),
        *_infos(card),
        Field("mailing", _("E-mail for mailing"), _mailing(connection, card), note=_mailing_note),
        Field("birthday", _("Birthday"), _text(of, "birthday"), note=_birthday_note),
        Field("address", _("Address"), _text(of, "address")),
        Field("owner_id", _("Owner"), _text(of, "owner_id"), options=owners(connection)),
        Field("notes", _("Notes"), _text(of, "notes"), lines=3),
    ]


def contact_values(filled: Mapping[str, str]) -> Values:
    """What `contacts.add` and ``change`` are given, but the customer. Raises Invalid."""
    return {
        **{name: filled[name] for name in ("name", "role", "influence", "address", "notes")},
        "mailing": filled["mailing"].strip(),
        "birthday": birthday(filled["birthday"]),
        "is_key": filled["is_key"] == "yes",
        "owner_id": _id(filled["owner_id"]),
        "infos": infos_of(filled),
    }


def lead_fields(connection: Connection, card: PartyCard | None, owner_id: int | None = None) -> list[Field]:
    """The fields of a lead."""
    of = card.values if card else {"source": "hand", "owner_id": owner_id}
    return [
        Field("name", _("Name"), _text(of, "name")),
        Field("company", _("Company"), _text(of, "company")),
        Field("role", _("Role"), _text(of, "role")),
        *_infos(card),
        Field("city", _("City"), _text(of, "city")),
        Field(
            "source",
            _("Source"),
            _text(of, "source"),
            options=choice(connection, "source", _text(of, "source")),
        ),
        Field("owner_id", _("Owner"), _text(of, "owner_id"), options=owners(connection)),
        Field("notes", _("Notes"), _text(of, "notes"), lines=3),
    ]


def lead_values(filled: Mapping[str, str]) -> Values:
    """What `leads.add` and ``change`` are given. Raises Invalid."""
    return {
        **{name: filled[name] for name in ("name", "company", "role", "city", "source", "notes")},
        "owner_id": _id(filled["owner_id"]),
        "infos": infos_of(filled),
    }


def entity_fields(of: Mapping[str, Any]) -> list[Field]:
    """The fields of a legal entity, with its values or those of a new one."""
    return [
        Field("name", _("Name"), _text(of, "name")),
        Field("country", _("Country"), _text(of, "country")),
        Field("tax_number", _("Tax number"), _text(of, "tax_number"), note=tax_note),
        Field("registration_number", _("Registration number"), _text(of, "registration_number")),
        Field("address", _("Address"), _text(of, "address")),
        Field("bank_details", _("Bank details"), _text(of, "bank_details")),
        Field("notes", _("Notes"), _text(of, "notes"), lines=3),
    ]


def _infos(card: PartyCard | None) -> list[Field]:
    titles = {"email": _("E-mail"), "phone": _("Phone"), "web": _("Web, messenger")}
    infos = card.infos if card else ()
    return [Field(name, titles[name], of_kinds(infos, *kinds)) for name, kinds in INFO_KINDS.items()]


def _mailing(connection: Connection, card: PartyCard | None) -> str:
    return contact_info.mailing(connection, card.kind, card.id) if card else ""


def _mailing_note(typed: str) -> str:
    return contact_info.understood("email", typed)[1] if typed.strip() else ""


def _birthday_note(typed: str) -> str:
    return birthday(typed)


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return "" if value is None else str(value)


def _yes_no() -> list[tuple[str, str]]:
    return [("no", _("no")), ("yes", _("yes"))]


def _id(value: str) -> int | None:
    return int(value) if value else None
