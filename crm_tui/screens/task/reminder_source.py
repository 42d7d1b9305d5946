"""The rows of the reminder popup."""

from array import array
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from crm_tui.domain.clock import Clock
from crm_tui.domain.text import fold
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import _, ngettext
from crm_tui.screens.wording import due_text
from crm_tui.services.task import reminders
from crm_tui.services.task.reminders import Due
from crm_tui.store.engine import Store
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag


class ReminderSource:
    """Reminders of one person that have fired and are not answered, oldest first; hidden ones left out."""

    def __init__(self, store: Store, user_id: int, clock: Clock, zone: str) -> None:
        self._store = store
        self._user_id = user_id
        self._clock = clock
        self._zone = zone_of(zone)
        self.columns = (
            Column("text", _("Reminder"), flex=1, min_width=20, sortable=False),
            Column("when", _("When"), width=24, sortable=False),
        )

    def waiting(self) -> list[Due]:
        """What waits for an answer."""
        with self._store.read() as connection:
            return reminders.fired(connection, self._user_id)

    def of(self, ids: Sequence[int]) -> list[Due]:
        """Those of these that wait for an answer."""
        with self._store.read() as connection:
            return reminders.fired(connection, self._user_id, ids=ids)

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        """The first rows."""
        with self._store.read() as connection:
            found = reminders.fired(connection, self._user_id, limit=None if needle else limit)
        return [self._row(due) for due in _with(found, needle)[:limit]]

    def ids(self, order: Order, needle: str) -> "array[int]":
        """All ids."""
        return array("q", (due.id for due in _with(self.waiting(), needle)))

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids."""
        return {due.id: self._row(due) for due in self.of(ids)}

    def _row(self, due: Due) -> Row:
        now = self._clock()
        late = due.subject_at is not None and due.subject_at < now
        return Row(
            due.id,
            (due.text, when_text(due, now, self._zone)),
            RowFlag.OVERDUE if late else RowFlag.NONE,
        )


def _with(found: list[Due], needle: str) -> list[Due]:
    words = fold(needle).split()
    return [due for due in found if all(word in fold(due.text) for word in words)]


def when_text(due: Due, now: datetime, zone: tzinfo) -> str:
    """When the subject is, seen from now: ``in 15 min``, ``now``, ``40 min late``, or its date when far away."""
    at = due.subject_at or due.due_at
    minutes = round((at - now).total_seconds() / 60)
    if minutes == 0:
        return _("now")
    if 0 < minutes < 120:
        return ngettext("in {n} min", "in {n} min", minutes).format(n=minutes)
    if -120 < minutes < 0:
        return ngettext("{n} min late", "{n} min late", -minutes).format(n=-minutes)
    return due_text(at, now, zone)
