"""My Tasks: what this person has to do, the overdue first; a new task is one typed line."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from textual.content import Content
from textual.widget import Widget

from crm_tui.domain.errors import Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _, ngettext
from crm_tui.screens.base import CrmScreen, Topics
from crm_tui.screens.forms.prompt import Prompt
from crm_tui.screens.forms.report import Report
from crm_tui.screens.lists.bulk_acts import BulkActs
from crm_tui.screens.lists.list_filter import NarrowedLine
from crm_tui.screens.lists.list_search import ListSearch, SearchBar
from crm_tui.screens.lists.looked_list import LookedList
from crm_tui.screens.task.task_commands import TaskCommands
from crm_tui.screens.task.task_dates import due_of
from crm_tui.screens.task.task_source import TaskSource
from crm_tui.services.task import tasks
from crm_tui.store.queries import task_urgency
from crm_tui.store.queries.tasks import TaskRow
from crm_tui.store.work import Work
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order, is_heading


class TasksScreen(BulkActs, LookedList, ListSearch, TaskCommands, CrmScreen[None]):
    """The list of the user's tasks."""

    SCOPES = ("tasks", "records")

    def compose_body(self) -> Iterable[Widget]:
        ports = self.shell.ports
        self._source = TaskSource(
            self.store, self._user_id, ports.clock, ports.zone, lambda: self.shell.settings.config.urgency
        )
        self._list = RecordList(self.looked(self._source), Order("due"), empty=Content(self.empty_text()))
        yield NarrowedLine()
        yield self._list
        yield SearchBar(self._list)

    def on_mount(self) -> None:
        self._list.focus()

    def reload(self) -> None:
        self._list.reload()

    def store_changed(self, topics: Topics) -> None:
        self.take_looks(topics)
        if topics.keys() & {"task", "interest", "customer", "*"}:
            self._list.reload()

    def session_state(self) -> dict[str, Any]:
        return {
            "task": self._list.current_id,
            "needle": self._list.needle,
            "order": [self._list.order.column, self._list.order.descending],
            "filter": self.filter_state(),
        }

    def restore_session(self, state: Mapping[str, Any]) -> None:
        order = state.get("order")
        if isinstance(order, list) and order[0] in {one.id for one in self._source.columns if one.sortable}:
            self._list.set_order(Order(str(order[0]), bool(order[1])))
        if state.get("needle"):
            self.query_one(SearchBar).open(str(state["needle"]))
        if isinstance(state.get("task"), int):
            self._list.go_to(state["task"])
        self.restore_filter(state.get("filter"), state.get("task"))

    def bulk_kind(self) -> str:
        return "task"

    def bulk_ids(self) -> Sequence[int]:
        return self._chosen()

    def bulk_found(self) -> Sequence[int]:
        return self._list.marked_ids() or [key for key in self._list.ids if not is_heading(key)]

    def looked_records(self) -> RecordList:
        return self._list

    def filtered_kind(self) -> str:
        return "task"

    def filtered_source(self) -> TaskSource:
        return self._source

    def empty_text(self) -> str:
        return _("Nothing to do. n: a new task, typed in one line.")

    async def command_tasks_new(self, argument: str = "") -> None:
        """A task in one line; the date in it may be words."""
        task_id = await self.add_task(argument)
        if task_id is not None:
            self._list.reload()
            self._list.go_to(task_id)

    async def command_tasks_done(self, argument: str = "") -> None:
        """The marked tasks, or the one under the cursor, are done; of several, steps of a process that ask for
        something are left and listed."""
        chosen = self._chosen()
        if len(chosen) == 1:
            await self.finish_task(chosen[0])
            return
        done = await self.act_on_each("task.done", chosen, tasks.done)
        if done:
            self.say_finished(len(done))

    async def command_tasks_move(self, argument: str = "") -> None:
        """Another due time for the marked tasks, or the one under the cursor."""
        await self.move_tasks(self._chosen(), argument, "tasks.move")

    async def command_tasks_edit(self, argument: str = "") -> None:
        """Another title, and another date when one is typed in it."""
        task = self._current()
        line = argument or await self.app.push_screen_wait(
            Prompt(
                _("Edit task"),
                task.title,
                preview=lambda typed: self._understood(typed, task),
                kept_as=f"task-{task.id}",
            )
        )
        if not line:
            return
        title, due_at, all_day = due_of(line, self._now(), self._zone())

        def edited(work: Work) -> None:
            tasks.rename(work, task.id, title, expected_version=task.version)
            if due_at is not None:
                tasks.reschedule(work, task.id, due_at, all_day=all_day)

        await self.act("task.edit", edited)

    def command_tasks_why(self, argument: str = "") -> None:
        """What the urgency of the task under the cursor is made of."""
        from crm_tui.screens.task.task_why import why

        task = self._current()
        with self.store.read() as connection:
            found = task_urgency.of_tasks(
                connection, [task.id], self._now(), self.shell.settings.config.urgency
            )
        if task.id not in found:
            raise Refused("task_not_open", id=task.id)
        self.app.push_screen(Report(clean(task.title), why(found[task.id])))

    async def command_tasks_delete(self, argument: str = "") -> None:
        """The marked tasks, or the one under the cursor, are not needed any more."""
        chosen = self._chosen()
        done = await self.act_on_each("task.delete", chosen, tasks.cancel)
        self.shell.say(
            ngettext(
                "{count} task deleted. u takes it back.",
                "{count} tasks deleted. u takes it back.",
                len(done),
            ).format(count=len(done))
        )

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Enter goes to the Interest or the letter that the task belongs to."""
        if not self.open_task(event.id):
            self.shell.run_command("tasks.edit")

    def show_record(self, record_id: int) -> None:
        """Put the cursor on the task. Raises NotFound."""
        self.task_row(record_id)
        self._list.go_to(record_id)

    def on_record_list_highlighted(self, _event: RecordList.Highlighted) -> None:
        self.session_changed()

    def _chosen(self) -> tuple[int, ...]:
        marked = self._list.marked_ids()
        if marked:
            return marked
        return (self._current().id,)

    def _current(self) -> TaskRow:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self.task_row(self._list.current_id)
