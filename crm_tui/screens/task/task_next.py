"""Done and next in one form: who finishes a task of an Interest says at once what comes after it (L-02)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_tui.i18n import _
from crm_tui.screens.acting import Acting
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.task.task_dates import due_of, echo_of
from crm_tui.screens.wording import new_task_hint
from crm_tui.services.task import tasks
from crm_tui.store.queries import interests
from crm_tui.store.queries.tasks import TaskRow
from crm_tui.store.work import Work

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    class Base(Acting, CrmScreen[Any]):
        pass
else:
    Base = Acting


class NextTask(Base):
    """For screens on which tasks are finished."""

    def asks_for_next(self, task: TaskRow) -> bool:
        """Whether the task belongs to an Interest that goes on, and the person wants to be asked."""
        if task.interest_id is None or not self.shell.settings.config.interests.next_task:
            return False
        with self.store.read() as connection:
            row = interests.rows(connection, [task.interest_id]).get(task.interest_id)
        return row is not None and row.outcome == "open"

    async def finish_with_next(self, task: TaskRow) -> bool:
        """Ask for the result and the next task, both may be empty; False when given up."""

        async def save(filled: Mapping[str, str]) -> None:
            await self.act("task.done", lambda work: self._done(work, task, filled))

        form = FormDialog(
            _("Done: {title}").format(title=task.title),
            [
                Field("result", _("Result")),
                Field("next", _("Next task"), note=self._next_understood),
            ],
            intro=f"{task.interest or ''}\n{new_task_hint()}",
            save=save,
            kept_as=f"task-{task.id}-done",
        )
        filled = await self.app.push_screen_wait(form)
        if filled is None:
            return False
        if filled["next"].strip():
            self.shell.say(_("Done; next: {title}").format(title=filled["next"].strip()))
        else:
            self.shell.say(_("Done: {title}").format(title=task.title))
        return True

    def _done(self, work: Work, task: TaskRow, filled: Mapping[str, str]) -> None:
        done = tasks.done(work, task.id, filled["result"])
        if filled["next"].strip():
            title, due_at, all_day = due_of(filled["next"], self._now(), self._zone())
            tasks.add(
                work,
                title,
                assignee_id=self._user_id,
                due_at=due_at,
                due_all_day=all_day,
                interest_id=done.interest_id,
                customer_id=done.customer_id,
            )

    def _next_understood(self, line: str) -> str:
        echo = echo_of(line, self._now(), self._zone())
        return _("Due {date}").format(date=echo) if echo else _("No date in it")
