"""A person whose data the store holds: the words by which they are known, and the ids of what is theirs (C-13)."""

import re
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, String, and_, false, func, or_, type_coerce

from crm_tui.domain.text import fold
from crm_tui.store.erasing import Column, among

ERASED = "[erased]"
"""What stands in the place of a name or title."""
KINDS = ("customer", "contact", "lead")
_SHORT = 4
"""A word of a name with fewer letters stands for itself alone; a longer one also with another ending."""


@dataclass(slots=True)
class Person:
    """The rows that are of a person, by their ids, and the words by which the person is known."""

    kind: str
    id: int
    parties: dict[str, set[int]]
    title: str = ""
    """The name at present."""
    names: tuple[str, ...] = ()
    """All names, those of earlier too."""
    addresses: tuple[str, ...] = ()
    """E-mail addresses that are nobody else's, case-folded."""
    numbers: tuple[str, ...] = ()
    """Phone numbers and the like that are nobody else's, as typed and in their normal form."""
    shared: tuple[str, ...] = ()
    """Addresses and numbers that another record has too: what came from those is not taken for this person's."""
    rows: dict[str, set[int]] = field(default_factory=dict)
    """Ids of rows by table: what is theirs."""
    kept: dict[str, set[int]] = field(default_factory=dict)
    """Of ``rows`` those in which only the name is replaced: papers and Interests with money, and what is a firm's."""
    threads: tuple[str, ...] = ()
    """Message-IDs of their letters by which no other letter is joined to its thread."""
    with_others: int = 0
    """Letters in which others take part who are neither this person nor a mailbox of ours."""

    def of(self, name: str) -> set[int]:
        """Ids of the rows of a table."""
        return self.rows.get(name, set())

    @property
    def words(self) -> tuple[str, ...]:
        """Names, addresses and numbers, the longest first."""
        return tuple(sorted({*self.names, *self.addresses, *self.numbers}, key=len, reverse=True))

    def is_party(
        self, kind: str, key: ColumnElement[Any], record_id: ColumnElement[Any]
    ) -> ColumnElement[bool]:
        """The clause that a row says ``kind`` and the id of a record of this person."""
        return and_(key == kind, among(record_id, self.parties[kind]))

    def mentioned(self, column: Column, *names: str) -> ColumnElement[bool]:
        """The clause that one of the columns says a name, address or number of the person."""
        said = [func.crm_fold(type_coerce(column(name), String)) for name in names]
        return or_(
            false(), *(each.contains(fold(word), autoescape=True) for each in said for word in self.words)
        )


def replaced(person: Person, text: str, by: str) -> str:
    """The text with every name, address and number of the person replaced; names also with other endings."""
    parts = [re.escape(word) for word in person.words]
    said = {word for name in person.names for word in name.split()}
    for name in sorted(said, key=len, reverse=True):
        if name.isalpha() and len(name) >= _SHORT:
            parts.append(rf"\b{re.escape(name[:-1])}\w{{0,3}}\b")
        elif name.isalpha() and len(name) > 1:
            parts.append(rf"\b{re.escape(name)}\b")
    return re.sub("|".join(parts), lambda _found: by, text, flags=re.IGNORECASE) if parts else text


def own_interests(person: Person) -> set[int]:
    """Interests that are this person's and no firm's nor kept."""
    return person.of("interest") - person.kept["interest"]
