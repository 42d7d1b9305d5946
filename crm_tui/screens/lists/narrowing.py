"""What a filter leaves of a list of records: looked for in a thread, used by the list's source in the loop."""

import json
from collections.abc import Iterable, Set

from sqlalchemy import ColumnElement, Connection, func, select

from crm_tui.domain.clock import Clock
from crm_tui.domain.conditions import condition
from crm_tui.domain.conditions.condition import Condition
from crm_tui.domain.conditions.condition_check import Context
from crm_tui.domain.conditions.condition_fields import Subject
from crm_tui.domain.wall import zone_of
from crm_tui.store import record_conditions
from crm_tui.store.engine import Store
from crm_tui.store.record_sources import record_table


class Narrowing:
    """The condition in force over the records of a kind, and the ids for which it held when last looked."""

    def __init__(self, store: Store, kind: str, clock: Clock, zone: str, user_id: int | None) -> None:
        self.kind = kind
        self.condition: Condition | None = None
        self._store = store
        self._clock = clock
        self._zone = zone_of(zone)
        self._user_id = user_id
        self._subject: Subject | None = None
        self._ids: list[int] = []
        self._is_fresh = False

    def ask(self, wanted: Condition | None, subject: Subject | None = None) -> None:
        """Another condition, or none."""
        self.condition, self._subject, self._ids, self._is_fresh = wanted, subject, [], False

    def look(self, connection: Connection) -> int:
        """Look for what fits; how many. Called in a thread: it may read every record."""
        if self.condition is None or self._subject is None:
            return 0
        context = Context(self._clock(), self._zone, self._user_id)
        self._ids = record_conditions.ids(connection, self.condition, self._subject, context)
        self._is_fresh = True
        return len(self._ids)

    def asks_about(self, names: Set[str]) -> bool:
        """Whether the condition is about one of these fields."""
        return self.condition is not None and not names.isdisjoint(condition.fields(self.condition))

    def clause(self, *, anew: bool = False) -> ColumnElement[bool] | None:
        """The clause over the table of the kind; None for everything. ``anew``: looked for again, in a thread."""
        if self.condition is None:
            return None
        if anew and not self._is_fresh:
            with self._store.read() as connection:
                self.look(connection)
        if anew:
            self._is_fresh = False
        return self._clause()

    def _clause(self) -> ColumnElement[bool]:
        listed = func.json_each(json.dumps(self._ids)).table_valued("value")
        return record_table(self.kind).c.id.in_(select(listed.c.value))


class Listed(Narrowing):
    """Certain records, whatever holds for them: those behind a number of a report."""

    def __init__(self, store: Store, kind: str, ids: Iterable[int]) -> None:
        super().__init__(store, kind, store.clock, "UTC", None)
        self._ids = list(ids)

    def asks_about(self, names: Set[str]) -> bool:
        """Closed and finished ones are among them, too."""
        return True

    def clause(self, *, anew: bool = False) -> ColumnElement[bool] | None:
        """Those that are there still."""
        return self._clause()


def clause_of(narrowing: Narrowing | None, *, anew: bool) -> ColumnElement[bool] | None:
    """The clause of a list that may be narrowed."""
    return None if narrowing is None else narrowing.clause(anew=anew)


def asks_about(narrowing: Narrowing | None, names: Set[str]) -> bool:
    """Whether a list that may be narrowed is narrowed by one of these fields."""
    return narrowing is not None and narrowing.asks_about(names)
