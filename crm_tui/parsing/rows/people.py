"""What an address book says of one person, whatever its format: the columns that its readers give."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crm_tui.parsing.rows.sheet import Row

COLUMNS = (
    "name",
    "company",
    "role",
    "email",
    "phone",
    "web",
    "messenger",
    "address",
    "birthday",
    "notes",
)
"""Codes of our fields; several addresses, numbers and links stand on lines of their own."""


@dataclass(slots=True)
class Person:
    """One card, as it is read."""

    number: int
    name: str = ""
    company: str = ""
    role: str = ""
    birthday: str = ""
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    webs: list[str] = field(default_factory=list)
    messengers: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problem: str = ""

    def row(self) -> Row:
        """The card as a row of ``COLUMNS``."""
        cells = (
            self.name,
            self.company,
            self.role,
            lines(self.emails),
            lines(self.phones),
            lines(self.webs),
            lines(self.messengers),
            lines(" ".join(address.split()) for address in self.addresses),
            self.birthday,
            lines(self.notes),
        )
        return Row(self.number, cells, self.problem)


def lines(values: Iterable[str]) -> str:
    """Each value once, on a line of its own."""
    return "\n".join(dict.fromkeys(value.strip() for value in values if value.strip()))


def full_name(family: str, given: str, additional: str = "", prefix: str = "", suffix: str = "") -> str:
    """The parts of a name in the order in which they are said: with a patronymic the family name goes first."""
    if additional and not additional.isascii():
        parts: Sequence[str] = (prefix, family, given, additional, suffix)
    else:
        parts = (prefix, given, additional, family, suffix)
    return " ".join(" ".join(parts).split())
