"""What a list shows: a sorted vector of ids, and rows by id. A row source knows nothing of drawing."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Flag, auto
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from textual.content import Content

ROW_LOOKS = ("bold", "accent", "warning", "muted")
"""Words for how a row can be drawn; the theme says what they are."""
Cell: TypeAlias = "str | Content"


class RowFlag(Flag):
    """What a row says by a sign in the gutter, and by weight or colour beside it."""

    NONE = 0
    UNREAD = auto()
    IMPORTANT = auto()
    OVERDUE = auto()
    PRIORITY = auto()
    """Of a task, which may be overdue as well."""
    DIMMED = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    ``width`` is in cells; a column with ``flex`` starts at ``min_width`` and shares the width that is left.
    Where not all fit, the column with the highest ``drop`` goes first, one with ``drop`` 0 never does. A column that
    is not ``shown`` has no cells: rows are only sorted by it.
    """

    id: str
    title: str
    width: int = 10
    flex: int = 0
    min_width: int = 8
    align: Literal["left", "right"] = "left"
    sortable: bool = True
    drop: int = 0
    shown: bool = True
    falling: bool = False
    """Sorted from the largest when it is first asked for."""
    in_turn: bool = True
    """Among those that one key sorts by in turn; the others are asked for by name."""


@dataclass(frozen=True, slots=True)
class Order:
    """The column to sort by; ties are broken by the source, always in the same way."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a cell a column, in the order of the columns.

    A row with a negative id is a heading: its first cell is the title of the rows that follow.
    """

    id: int
    cells: tuple[Cell, ...]
    flags: RowFlag = RowFlag.NONE
    look: str = ""
    """One of ``ROW_LOOKS``: how the whole row is drawn, beside what its cells say."""


class RowSource(Protocol):
    """The rows of one list. ``needle`` is what the user typed to filter them, "" for all."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns in the order they are drawn."""
        ...

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row] | None:
        """The first ``limit`` rows, or None where they take longer than a few milliseconds, for which the loop calls:
        the list then waits for ``ids``."""
        ...

    def ids(self, order: Order, needle: str) -> "array[int]":
        """All ids (``array("q")``), sorted. Called in a thread: use a connection of its own."""
        ...

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids, those that are gone left out. Called in the loop, for 64 ids at a time."""
        ...


def is_heading(row_id: int) -> bool:
    """A heading stands in the vector as a negative id; the cursor steps over it."""
    return row_id < 0


def heading_id(section: int) -> int:
    """The id of the heading of a section, sections counted from 0."""
    return -1 - section


def section_of(row_id: int) -> int:
    """The section of a heading, counted from 0."""
    return -1 - row_id


def with_headings(ids: Iterable[tuple[int, int]]) -> "array[int]":
    """The vector of (id, section) pairs sorted by section, with a heading before each section."""
    vector = array("q")
    last = None
    for row_id, section in ids:
        if section != last:
            vector.append(heading_id(section))
            last = section
        vector.append(row_id)
    return vector
