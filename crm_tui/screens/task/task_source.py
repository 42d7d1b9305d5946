"""The rows of the My Tasks list: sections by due time, the overdue first."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict

from sqlalchemy import ColumnElement

from crm_tui.domain.clock import Clock
from crm_tui.domain.task.urgency import Urgency, Weights
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import N_, _
from crm_tui.screens.lists.narrowing import Narrowing, asks_about, clause_of
from crm_tui.screens.wording import due_text
from crm_tui.services.task.tasks import PRIORITIES
from crm_tui.store.engine import Store
from crm_tui.store.queries import task_urgency, tasks
from crm_tui.store.queries.tasks import SECTIONS, TaskRow
from crm_tui.widgets.row_source import (
    Column,
    Order,
    Row,
    RowFlag,
    is_heading,
    section_of,
    with_headings,
)

HEADINGS = {
    "overdue": N_("Overdue"),
    "today": N_("Today"),
    "week": N_("Next 7 days"),
    "later": N_("Later"),
    "none": N_("Without a date"),
    "done": N_("Done"),
}

ABOUT_DONE = frozenset({"status", "done_at", "result"})
"""A filter by these finds finished tasks too."""


class _Which(TypedDict):
    needle: str
    done: bool
    clause: ColumnElement[bool] | None


class TaskSource:
    """The tasks of one person; finished ones too when ``done``. ``weights``: of urgency, as they are now."""

    def __init__(
        self, store: Store, user_id: int, clock: Clock, zone: str, weights: Callable[[], Weights]
    ) -> None:
        self._store = store
        self._user_id = user_id
        self._clock = clock
        self._zone = zone_of(zone)
        self._weights = weights
        self.done = False
        self.narrowing: Narrowing | None = None
        self.columns = (
            Column("due", _("Due"), width=14),
            Column("title", _("Task"), flex=3, min_width=32, in_turn=False),
            Column("interest", _("Interest"), flex=2, min_width=14, in_turn=False, drop=1),
            Column("urgency", _("Urgency"), width=10, align="right", falling=True, drop=2),
            Column("process", _("Process"), flex=1, min_width=18, sortable=False, drop=3),
            Column("customer", _("Customer"), flex=2, min_width=14, drop=4),
            Column("priority", _("Priority"), width=9, falling=True, drop=5),
            Column("author", _("Given by"), width=14, drop=6),
            Column("performer", _("Performer"), width=14, sortable=False, drop=7),
            Column("absent", _("In place of"), width=14, sortable=False, drop=8),
            Column("created", _("Created"), width=14, falling=True, drop=9),
        )

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row] | None:
        """The first rows, headings among them. How much thousands of tasks press takes a thread a while."""
        if order.column == "urgency":
            return None
        wanted = list(self._ids(order, needle, anew=False, limit=limit)[:limit])
        rows = self.rows([key for key in wanted if not is_heading(key)])
        return [
            self._heading(key) if is_heading(key) else rows[key] for key in wanted if self._there(key, rows)
        ]

    def ids(self, order: Order, needle: str) -> "array[int]":
        """All ids: by urgency, or by due time with a heading before each section."""
        return self._ids(order, needle, anew=True)

    def _ids(self, order: Order, needle: str, *, anew: bool, limit: int | None = None) -> "array[int]":
        done = self.done or asks_about(self.narrowing, ABOUT_DONE)
        which: _Which = {"needle": needle, "done": done, "clause": clause_of(self.narrowing, anew=anew)}
        falling = order.descending
        with self._store.read() as connection:
            if order.column == "urgency":
                pressing = task_urgency.by_urgency(
                    connection,
                    self._user_id,
                    self._clock(),
                    self._weights(),
                    **which,
                )
                return array("q", pressing if falling else reversed(pressing))
            if order.column in tasks.SORTS:
                return tasks.sorted_by(
                    connection, self._user_id, order.column, descending=falling, limit=limit, **which
                )
            found = tasks.sections(
                connection,
                self._user_id,
                self._clock(),
                self._zone,
                descending=falling,
                limit=limit,
                **which,
            )
        return with_headings(found)

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids."""
        with self._store.read() as connection:
            found = tasks.rows(connection, [key for key in ids if not is_heading(key)])
            maps = tasks.maps_of_steps(connection, found.values())
            pressing = task_urgency.of_tasks(connection, list(found), self._clock(), self._weights())
        rows = {key: self._row(row, maps.get(key), pressing.get(key)) for key, row in found.items()}
        return rows | {key: self._heading(key) for key in ids if is_heading(key)}

    def _row(self, row: TaskRow, by: tuple[str, str] | None, pressing: Urgency | None) -> Row:
        now = self._clock()
        flags = RowFlag.NONE
        if row.status == "open" and row.due_at is not None and row.due_at < now:
            flags |= RowFlag.OVERDUE
        if row.priority > 0:
            flags |= RowFlag.PRIORITY
        if row.status != "open":
            flags |= RowFlag.DIMMED
        due = due_text(row.due_at, now, self._zone, all_day=row.due_all_day)
        title = step_title(row.title, by)
        urgency = "" if pressing is None else f"{pressing.figure:.1f}"
        whose = row.interest or row.customer or ""
        cells = (
            due,
            title,
            whose,
            urgency,
            " ".join(by or ()).strip(),
            row.customer or "",
            _(PRIORITIES[row.priority]) if row.priority else "",
            row.author or "",
            row.performer,
            row.absent or "",
            due_text(row.created_at, now, self._zone),
        )
        return Row(row.id, cells, flags)

    def _heading(self, key: int) -> Row:
        return Row(key, (_(HEADINGS[SECTIONS[section_of(key)]]),))

    @staticmethod
    def _there(key: int, rows: Mapping[int, Row]) -> bool:
        return is_heading(key) or key in rows


def step_title(title: str, by: tuple[str, str] | None) -> str:
    """The title of a task; that of a step has the map before it, by its number where it has one."""
    return title if by is None else f"[{by[0] or by[1]}] {title}"
