"""What a column of a file can be: the fields of each kind of record, and how files call them in our languages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from crm_tui.domain.text import fold
from crm_tui.i18n import N_, _
from crm_tui.services.exchange.import_words import WORDS
from crm_tui.store.tables import table_of

KINDS = {
    "customers": N_("Customers"),
    "contacts": N_("Contact persons"),
    "leads": N_("Leads"),
    "interests": N_("Interests"),
}
"""What can be imported, with its title; the modes that show it are called so, too."""
RECORD_KIND = {"contacts": "contact", "customers": "customer", "leads": "lead", "interests": "interest"}
OWN = "custom:"
"""Before the code of a field that the company added."""


@dataclass(frozen=True, slots=True)
class Target:
    """A field that a column can go to."""

    code: str
    label: str
    """English source text; that of a field of the company's own is shown as it is."""
    words: frozenset[str] = frozenset()
    """Folded names that columns for it have."""
    many: bool = False
    """Several columns may go to it."""
    own_type: str = ""
    """Type of a field that the company added."""

    @property
    def shown(self) -> str:
        """Its name for a person."""
        return self.label if self.code.startswith(OWN) else _(self.label)


def _target(code: str, label: str, *called: str, many: bool = False) -> Target:
    """A field; ``called`` are the entries of ``import_words`` with the names of its columns."""
    words = (
        word for entry in called or (code,) for word in WORDS.get(entry, "").replace("\n", "|").split("|")
    )
    return Target(
        code, label, frozenset(fold(word) for word in (code.replace("_", " "), label, *words) if word), many
    )


_NAMES = (
    _target("first_name", N_("First name")),
    _target("middle_name", N_("Patronymic")),
    _target("last_name", N_("Family name")),
)
_REACHABLE = (
    _target("email", N_("E-mail"), many=True),
    _target("phone", N_("Phone"), many=True),
    _target("web", N_("Web page"), many=True),
    _target("messenger", N_("Messenger"), many=True),
)
_ABOUT = (
    _target("notes", N_("Notes"), many=True),
    _target("owner", N_("Owner")),
)
_ROLE = _target("role", N_("Role"))
_PARTS = (
    _target("address", N_("Address"), many=True),
    _target("street", N_("Street"), many=True),
    _target("zip", N_("Postcode"), many=True),
    _target("city", N_("City"), many=True),
    _target("region", N_("Region"), many=True),
    _target("country", N_("Country"), many=True),
)
_BIRTHDAY = (
    _target("birthday", N_("Birthday")),
    _target("birth_year", N_("Year of birth")),
    _target("birth_month", N_("Month of birth")),
    _target("birth_day", N_("Day of birth")),
)
_SOURCE = _target("source", N_("Source"))
_PERSON_NAME = _target("name", N_("Name"), "person")

TARGETS: Mapping[str, tuple[Target, ...]] = {
    "contacts": (
        _PERSON_NAME,
        *_NAMES,
        _target("company", N_("Customer")),
        _ROLE,
        *_REACHABLE,
        *_PARTS,
        *_BIRTHDAY,
        *_ABOUT,
    ),
    "customers": (
        _target("name", N_("Name"), "company", "firm"),
        _target("kind", N_("Kind")),
        _target("status", N_("Status")),
        _target("tax_number", N_("Tax number")),
        _target("activity", N_("Line of business")),
        *_PARTS,
        *_REACHABLE,
        _BIRTHDAY[0],
        _SOURCE,
        _target("touch_days", N_("In touch every … days")),
        *_ABOUT,
    ),
    "leads": (
        _PERSON_NAME,
        *_NAMES,
        _target("company", N_("Company")),
        _ROLE,
        *_REACHABLE,
        next(part for part in _PARTS if part.code == "city"),
        _SOURCE,
        _target("purpose", N_("Purpose"), "lead_purpose"),
        *_ABOUT,
    ),
    "interests": (
        _target("name", N_("Name"), "interest"),
        _target("customer", N_("Customer"), "company"),
        _target("contact", N_("Contact")),
        _target("scenario", N_("Scenario")),
        _target("state", N_("State")),
        _target("amount", N_("Amount")),
        _target("currency", N_("Currency")),
        _target("product", N_("Product")),
        _target("probability", N_("Probability")),
        _target("created", N_("Created")),
        _target("closed", N_("Closed")),
        _target("expected_close", N_("Expected close")),
        _target("close_reason", N_("Why it was closed")),
        _target("short_status", N_("In short")),
        _target("terms", N_("Terms"), many=True),
        _target("purpose", N_("Purpose")),
        _SOURCE,
        next(one for one in _ABOUT if one.code == "owner"),
    ),
}


def targets(connection: Connection, kind: str) -> tuple[Target, ...]:
    """The fields of a kind, those that the company added behind."""
    from crm_tui.store.tables.cards import CustomField

    field = table_of(CustomField)
    query = (
        select(field.c.code, field.c.label, field.c.type)
        .where(field.c.record_kind == RECORD_KIND[kind], ~field.c.archived)
        .order_by(field.c.position, field.c.id)
    )
    own = tuple(
        Target(
            OWN + row.code,
            row.label,
            frozenset((fold(row.code), fold(row.label), fold(OWN + row.code))),
            own_type=row.type,
        )
        for row in connection.execute(query)
    )
    # What an export calls the field in the language of this program is one of its names, too.
    known = (replace(one, words=one.words | {fold(one.shown)}) for one in TARGETS[kind])
    return (*known, *own)
