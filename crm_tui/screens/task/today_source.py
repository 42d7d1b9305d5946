"""The rows of the Today screen: inquiries, tasks, meetings, what is neglected, each under its heading."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from crm_tui.domain.clock import Clock
from crm_tui.domain.text import fold
from crm_tui.domain.wall import day_start, zone_of
from crm_tui.i18n import _, ngettext
from crm_tui.screens.event.calendar_book import CalendarBook
from crm_tui.screens.task.task_source import step_title
from crm_tui.screens.wording import due_text, kind_text, list_date
from crm_tui.store.engine import Store
from crm_tui.store.queries import tasks, today
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag, heading_id, is_heading, section_of

INQUIRIES, TASKS, MEETINGS, NEGLECTED, ENDING = range(5)
NEWEST = 5
"""So many inquiries, neglected Interests and customers are named; the heading tells how many there are."""
MOST_TASKS = 200


@dataclass(frozen=True, slots=True)
class Thing:
    """What a row stands for: ``kind`` is ``inquiry``, ``inquiries`` (all), ``task``, ``event``, ``interest``,
    ``customer``, ``passed``, ``document``, or that of a call."""

    section: int
    kind: str
    record_id: int
    interest_id: int | None
    cells: tuple[str, str, str]
    flags: RowFlag = RowFlag.NONE


class TodaySource:
    """Everything that waits for one person. A row keeps its number over readings."""

    def __init__(self, store: Store, user_id: int, clock: Clock, zone: str) -> None:
        self._store = store
        self._user_id = user_id
        self._clock = clock
        self._zone = zone_of(zone)
        self._book = CalendarBook(store, user_id, clock, zone)
        self._numbers: dict[tuple[int, str, int, str], int] = {}
        self._things: dict[int, Thing] = {}
        self._headings = ("",) * 5
        self.columns = (
            Column("at", _("When"), width=20, sortable=False),
            Column("title", _("What"), flex=3, min_width=20, sortable=False),
            Column("who", _("Who"), flex=2, min_width=14, sortable=False, drop=1),
        )

    def thing(self, number: int) -> Thing | None:
        """What the row stands for."""
        return self._things.get(number)

    def number_of(self, kind: str, record_id: int) -> int | None:
        """The row of a record, of what was read before."""
        return next(
            (n for n, one in self._things.items() if (one.kind, one.record_id) == (kind, record_id)), None
        )

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row] | None:
        """The first rows, headings among them; None where the inquiries are far to seek."""
        with self._store.read() as connection:
            inquiries = today.inquiries_at_once(connection, NEWEST)
        if inquiries is None:
            return None
        wanted = self._taken(self._read(inquiries), needle)[:limit]
        rows = self.rows(wanted)
        return [rows[key] for key in wanted]

    def ids(self, order: Order, needle: str) -> "array[int]":
        """All rows under their headings; empty when nothing at all waits."""
        with self._store.read() as connection:
            inquiries = today.inquiries(connection, NEWEST)
        return self._taken(self._read(inquiries), needle)

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these numbers."""
        things = self._things
        headings = {key: Row(key, (self._headings[section_of(key)],)) for key in ids if is_heading(key)}
        return headings | {
            key: Row(key, things[key].cells, things[key].flags) for key in ids if key in things
        }

    def _taken(self, read: Sequence[Thing], needle: str) -> "array[int]":
        """The numbers of those with these words, under their headings."""
        things = {self._number(thing): thing for thing in read}
        self._things = things
        words = fold(needle).split()
        found = [n for n, one in things.items() if all(word in fold(" ".join(one.cells)) for word in words)]
        vector: array[int] = array("q")
        if not things:
            return vector
        for section in range(5):
            here = [n for n in found if things[n].section == section]
            if here or (not words and section != ENDING):
                vector.append(heading_id(section))
            vector.extend(here)
        return vector

    def _number(self, thing: Thing) -> int:
        at = thing.cells[0] if thing.section == MEETINGS else ""
        return self._numbers.setdefault(
            (thing.section, thing.kind, thing.record_id, at), len(self._numbers) + 1
        )

    def _read(self, waiting: tuple[int, list[today.Line]]) -> list[Thing]:
        inquiry_count, inquiries = waiting[0], self._inquiries(*waiting)
        task_count, late_count, due = self._tasks()
        passed, meetings = self._passed(), self._meetings()
        neglected_count, neglected = self._neglected()
        ending = self._ending()
        late = _("overdue: {n}").format(n=late_count) if late_count else ""
        many = _counted(inquiry_count)
        self._headings = (
            _some(
                _("Inquiries not processed: {n}").format(n=many),
                inquiry_count > NEWEST and _("the newest {n} stand here").format(n=NEWEST),
            ),
            _some(_("Tasks until tonight: {n}").format(n=task_count), late),
            _some(
                _("Meetings today and tomorrow: {n}").format(n=len(meetings)),
                passed and _("held or not: {n}").format(n=len(passed)),
            ),
            _some(
                _("Neglected: {n}").format(n=neglected_count),
                neglected_count > len(neglected) and _("the longest {n} stand here").format(n=len(neglected)),
            ),
            _("Contracts that end soon: {n}").format(n=len(ending)),
        )
        return [*inquiries, *due, *passed, *meetings, *neglected, *ending]

    def _inquiries(self, count: int, lines: list[today.Line]) -> list[Thing]:
        now = self._clock()
        found = [
            Thing(
                INQUIRIES,
                "inquiry",
                line.id,
                None,
                (list_date(line.at, now, self._zone), line.text, line.who),
                RowFlag.UNREAD if line.unread else RowFlag.NONE,
            )
            for line in lines
        ]
        if count > len(found):
            says = _("Enter: all {n}").format(n=_counted(count))
            found.append(Thing(INQUIRIES, "inquiries", 0, None, ("…", says, "")))
        return found

    def _tasks(self) -> tuple[int, int, list[Thing]]:
        now = self._clock()
        tonight = day_start(self._book.today() + timedelta(days=1), self._zone)
        with self._store.read() as connection:
            # A task of the whole day is due at the midnight that ends it.
            count, ids = today.tasks_due(
                connection, self._user_id, tonight + timedelta(seconds=1), MOST_TASKS
            )
            late, _ids = today.tasks_due(connection, self._user_id, now, 0)
            rows = tasks.rows(connection, ids)
            maps = tasks.maps_of_steps(connection, rows.values())
        found = []
        for row in (rows[key] for key in ids if key in rows):
            flags = RowFlag.OVERDUE if row.due_at is not None and row.due_at < now else RowFlag.NONE
            if row.priority > 0:
                flags |= RowFlag.PRIORITY
            due = due_text(row.due_at, now, self._zone, all_day=row.due_all_day)
            who = row.interest or row.customer or ""
            title = step_title(row.title, maps.get(row.id))
            found.append(Thing(TASKS, "task", row.id, row.interest_id, (due, title, who), flags))
        return count, late, found

    def _passed(self) -> list[Thing]:
        """Planned calls and meetings whose time has passed without a word (C77-10)."""
        from crm_tui.services.interaction import interaction_moves

        now = self._clock()
        with self._store.read() as connection:
            passed = interaction_moves.passed(connection, self._user_id, now)
        return [
            Thing(
                MEETINGS,
                "passed",
                one.id,
                one.interest_id,
                (
                    _("{date}: held?").format(date=list_date(one.starts_at, now, self._zone)),
                    f"{kind_text(one.kind)}: {one.subject}",
                    one.party,
                ),
                RowFlag.OVERDUE,
            )
            for one in passed
        ]

    def _meetings(self) -> list[Thing]:
        now_day = self._book.today()
        names = {now_day: _("today"), now_day + timedelta(days=1): _("tomorrow")}
        return [
            Thing(
                MEETINGS,
                item.kind,
                item.record_id,
                item.interest_id,
                (f"{names[item.day]} {item.time}", item.title, item.place),
            )
            for item in self._book.read(now_day, 2).values()
            if not item.over
        ]

    def _neglected(self) -> tuple[int, list[Thing]]:
        """Interests in which nothing was done for long, and customers without a touch for longer than we mean."""
        now = self._clock()
        with self._store.read() as connection:
            count, lines = today.neglected(connection, self._user_id, now, NEWEST)
            customer_count, customers = today.customers_neglected(connection, self._user_id, now, NEWEST)
        found = [
            Thing(NEGLECTED, "interest", line.id, line.id, (self._days(line), line.text, line.who))
            for line in lines
        ]
        found += [
            Thing(NEGLECTED, "customer", line.id, None, (self._days(line), line.text, _("Customer")))
            for line in customers
        ]
        return count + customer_count, found

    def _ending(self) -> list[Thing]:
        """Contracts in force whose term ends within a month, or has ended (IDX-13)."""
        day = self._book.today()
        with self._store.read() as connection:
            lines = today.contracts_ending(connection, self._user_id, day + today.ENDS_SOON)
        return [
            Thing(
                ENDING,
                "document",
                line.id,
                None,
                (f"{line.day:%d.%m.%y}", line.title, line.customer),
                RowFlag.OVERDUE if line.day < day else RowFlag.NONE,
            )
            for line in lines
        ]

    def _days(self, line: today.Line) -> str:
        days = (self._clock() - line.at).days
        return ngettext("{n} day", "{n} days", days).format(n=days)


def _counted(inquiries: int) -> str:
    return f"{inquiries}+" if inquiries >= today.COUNTED else str(inquiries)


def _some(*parts: object) -> str:
    """A heading of those parts that there are."""
    return " · ".join(str(part) for part in parts if part)
