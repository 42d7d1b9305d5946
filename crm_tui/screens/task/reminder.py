"""The reminder popup: one or several due reminders, and what to answer. It never opens over typing."""

from collections.abc import Sequence
from datetime import datetime

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.event import reminder as rules
from crm_tui.i18n import _, ngettext
from crm_tui.screens.base import CrmDialog, Topics
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.process.process_acts import ProcessActs
from crm_tui.screens.task.reminder_source import ReminderSource
from crm_tui.screens.wording import full_date
from crm_tui.services.task import reminder_answers, reminders
from crm_tui.services.task.reminders import Due
from crm_tui.store.work import Work
from crm_tui.widgets.footer import Footer
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order

SHOWS = {
    "task": "everywhere.show_task",
    "event": "everywhere.show_event",
    "interaction": "everywhere.show_interaction",
    "interest": "everywhere.show_interest",
    "document": "everywhere.show_document",
}
"""The command that opens what a reminder is about."""


class ReminderPopup(ProcessActs, CrmDialog[None]):
    """Everything that is due and not answered. Esc hides it: unanswered reminders stay in the status line."""

    SCOPES = ("reminder",)

    def compose(self) -> ComposeResult:
        ports = self.shell.ports
        self._source = ReminderSource(self.store, self._user_id, ports.clock, ports.zone)
        self._list = RecordList(self._source, Order("when"), header=False)
        with Vertical(classes="dialog reminders"):
            yield Static(Content(""), classes="dialog-title")
            yield self._list
        yield Footer()

    def on_mount(self) -> None:
        self._noted: set[Due] = set()
        self._was_beneath = False
        self._list.focus()
        self.reload()

    def on_screen_suspend(self, _event: events.ScreenSuspend) -> None:
        self._was_beneath = True

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        if self._was_beneath:
            self.reload()  # perhaps answered elsewhere, under the dialog that was just closed
        self.refresh_frame()

    def reload(self) -> None:
        """Show what still waits; close when nothing does."""
        waiting = self._source.waiting()
        if not waiting:
            if self.is_active:
                self.dismiss(None)
            return
        missed = sum(rules.is_missed(due.due_at, self._now()) for due in waiting)
        title = ngettext("{n} reminder", "{n} reminders", len(waiting)).format(n=len(waiting))
        if missed > 1:
            title = _("While you were away: {n}").format(n=missed)
        self.query_one(".dialog-title", Static).update(Content(title))
        self._list.styles.height = min(len(waiting), 12)
        self._list.reload()
        self._note_seen(waiting)

    def store_changed(self, topics: Topics) -> None:
        if topics.keys() & {"reminder", "*"}:
            self.reload()

    def command_reminder_open(self, argument: str = "") -> None:
        """Go to what the reminder is about; it stays unanswered."""
        due = self._current()
        self.dismiss(None)
        step = self.step_of_task(due.subject_id) if due.subject_kind == "task" else None
        if step is not None and step.of_interest:
            self.app.call_later(self.shell.run_command, "everywhere.show_interest", str(step.interest_id))
            return
        self.app.call_later(self.shell.run_command, SHOWS[due.subject_kind], str(due.subject_id))

    def command_list_open(self, argument: str = "") -> None:
        self.command_reminder_open()

    async def command_reminder_done(self, argument: str = "") -> None:
        """What the marked reminders, or the one under the cursor, are about is done; a step of a process is completed
        as anywhere."""
        chosen = self._chosen()
        due = self._current()
        step = (
            self.step_of_task(due.subject_id) if due.subject_kind == "task" and chosen == (due.id,) else None
        )
        if step is not None:
            await self.do_step(step)
            return

        def all_done(work: Work) -> None:
            for reminder_id in chosen:
                reminder_answers.done(work, reminder_id)

        await self.act("reminder.done", all_done)

    async def command_reminder_snooze(self, argument: str = "") -> None:
        """Remind again later."""
        chosen = self._chosen()
        until = await self._until(argument)
        if until is not None:
            await self.act("reminder.snooze", lambda work: reminder_answers.snooze(work, chosen, until))

    async def command_reminder_dismiss(self, argument: str = "") -> None:
        """Do not remind again."""
        chosen = self._chosen()
        await self.act("reminder.dismiss", lambda work: reminder_answers.dismiss(work, chosen))

    async def _until(self, typed: str) -> datetime | None:
        now, zone = self._now(), self._zone()
        if not typed:
            chosen = await self.app.push_screen_wait(
                Choice(
                    _("Remind again"),
                    [
                        ("10", _("in 10 minutes")),
                        ("60", _("in an hour")),
                        ("morning", _("tomorrow morning")),
                        ("typed", _("at another time …")),
                    ],
                )
            )
            if chosen is None:
                return None
            if chosen.isdigit():
                return rules.snooze_minutes(now, int(chosen))
            if chosen == "morning":
                return rules.snooze_tomorrow(now, zone)
            typed = await self.app.push_screen_wait(Prompt(_("Remind again"), preview=self._echo)) or ""
            if not typed:
                return None
        until = rules.snooze_in_words(typed, now, zone)
        if until is None:
            raise Invalid("not_a_date", value=typed)
        return until

    def _echo(self, typed: str) -> str:
        zone = self._zone()
        until = rules.snooze_in_words(typed, self._now(), zone)
        if until is None:
            raise Invalid("not_a_date", value=typed)
        return full_date(until, zone)

    def _note_seen(self, waiting: Sequence[Due]) -> None:
        """Write down that these have been seen: another session need not show them."""
        fresh = [due for due in waiting if due not in self._noted]
        self._noted.update(fresh)
        if fresh:
            ids = [due.id for due in fresh]
            self.run_worker(lambda: self._seen(ids), thread=True, exit_on_error=False)

    def _seen(self, ids: Sequence[int]) -> None:
        with self.store.facts("reminder.seen") as work:
            reminders.seen(work, ids)

    def _chosen(self) -> tuple[int, ...]:
        return self._list.marked_ids() or (self._current().id,)

    def _current(self) -> Due:
        current = self._list.current_id
        found = self._source.of([current]) if current is not None else []
        if not found:
            raise Refused("nothing_chosen")
        return found[0]
