"""The rows of an Interest's card: what is to be checked off and to do, then everything that was, the newest first."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from crm_tui.domain.clock import Clock
from crm_tui.domain.text import clean, fold
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import N_, _
from crm_tui.screens.wording import actor_text, due_text, kind_text
from crm_tui.services.interest import checklists
from crm_tui.services.messages_process import REASONS
from crm_tui.store.engine import Store
from crm_tui.store.queries import tasks, timeline
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag, heading_id, is_heading, section_of

STATUSES = {
    "planned": N_("planned"),
    "cancelled": N_("cancelled"),
    "missed": N_("missed"),
    "open": N_("open"),
    "done": N_("done"),
    "queued": N_("waits to be sent"),
    "deferred": N_("waits to be sent"),
    "failed": N_("not sent"),
    "uncertain": N_("perhaps sent"),
    "automatic": N_("automatic"),
    "draft": N_("draft"),
    "sent": N_("sent"),
    "agreed": N_("agreed"),
    "signed": N_("signed"),
    "paid": N_("paid"),
}
CHECKLIST, TO_DO, HISTORY = 0, 1, 2
CHECKED, UNCHECKED = "[x]", "[ ]"

Cells = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Thing:
    """What a row stands for."""

    section: int
    kind: str
    record_id: int
    cells: Cells
    flags: RowFlag = RowFlag.NONE
    at: datetime | None = None
    """When it is to be done."""

    def has(self, words: Sequence[str]) -> bool:
        """Whether all the folded words stand in the row."""
        text = fold(" ".join(self.cells))
        return all(word in text for word in words)


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
            if not thing.has(words):
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
            key: Row(key, (self._heading(section_of(key)), "", "", ""))
            if is_heading(key)
            else Row(key, things[key].cells, things[key].flags)
            for key in ids
            if is_heading(key) or key in things
        }

    def _heading(self, section: int) -> str:
        if section == CHECKLIST:
            items = [thing for thing in self._things.values() if thing.section == CHECKLIST]
            done = sum(thing.cells[0] == CHECKED for thing in items)
            return _("Checklist of this state: {done} of {count}").format(done=done, count=len(items))
        return _("To do") if section == TO_DO else _("History")

    def _read(self) -> list[Thing]:
        now = self._clock()
        with self._store.read() as connection:
            found = [
                *self._checklist(connection),
                *self._tasks(connection, now),
                *self._entries(connection, now),
            ]
        found.sort(key=_place)
        return found

    def _checklist(self, connection: Connection) -> Iterable[Thing]:
        for item in checklists.of_interest(connection, self._interest_id):
            need = _("required") if item.required else ""
            how = _("checked when it is filled in") if item.field else ""
            text = _(item.text) if item.field else item.text
            cells = (CHECKED if item.checked else UNCHECKED, need, text, how)
            flags = RowFlag.DIMMED if item.checked else RowFlag.NONE
            yield Thing(CHECKLIST, "item", item.id, cells, flags)

    def _tasks(self, connection: Connection, now: datetime) -> Iterable[Thing]:
        for task in tasks.of_interest(connection, self._interest_id):
            late = task.due_at is not None and task.due_at < now
            due = due_text(task.due_at, now, self._zone, all_day=task.due_all_day)
            flags = RowFlag.OVERDUE if late else RowFlag.NONE
            yield Thing(TO_DO, "task", task.id, (due, _("Task"), task.title, ""), flags, task.due_at)

    def _entries(self, connection: Connection, now: datetime) -> Iterable[Thing]:
        for entry in timeline.of_interest(connection, self._interest_id):
            if entry.kind == "task" and entry.status == "open":
                continue
            ahead = entry.status == "planned" or (entry.kind == "event" and entry.at > now)
            section = TO_DO if ahead else HISTORY
            late = section == TO_DO and entry.at < now
            title = notice_text(entry) if entry.kind == "notice" else entry.title
            title = _(title) if entry.kind == "state" else title
            cells = (due_text(entry.at, now, self._zone), kind_text(entry.kind), title, _detail(entry))
            flags = RowFlag.OVERDUE if late else RowFlag.NONE
            yield Thing(section, entry.kind, entry.id, cells, flags, entry.at)


def _place(thing: Thing) -> tuple[int, bool, float]:
    """What is to do in the order in which it is due, what has none last; the rest as it was read."""
    if thing.section != TO_DO:
        return thing.section, False, 0
    return TO_DO, thing.at is None, thing.at.timestamp() if thing.at else 0


def _detail(entry: timeline.Entry) -> str:
    lines = [line for line in entry.detail.strip().splitlines() if line.strip()]
    if entry.kind == "state":
        return " · ".join([*lines, actor_text(entry.status)] if entry.status else lines)
    if entry.kind == "notice":
        return " · ".join([clean(entry.title), _step(entry)])
    known = [_(STATUSES[one]) for one in (entry.status, *lines[:1]) if one in STATUSES]
    said = [*known, *(line for line in lines[:1] if line not in STATUSES)]
    if entry.step:
        automatic = _("automatic")
        said = [automatic, _step(entry), *(part for part in said if part != automatic)]
    return " · ".join(said)


def notice_text(entry: timeline.Entry) -> str:
    """Why a process did not notify, and of which fields there was no value; of what it did, what it was."""
    reason, _line, more = entry.detail.partition("\n")
    if not reason:
        return _("SMS")
    return f"{_(REASONS.get(reason, reason))} {clean(more)}".rstrip()


def _step(entry: timeline.Entry) -> str:
    return _("step {step}").format(step=clean(entry.step))
