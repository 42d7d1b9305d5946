"""The fields of records by their columns: what each is called, and what it holds.

One table for whatever shows or asks for a field by name: history, merging, gaps in a card, conditions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from crm_tui.i18n import N_

Holds = Literal[
    "text", "long_text", "number", "per_cent", "money", "date", "instant", "yes_no", "word", "record"
]


@dataclass(frozen=True, slots=True)
class RecordField:
    """A field of a kind of record."""

    name: str
    """Its column."""
    label: str
    """Source text."""
    holds: Holds
    of: str = ""
    """The list of a ``word`` (`services.record.lists`), the table of a ``record``."""


_NAME = RecordField("name", N_("Name"), "text")
_NOTES = RecordField("notes", N_("Notes"), "long_text")
_CITY = RecordField("city", N_("City"), "text")
_ADDRESS = RecordField("address", N_("Address"), "long_text")
_OWNER = RecordField("owner_id", N_("Owner"), "record", "user")
_BIRTHDAY = RecordField("birthday", N_("Birthday"), "text")
_SOURCE = RecordField("source", N_("Source"), "word", "source")
_CUSTOMER = RecordField("customer_id", N_("Customer"), "record", "customer")
_CONTACT = RecordField("contact_id", N_("Contact person"), "record", "contact")
_LEAD = RecordField("lead_id", N_("Lead"), "record", "lead")
_INTEREST = RecordField("interest_id", N_("Interest"), "record", "interest")
_AMOUNT = RecordField("amount_minor", N_("Amount"), "money")
_CURRENCY = RecordField("currency", N_("Currency"), "text")
_TAX_NUMBER = RecordField("tax_number", N_("Tax number"), "text")
_COUNTRY = RecordField("country", N_("Country"), "text")
_PARTY_ENDS = (
    RecordField("merged_into_id", N_("Merged into"), "record", "customer"),
    RecordField("trashed_at", N_("In the trash since"), "instant"),
)


def _kind(*fields: RecordField) -> Mapping[str, RecordField]:
    return {field.name: field for field in fields}


FIELDS: Mapping[str, Mapping[str, RecordField]] = {
    "customer": _kind(
        _NAME,
        RecordField("kind", N_("Kind"), "word", "customer_kind"),
        RecordField("status", N_("Status"), "word", "customer_status"),
        RecordField("is_person", N_("A person"), "yes_no"),
        _TAX_NUMBER,
        _COUNTRY,
        RecordField("region", N_("Region"), "text"),
        _CITY,
        _ADDRESS,
        RecordField("activity", N_("Activity"), "text"),
        _SOURCE,
        _OWNER,
        RecordField("touch_days", N_("In touch every, days"), "number"),
        _BIRTHDAY,
        _NOTES,
        *_PARTY_ENDS,
    ),
    "contact": _kind(
        _NAME,
        _CUSTOMER,
        RecordField("role", N_("Role"), "text"),
        RecordField("is_key", N_("Key person"), "yes_no"),
        RecordField("influence", N_("Influence"), "word", "influence"),
        _BIRTHDAY,
        _ADDRESS,
        _OWNER,
        _NOTES,
        *_PARTY_ENDS,
    ),
    "lead": _kind(
        _NAME,
        RecordField("company", N_("Firm"), "text"),
        RecordField("role", N_("Role"), "text"),
        _CITY,
        _SOURCE,
        RecordField("purpose", N_("Purpose"), "text"),
        RecordField("status", N_("Status"), "text"),
        RecordField("close_reason", N_("Reason"), "word", "lost_reason"),
        _OWNER,
        _CUSTOMER,
        _CONTACT,
        RecordField("converted_at", N_("Made a customer"), "instant"),
        _NOTES,
        *_PARTY_ENDS,
    ),
    "interest": _kind(
        _NAME,
        RecordField("scenario_id", N_("Scenario"), "record", "scenario"),
        RecordField("state_id", N_("State"), "record", "state"),
        _CUSTOMER,
        _CONTACT,
        _LEAD,
        _OWNER,
        _AMOUNT,
        _CURRENCY,
        RecordField("probability", N_("Probability, %"), "per_cent"),
        RecordField("expected_close", N_("Expected close"), "date"),
        RecordField("next_contact_at", N_("Next contact"), "instant"),
        RecordField("short_status", N_("Short status"), "text"),
        RecordField("terms", N_("Terms"), "long_text"),
        _SOURCE,
        RecordField("purpose", N_("Purpose"), "text"),
        RecordField("close_reason", N_("Reason"), "word", "lost_reason"),
        RecordField("closed_at", N_("Closed"), "instant"),
        RecordField("state_since", N_("In the state since"), "instant"),
        RecordField("trashed_at", N_("In the trash since"), "instant"),
    ),
    "legal_entity": _kind(
        _NAME,
        _COUNTRY,
        _TAX_NUMBER,
        RecordField("registration_number", N_("Registration number"), "text"),
        _ADDRESS,
        RecordField("bank_details", N_("Bank details"), "long_text"),
        _NOTES,
        RecordField("trashed_at", N_("In the trash since"), "instant"),
    ),
    "document": _kind(
        RecordField("kind", N_("Kind"), "text"),
        RecordField("number", N_("Number"), "text"),
        RecordField("title", N_("Title"), "text"),
        RecordField("status", N_("Status"), "text"),
        RecordField("issued_on", N_("Issued"), "date"),
        RecordField("valid_until", N_("Valid until"), "date"),
        _AMOUNT,
        _CURRENCY,
        _INTEREST,
        _CUSTOMER,
        _CONTACT,
        RecordField("entity_id", N_("Legal entity"), "record", "legal_entity"),
        _OWNER,
        _NOTES,
        RecordField("trashed_at", N_("In the trash since"), "instant"),
    ),
    "task": _kind(
        RecordField("title", N_("Title"), "text"),
        RecordField("status", N_("Status"), "text"),
        RecordField("due_at", N_("Due"), "instant"),
        RecordField("priority", N_("Priority"), "number"),
        RecordField("assignee_id", N_("Assignee"), "record", "user"),
        RecordField("stands_for_id", N_("Stands in for"), "record", "user"),
        _INTEREST,
        _CUSTOMER,
        _CONTACT,
        _LEAD,
        RecordField("result", N_("Result"), "long_text"),
        RecordField("done_at", N_("Done"), "instant"),
        _NOTES,
    ),
    "interaction": _kind(
        RecordField("kind", N_("Kind"), "text"),
        RecordField("status", N_("Status"), "text"),
        RecordField("subject", N_("Subject"), "text"),
        RecordField("starts_at", N_("Begins"), "instant"),
        RecordField("ends_at", N_("Ends"), "instant"),
        RecordField("phone", N_("Number"), "text"),
        RecordField("result", N_("Result"), "long_text"),
        RecordField("attempts", N_("Attempts"), "number"),
        _INTEREST,
        _CUSTOMER,
        _CONTACT,
        _LEAD,
        _OWNER,
    ),
}
"""Kind of record (its table) → its fields in the order in which they are shown."""

DERIVED = frozenset({"id", "version", "name_fold", "title_fold", "created_at", "changed_at", "custom"})
"""Columns that nobody fills in: they follow from others, or are the row's own."""


def label(kind: str, name: str) -> str:
    """The source text of what a field is called; its column's name where the table does not know it."""
    field = FIELDS.get(kind, {}).get(name)
    return field.label if field else name


def in_order(kind: str, names: Iterable[str]) -> list[str]:
    """The names in the order in which fields are shown; those that are not known last."""
    places = {name: place for place, name in enumerate(FIELDS.get(kind, {}))}
    return sorted(names, key=lambda name: (places.get(name, len(places)), name))
