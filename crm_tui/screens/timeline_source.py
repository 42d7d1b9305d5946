"""The rows of an Interest's card: what is to do, then everything that was, the newest first."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm_tui.domain.clock import Clock
from crm_tui.domain.text import fold
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import N_, _
from crm_tui.screens.wording import due_text, kind_text
from crm_tui.store.engine import Store
from crm_tui.store.queries import tasks, timeline
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag, heading_id, is_heading, section_of

STATUSES = {
    "planned": N_("planned"),
    "cancelled": N_("cancelled"),
    "open": N_("open"),
    "done": N_("done"),
    "queued": N_("waits to be sent"),
    "deferred": N_("waits to be sent"),
    "failed": N_("not sent"),
    "uncertain": N_("perhaps sent"),
}
TO_DO, HISTORY = 0, 1
HEADINGS = (N_("To do"), N_("History"))


@dataclass(frozen=True, slots=True)
class Thing:
    """What a row stands for."""

    section: int
    kind: str
    record_id: int
    row: Row
    words: str


class TimelineSource:
    """One Interest. Row ids count the things shown, from 1."""

    def __init__(self, store: Store, interest_id: int, clock: Clock, zone: str) -> None:
        self._store = store
        self._interest_id = interest_id
        self._clock = clock
        self._zone = zone_of(zone)
        self._things: dict[int, Thing] = {}
        self.columns = (
            Column("at", _("When"), width=14, sortable=False),
            Column("kind", _("What"), width=12, sortable=False),
            Column("title", _("Title"), flex=3, min_width=20, sortable=False),
            Column("detail", _("Details"), flex=2, min_width=14, sortable=False, drop=1),
        )

    def thing(self, row_id: int) -> Thing | None:
        """What the row stands for."""
        return self._things.get(row_id)

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        """The first rows, headings among them."""
        wanted = self.ids(order, needle)[:limit]
        rows = self.rows(wanted)
        return [rows[key] for key in wanted]

    def ids(self, order: Order, needle: str) -> "array[int]":
        """All ids with a heading before each section."""
        things = dict(enumerate(self._read(), 1))
        self._things = things
        words = fold(needle).split()
        vector: array[int] = array("q")
        last = -1
        for key, thing in things.items():
            if not all(word in thing.words for word in words):
                continue
            if thing.section != last:
                vector.append(heading_id(thing.section))
                last = thing.section
            vector.append(key)
        return vector

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids."""
        things = self._things
        return {
            key: Row(key, (_(HEADINGS[section_of(key)]), "", "", "")) if is_heading(key) else things[key].row
            for key in ids
            if is_heading(key) or key in things
        }

    def _read(self) -> list[Thing]:
        now = self._clock()
        with self._store.read() as connection:
            to_do = tasks.of_interest(connection, self._interest_id)
            entries = timeline.of_interest(connection, self._interest_id)
        found: list[tuple[int, str, int, tuple[str, str, str, str], RowFlag]] = []
        for task in to_do:
            late = task.due_at is not None and task.due_at < now
            due = due_text(task.due_at, now, self._zone, all_day=task.due_all_day)
            found.append(
                (
                    TO_DO,
                    "task",
                    task.id,
                    (due, _("Task"), task.title, ""),
                    RowFlag.OVERDUE if late else RowFlag.NONE,
                )
            )
        for entry in entries:
            if entry.kind == "task" and entry.status == "open":
                continue
            section = TO_DO if entry.status == "planned" else HISTORY
            late = section == TO_DO and entry.at < now
            title = _(entry.title) if entry.kind == "state" else entry.title
            cells = (due_text(entry.at, now, self._zone), kind_text(entry.kind), title, _detail(entry))
            found.append((section, entry.kind, entry.id, cells, RowFlag.OVERDUE if late else RowFlag.NONE))
        found.sort(key=lambda one: one[0])
        return [
            Thing(section, kind, record_id, Row(number, cells, flags), fold(" ".join(cells)))
            for number, (section, kind, record_id, cells, flags) in enumerate(found, 1)
        ]


def _detail(entry: timeline.Entry) -> str:
    if entry.kind == "state":
        return " · ".join(part for part in (entry.detail, entry.status) if part)
    status = STATUSES.get(entry.status)
    first_line = entry.detail.strip().splitlines()[0] if entry.detail.strip() else ""
    return " · ".join(part for part in (_(status) if status else "", first_line) if part)
