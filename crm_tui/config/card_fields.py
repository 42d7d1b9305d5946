"""The fields in the forms of cards, as settings call them; ``custom.CODE`` is one of the company's own."""

CUSTOM = "custom."

FORM_FIELDS: dict[str, tuple[str, ...]] = {
    "customer": (
        "name", "kind", "status", "email", "phone", "web", "city", "country", "region", "address", "activity",
        "source", "tax_number", "is_person", "owner_id", "touch_days", "notes",
    ),
    "contact": (
        "name", "customer", "role", "is_key", "influence", "email", "phone", "web", "mailing", "birthday",
        "address", "owner_id", "notes",
    ),
    "lead": ("name", "company", "role", "email", "phone", "web", "city", "source", "owner_id", "notes"),
    "interest": (
        "name", "party", "person", "amount", "probability", "close", "next", "owner", "source", "purpose",
        "state", "short_status", "terms",
    ),
    "document": (
        "number", "title", "status", "customer", "entity_id", "issued_on", "valid_until", "amount", "owner_id",
        "notes",
    ),
}  # fmt: skip
"""Kind of card → its fields in the order in which they are shown unless a setting says otherwise."""


def unknown(kind: str, value: str) -> list[str]:
    """The words of a setting that are no field of the kind."""
    known = FORM_FIELDS[kind]
    return [word for word in value.split() if word not in known and not word.startswith(CUSTOM)]
