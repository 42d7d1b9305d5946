"""My Tasks: what this person has to do, the overdue first; a new task is one typed line."""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from textual.content import Content
from textual.widget import Widget

from crm_tui.domain.errors import NotFound, Refused
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import _, ngettext
from crm_tui.screens.acting import Acting
from crm_tui.screens.base import CrmScreen, Topics
from crm_tui.screens.list_search import ListSearch, SearchBar
from crm_tui.screens.prompt import Prompt
from crm_tui.screens.task_dates import due_of, echo_of, typed_due
from crm_tui.screens.task_source import TaskSource
from crm_tui.services import tasks
from crm_tui.store.queries import letters
from crm_tui.store.queries import tasks as task_queries
from crm_tui.store.queries.tasks import TaskRow
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
            ngettext(
                "{count} task done. u takes it back.", "{count} tasks done. u takes it back.", len(chosen)
            ).format(count=len(chosen))
        )

    async def command_tasks_move(self, argument: str = "") -> None:
        """Another due time for the marked tasks, or the one under the cursor."""
        chosen = self._chosen()
        text = argument or await self.app.push_screen_wait(
            Prompt(_("Move to"), preview=lambda typed: self._echo(typed))
        )
        if not text:
            return
        due_at, all_day = typed_due(text, self._now(), self._zone())

        def all_moved(work: Work) -> None:
            for task_id in chosen:
                tasks.reschedule(work, task_id, due_at, all_day=all_day)

        await self.act("task.move", all_moved)
        self.shell.remember("tasks.move", text)

    async def command_tasks_edit(self, argument: str = "") -> None:
        """Another title, and another date when one is typed in it."""
        task = self._current()
        line = argument or await self.app.push_screen_wait(
            Prompt(_("Edit task"), task.title, preview=self._understood)
        )
        if not line:
            return
        title, due_at, all_day = due_of(line, self._now(), self._zone())

        def edited(work: Work) -> None:
            tasks.rename(work, task.id, title, expected_version=task.version)
            if due_at is not None:
                tasks.reschedule(work, task.id, due_at, all_day=all_day)

        await self.act("task.edit", edited)

    async def command_tasks_delete(self, argument: str = "") -> None:
        """The marked tasks, or the one under the cursor, are not needed any more."""
        chosen = self._chosen()

        def all_cancelled(work: Work) -> None:
            for task_id in chosen:
                tasks.cancel(work, task_id)

        await self.act("task.delete", all_cancelled)
        self.shell.say(
            ngettext(
                "{count} task deleted. u takes it back.",
                "{count} tasks deleted. u takes it back.",
                len(chosen),
            ).format(count=len(chosen))
        )

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Enter goes to the Interest or the letter that the task belongs to."""
        task = self._row(event.id)
        if task.interest_id is not None:
            self.shell.run_command("everywhere.show_interest", str(task.interest_id))
        elif task.letter_id is not None:
            self._show_letter(task.letter_id)
        else:
            self.shell.run_command("tasks.edit")

    def show_record(self, record_id: int) -> None:
        """Put the cursor on the task. Raises NotFound."""
        self._row(record_id)
        self._list.go_to(record_id)

    def _show_letter(self, letter_id: int) -> None:
        with self.store.read() as connection:
            place = letters.places(connection, [letter_id]).get(letter_id)
        if place is None:
            raise NotFound("no_such_record", kind="letter", id=letter_id)
        self.shell.run_command("everywhere.show_letter", str(place))

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
        return self._row(self._list.current_id)

    def _row(self, task_id: int) -> TaskRow:
        with self.store.read() as connection:
            row = task_queries.rows(connection, [task_id]).get(task_id)
        if row is None:
            raise NotFound("no_such_record", kind="task", id=task_id)
        return row

    def _understood(self, line: str) -> str:
        echo = echo_of(line, self._now(), self._zone())
        return _("Due {date}").format(date=echo) if echo else _("No date in it")

    def _echo(self, typed: str) -> str:
        typed_due(typed, self._now(), self._zone())
        return echo_of(typed, self._now(), self._zone())

    def _now(self) -> datetime:
        return self.shell.ports.clock()

    def _zone(self) -> tzinfo:
        return zone_of(self.shell.ports.zone)

    @property
    def _user_id(self) -> int:
        assert self.actor.user_id is not None, "a person is at the keys"
        return self.actor.user_id
