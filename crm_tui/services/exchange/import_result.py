"""What came of an import: its figures, and the rows that a person has to look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crm_tui.domain.errors import CrmError
from crm_tui.domain.text import clean, shorten
from crm_tui.i18n import ngettext
from crm_tui.services.exchange.import_match import Match
from crm_tui.services.exchange.import_parties import Outcome
from crm_tui.services.exchange.import_record import Record

TOLD_OF = 500
"""Duplicates and failures that a person is shown one by one."""
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that was left out, and why."""

    number: int
    cells: tuple[str, ...]
    error: CrmError
    """The reason, for ``messages.of_error``."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row that is, or may be, somebody who is here already."""

    number: int
    name: str
    match: Match
    changed: bool


@dataclass(slots=True)
class Result:
    """What an import did, or would do. ``read`` is the sum of ``new``, ``changed``, ``duplicates``, ``failed``;
    ``alike`` are those of the new ones who may be somebody who is here."""

    read: int = 0
    new: int = 0
    changed: int = 0
    duplicates: int = 0
    failed: int = 0
    alike: int = 0
    empty: int = 0
    """Lines of the file with nothing in them, which are no rows."""
    maybe: list[Duplicate] = field(default_factory=list)
    """The first of those who are new, but like somebody."""
    known: list[Duplicate] = field(default_factory=list)
    """The first of those who are here already, changed or not."""
    failures: list[Failure] = field(default_factory=list)
    """The first of them."""
    strangers: Mapping[str, int] = field(default_factory=dict)
    """Names of owners whom no user is called like; those rows belong to whoever imports."""
    failed_file: Path | None = None
    """Where the rows that were left out stand, with their reasons."""

    def counts(self) -> dict[str, int]:
        """The figures by name."""
        names = ("read", "new", "changed", "duplicates", "failed")
        return {name: getattr(self, name) for name in names}

    def count(self, record: Record, outcome: Outcome) -> None:
        """Count a row that was used."""
        told = self.known
        match outcome.verb:
            case "new":
                self.new += 1
                self.alike += outcome.match is not None
                told = self.maybe
            case "changed":
                self.changed += 1
            case _:
                self.duplicates += 1
        if outcome.match is not None and len(told) < TOLD_OF:
            told.append(Duplicate(record.number, _name(record), outcome.match, outcome.verb == "changed"))


def empty_text(count: int) -> str:
    """How many lines of the file are no rows."""
    return ngettext("{n} empty line was left out.", "{n} empty lines were left out.", count).format(n=count)


def _name(record: Record) -> str:
    parts = (record.one("last_name"), record.one("first_name"), record.one("company"))
    name = record.one("name") or " ".join(filter(None, parts))
    return shorten(clean(name), _LONGEST_NAME)
