"""Rows of a list with the looks that the user defined: the mark stands in a column of its own before the others."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from rich.cells import cell_len

from crm_tui.domain.clock import Clock
from crm_tui.domain.conditions.condition_check import Context
from crm_tui.domain.conditions.condition_fields import Subject
from crm_tui.domain.wall import zone_of
from crm_tui.services.record import row_looks, saved_filters
from crm_tui.services.record.row_looks import Look, Put
from crm_tui.store.engine import Store
from crm_tui.widgets.row_source import Column, Order, Row, RowSource, is_heading

MARK = "look"
"""Id of the column of marks."""
FRESH = timedelta(minutes=1)
"""For so long conditions about the time are asked as of one moment."""


class Looks:
    """The looks of the list of a kind as they were when its rows were last looked for. Without any, a page costs
    nothing more."""

    def __init__(self, store: Store, kind: str, clock: Clock, zone: str, user_id: int | None) -> None:
        self._store = store
        self._kind = kind
        self._clock = clock
        self._zone = zone_of(zone)
        self._user_id = user_id
        self._kept: tuple[tuple[Look, ...], Subject | None] | None = None
        self._put: tuple[datetime, Put] | None = None

    @property
    def in_force(self) -> tuple[Look, ...]:
        """Those that are put on rows."""
        return (self._kept or self.read())[0]

    def read(self) -> tuple[tuple[Look, ...], Subject | None]:
        """Ask for them anew; in the loop or in a thread."""
        with self._store.read() as connection:
            if saved_filters.has_looks(connection, self._kind, self._user_id):
                from crm_tui.services.record import condition_subjects

                subject = condition_subjects.subject(connection, self._kind)
                kept = row_looks.rows(connection, subject, self._user_id)
                self._kept = row_looks.in_force(kept), subject
            else:
                self._kept = (), None
        return self._kept

    @property
    def width(self) -> int:
        """Cells that their marks take; 0 where none is in force."""
        return max((cell_len(one.text) for one in self.in_force), default=0)

    def of(self, ids: Sequence[int]) -> Mapping[int, Look]:
        """Record → the look that is put on it."""
        looks, subject = self._kept or self.read()
        if not looks or subject is None:
            return {}
        put = self._ready(looks, subject)
        with self._store.read() as connection:
            return put.on(connection, ids)

    def put_on(self, rows: Iterable[Row]) -> list[Row]:
        """The rows with their marks and styles."""
        given = list(rows)
        if not self.in_force:
            return given
        found = self.of([row.id for row in given if not is_heading(row.id)])
        return [row if is_heading(row.id) else _marked(row, found.get(row.id)) for row in given]

    def _ready(self, looks: Sequence[Look], subject: Subject) -> Put:
        now = self._clock()
        if self._put is None or self._put[1].looks != looks or now - self._put[0] >= FRESH:
            self._put = now, Put.ready(looks, subject, Context(now, self._zone, self._user_id))
        return self._put[1]


class LookedSource:
    """The rows of another source with their looks."""

    def __init__(self, inner: RowSource, looks: Looks) -> None:
        self._inner = inner
        self._looks = looks

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those of the source, behind the marks where there are any."""
        looks = self._looks
        if not looks.in_force:
            return self._inner.columns
        return (
            Column(MARK, "", width=looks.width, sortable=False),
            *self._inner.columns,
        )

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row] | None:
        """The first rows, where they are at hand."""
        self._looks.read()
        rows = self._inner.first(order, needle, limit)
        return None if rows is None else self._looks.put_on(rows)

    def ids(self, order: Order, needle: str) -> "array[int]":
        """All ids."""
        self._looks.read()
        return self._inner.ids(order, needle)

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids."""
        found = self._inner.rows(ids)
        return {row.id: row for row in self._looks.put_on(found.values())}


def _marked(row: Row, look: Look | None) -> Row:
    if look is None:
        return replace(row, cells=("", *row.cells))
    return replace(row, cells=(look.text, *row.cells), look=look.style)
