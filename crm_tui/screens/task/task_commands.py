"""What can be done with tasks on any screen that lists them: add in one line, done, another day, open."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import NotFound
from crm_tui.i18n import _, ngettext
from crm_tui.screens.acting import Acting
from crm_tui.screens.forms.prompt import Prompt
from crm_tui.screens.process.process_acts import ProcessActs
from crm_tui.screens.task.task_dates import due_of, echo_of, typed_due
from crm_tui.screens.task.task_next import NextTask
from crm_tui.screens.wording import date_hint, due_text, new_task_hint
from crm_tui.services.task import tasks
from crm_tui.services.task.tasks import PROCESS
from crm_tui.store.queries import letters
from crm_tui.store.queries import tasks as task_queries
from crm_tui.store.queries.tasks import TaskRow
from crm_tui.store.work import Work

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    class Base(Acting, CrmScreen[Any]):
        pass
else:
    Base = Acting


class TaskCommands(NextTask, ProcessActs, Base):
    """The screen's own commands call these with the tasks that they mean."""

    async def add_task(self, argument: str) -> int | None:
        """A task in one line; the date in it may be words. Its id, or None when given up."""
        line = argument or await self.app.push_screen_wait(
            Prompt(_("New task"), preview=self._understood, hint=new_task_hint(), kept_as="new_task")
        )
        if not line:
            return None
        title, due_at, all_day = due_of(line, self._now(), self._zone())
        task = await self.act(
            "task.add",
            lambda work: tasks.add(
                work, title, assignee_id=self._user_id, due_at=due_at, due_all_day=all_day
            ),
        )
        self.shell.say(_("Added: {title}").format(title=task.title))
        return task.key

    async def finish_task(self, task_id: int) -> None:
        """The task is done: of a step of a process with all that it asks for (BP-09); of an Interest the next one is
        asked for (L-02)."""
        task = self.task_row(task_id)
        step = self.step_of_task(task_id) if task.kind == PROCESS else None
        if step is not None:
            await self.do_step(step)
        elif task.status == "open" and self.asks_for_next(task):
            await self.finish_with_next(task)
        else:
            await self.act("task.done", lambda work: tasks.done(work, task_id))
            self.say_finished(1)

    def say_finished(self, count: int) -> None:
        """Say how many tasks were finished."""
        self.shell.say(
            ngettext(
                "{count} task done. u takes it back.", "{count} tasks done. u takes it back.", count
            ).format(count=count)
        )

    async def move_tasks(self, chosen: Sequence[int], argument: str, command: str) -> None:
        """Another due time for these tasks; ``command`` is what ``.`` repeats with the same time."""
        text = argument or await self.app.push_screen_wait(
            Prompt(_("Move to"), preview=self._echo, hint=date_hint())
        )
        if not text:
            return
        due_at, all_day = typed_due(text, self._now(), self._zone())

        def all_moved(work: Work) -> None:
            for task_id in chosen:
                tasks.reschedule(work, task_id, due_at, all_day=all_day)

        await self.act("task.move", all_moved)
        self.shell.say(
            ngettext(
                "{count} task moved to {date}. u takes it back.",
                "{count} tasks moved to {date}. u takes it back.",
                len(chosen),
            ).format(count=len(chosen), date=self._echo(text))
        )
        self.shell.remember(command, text)

    def open_task(self, task_id: int) -> bool:
        """Go to the Interest, the letter or the card that the task belongs to, or to the form of a step that is not
        done on an Interest (BP-04, BP-20); False when it belongs to none."""
        task = self.task_row(task_id)
        step = self.step_of_task(task_id) if task.kind == PROCESS else None
        if step is not None and not step.of_interest:
            from crm_tui.screens.process.process_task import ProcessTaskScreen

            self.app.push_screen(ProcessTaskScreen(step.process_id, step.token))
        elif task.interest_id is not None:
            self.shell.run_command("everywhere.show_interest", str(task.interest_id))
        elif task.letter_id is not None:
            self._show_letter(task.letter_id)
        else:
            return self._show_party(task)
        return True

    def _show_party(self, task: TaskRow) -> bool:
        parties = (("lead", task.lead_id), ("contact", task.contact_id), ("customer", task.customer_id))
        for kind, key in parties:
            if key is not None:
                self.shell.run_command(f"everywhere.show_{kind}", str(key))
                return True
        return False

    def task_row(self, task_id: int) -> TaskRow:
        """The task as it now is. Raises NotFound."""
        with self.store.read() as connection:
            row = task_queries.rows(connection, [task_id]).get(task_id)
        if row is None:
            raise NotFound("no_such_record", kind="task", id=task_id)
        return row

    def _show_letter(self, letter_id: int) -> None:
        with self.store.read() as connection:
            place = letters.places(connection, [letter_id]).get(letter_id)
        if place is None:
            raise NotFound("no_such_record", kind="letter", id=letter_id)
        self.shell.run_command("everywhere.show_letter", str(place))

    def _understood(self, line: str, task: TaskRow | None = None) -> str:
        """What is understood of a line for a new task, or for this one, which keeps its date where none is typed."""
        echo = echo_of(line, self._now(), self._zone())
        if not echo and task is not None and task.due_at is not None:
            before = due_text(task.due_at, self._now(), self._zone(), all_day=task.due_all_day)
            return _("No date in it; due as before: {date}").format(date=before)
        return _("Due {date}").format(date=echo) if echo else _("No date in it")

    def _echo(self, typed: str) -> str:
        typed_due(typed, self._now(), self._zone())
        return echo_of(typed, self._now(), self._zone())
