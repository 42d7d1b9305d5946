"""The records behind a number of a report: the usual rows of their kind, and the usual acts on many."""

from collections.abc import Sequence

from textual.content import Content

from crm_tui.domain.errors import Refused
from crm_tui.i18n import _
from crm_tui.screens.interaction.journal_source import JournalSource
from crm_tui.screens.interest.interest_source import InterestSource
from crm_tui.screens.lists.bulk_acts import BulkActs
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.narrowing import Listed
from crm_tui.screens.task.task_commands import TaskCommands
from crm_tui.screens.task.task_source import TaskSource
from crm_tui.store.queries import tasks
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order, RowSource

ORDERS = {"interest": Order("changed", descending=True), "task": Order("due"), "interaction": Order("")}


class BehindScreen(BulkActs, TaskCommands, ListScreen[None]):
    """``kind``: ``interest``, ``interaction``, or ``task`` of one person. Enter opens the record; of a task, what it
    belongs to."""

    SCOPES = ("records",)
    TABLES = frozenset({"interest", "interaction", "task"})

    def __init__(self, title: str, kind: str, ids: Sequence[int]) -> None:
        super().__init__()
        self._title, self._kind, self._ids = title, kind, ids

    def list_title(self) -> str:
        return self._title

    def make_list(self) -> RecordList:
        gone = Content(_("They are not there any more."))
        return RecordList(self._source(), ORDERS[self._kind], empty=gone)

    def _source(self) -> RowSource:
        ports, listed = self.shell.ports, Listed(self.store, self._kind, self._ids)
        source: InterestSource | TaskSource | JournalSource
        if self._kind == "interest":
            source = InterestSource(self.store, ports.clock, ports.zone)
        elif self._kind == "task":
            weights = self.shell.settings.config.urgency
            source = TaskSource(self.store, self._performer(), ports.clock, ports.zone, lambda: weights)
        else:
            source = JournalSource(self.store, ports.clock, ports.zone)
        source.narrowing = listed
        return source

    def record_here(self) -> tuple[str, int]:
        """For commands that work with any record."""
        return self._kind, self._current()

    def bulk_kind(self) -> str:
        return self._kind

    def bulk_ids(self) -> Sequence[int]:
        return self._list.marked_ids() or (self._current(),)

    def bulk_found(self) -> Sequence[int]:
        return self._list.marked_ids() or [key for key in self._list.ids if key > 0]

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        if self._kind != "task":
            self.shell.run_command(f"everywhere.show_{self._kind}", str(event.id))
        elif not self.open_task(event.id):
            raise Refused("task_of_nothing")

    def _performer(self) -> int:
        with self.store.read() as connection:
            return tasks.performer_of(connection, self._ids[0])

    def _current(self) -> int:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._list.current_id
