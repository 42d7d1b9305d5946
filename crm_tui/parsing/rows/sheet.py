"""What every reader gives: the names of the columns, and rows of text one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, field

LONGEST_LINE = 2**20
"""Characters of one line of text, and of one record of JSON."""
MOST_COLUMNS = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the file. ``number`` is the line, row or card by which a person finds it, counted from 1."""

    number: int
    cells: tuple[str, ...]
    problem: str = ""
    """Why nothing can be made of it: ``no_person``, ``field_too_long``, ``too_many_columns``; empty where it can."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read; what is empty is guessed."""

    charset: str = ""
    delimiter: str = ""
    headings: bool | None = None
    """Whether the first row names the columns."""
    table: str = ""
    """Name of the sheet of a workbook."""


@dataclass(slots=True)
class Empty:
    """Lines without anything in them that a reader has left out so far."""

    lines: int = 0


@dataclass(slots=True)
class Sheet:
    """An open file. ``rows`` can be gone through once."""

    format: str
    """``csv``, ``xlsx``, ``xls``, ``ods``, ``vcf``, ``ldif``, ``dbf`` or ``json``."""
    columns: tuple[str, ...]
    rows: Iterator[Row]
    reading: Reading = field(default_factory=Reading)
    """How it was read."""
    codes: bool = False
    """The columns are named by codes of our own fields (an address book)."""
    empty: Empty = field(default_factory=Empty)
    """Those of a table; complete when all rows were gone through."""
