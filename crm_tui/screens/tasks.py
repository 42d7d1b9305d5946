"""My Tasks: what this person has to do, the overdue first; a new task is one typed line."""

from collections.abc import Iterable, Mapping
from typing import Any

from textual.content import Content
from textual.widget import Widget

from crm_tui.domain import dates
from crm_tui.domain.errors import Invalid
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import _, language, ngettext
from crm_tui.screens.acting import Acting
from crm_tui.screens.base import CrmScreen, Topics
from crm_tui.screens.list_search import ListSearch, SearchBar
from crm_tui.screens.prompt import Prompt
from crm_tui.screens.task_dates import due_of
from crm_tui.screens.task_source import TaskSource
from crm_tui.services import tasks
from crm_tui.store.work import Work
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order


class TasksScreen(ListSearch, Acting, CrmScreen[None]):
    """The list of the user's tasks."""

    SCOPES = ("tasks",)

    def compose_body(self) -> Iterable[Widget]:
        source = TaskSource(self.store, self._user_id, self.shell.ports.clock, self.shell.ports.zone)
        self._list = RecordList(
            source, Order("due"), empty=Content(_("Nothing to do. n: a new task, typed in one line."))
        )
        yield self._list
        yield SearchBar(self._list)

    def on_mount(self) -> None:
        self._list.focus()

    def reload(self) -> None:
        self._list.reload()

    def store_changed(self, topics: Topics) -> None:
        if topics.keys() & {"task", "interest", "customer", "*"}:
            self._list.reload()

    def session_state(self) -> dict[str, Any]:
        return {"task": self._list.current_id, "needle": self._list.needle}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        if state.get("needle"):
            self.query_one(SearchBar).open(str(state["needle"]))
        if isinstance(state.get("task"), int):
            self._list.go_to(state["task"])

    async def command_tasks_new(self, argument: str = "") -> None:
        """A task in one line; the date in it may be words."""
        line = argument or await self.app.push_screen_wait(Prompt(_("New task"), preview=self._understood))
        if not line:
            return
        title, due_at, all_day = due_of(line, self._now(), self._zone())
        task = await self.act(
            "task.add",
            lambda work: tasks.add(
                work, title, assignee_id=self._user_id, due_at=due_at, due_all_day=all_day
            ),
        )
        self._list.reload()
        self._list.go_to(task.key)
        self.shell.say(_("Added: {title}").format(title=task.title))

    async def command_tasks_done(self, argument: str = "") -> None:
        """The marked tasks, or the one under the cursor, are done."""
        chosen = self._chosen()

        def all_done(work: Work) -> None:
            for task_id in chosen:
                tasks.done(work, task_id)

        await self.act("task.done", all_done)
        self.shell.say(
            ngettext("{count} task done. u takes it back.", "{count} tasks done. u takes it back.", len(chosen))
            .format(count=len(chosen))
        )
