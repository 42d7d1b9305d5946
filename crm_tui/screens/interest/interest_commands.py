"""What can be done with an Interest, from the list and from its card alike."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import NotFound
from crm_tui.i18n import _, ngettext
from crm_tui.screens.document.document_forms import InterestPapers
from crm_tui.screens.forms.prompt import Prompt
from crm_tui.screens.interaction.interaction_acts import InteractionActs
from crm_tui.screens.interest.interest_edit import InterestEdit
from crm_tui.screens.interest.interest_fields import next_contact, next_contact_text
from crm_tui.screens.interest.interest_letters import InterestLetters
from crm_tui.screens.task.task_dates import due_of, echo_of
from crm_tui.screens.task.task_next import NextTask
from crm_tui.screens.wording import date_hint, new_task_hint
from crm_tui.services.interaction import interactions
from crm_tui.services.interest import interests
from crm_tui.services.task import tasks
from crm_tui.services.task.tasks import PROCESS
from crm_tui.store.queries import addresses
from crm_tui.store.queries import tasks as task_queries

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    Base = CrmScreen[Any]
else:
    Base = object


class InterestCommands(InterestEdit, NextTask, InteractionActs, InterestPapers, InterestLetters, Base):
    """The commands ``interest.*`` on the Interest that ``interest_id`` names."""

    def interest_id(self) -> int:
        """The Interest that is meant. Raises Refused when none is."""
        raise NotImplementedError

    def record_here(self) -> tuple[str, int]:
        """For commands that work with any record (`screens.record.record_here`)."""
        return "interest", self.interest_id()

    def records_here(self) -> tuple[str, Sequence[int]]:
        """The same for commands that take several."""
        return "interest", self.chosen_interests()

    def chosen_interests(self) -> tuple[int, ...]:
        """The marked Interests, or the one that is meant."""
        return (self.interest_id(),)

    async def command_interest_correspondence(self, argument: str = "") -> None:
        """All letters with the Interest's customer, contact person or lead, in Mail (MAIL-02, MAIL-04)."""
        card = self.card_of(self.interest_id())
        parties = (("customer", card.customer_id), ("contact", card.contact_id), ("lead", card.lead_id))
        with self.store.read() as connection:
            found = [one for kind, key in parties if key for one in addresses.of_party(connection, kind, key)]
        if not found:
            raise NotFound("no_other_end")
        self.shell.run_command("everywhere.letters_with", " ".join(dict.fromkeys(found)))

    async def command_interest_log_call(self, argument: str = "") -> None:
        """A call, meeting or message that took place, or is to: the one form of interactions."""
        from crm_tui.screens.interaction.talk_of import talk_of

        with self.store.read() as connection:
            talk = talk_of(connection, "interest", self.interest_id())
        await self.ask_talk(talk)

    async def command_interest_plan_contact(self, argument: str = "") -> None:
        """When to be in touch next."""
        card = self.card_of(self.interest_id())
        typed = argument or await self.app.push_screen_wait(
            Prompt(
                _("Next contact"),
                preview=lambda typed: next_contact_text(self, typed),
                hint=date_hint(),
                kept_as=f"interest-{card.row.id}-contact",
            )
        )
        if not typed:
            return
        at = next_contact(self, typed)
        assert at is not None
        await self.act("interest.plan_contact", lambda work: interactions.plan_contact(work, card.row.id, at))
        self.shell.say(_("Planned: {date}").format(date=next_contact_text(self, typed)))

    async def command_interest_task(self, argument: str = "") -> None:
        """A task within the Interest, typed in one line."""
        card = self.card_of(self.interest_id())
        line = argument or await self.app.push_screen_wait(
            Prompt(
                _("New task"),
                preview=self._task_text,
                hint=new_task_hint(),
                kept_as=f"interest-{card.row.id}-task",
            )
        )
        if not line:
            return
        title, due_at, all_day = due_of(line, self._now(), self._zone())
        await self.act(
            "interest.task",
            lambda work: tasks.add(
                work,
                title,
                assignee_id=self._user_id,
                due_at=due_at,
                due_all_day=all_day,
                interest_id=card.row.id,
                customer_id=card.customer_id,
            ),
        )

    async def command_interest_task_done(self, argument: str = "") -> None:
        """The step of the process is completed; without one, the next open task of the Interest is done."""
        now = self.process_of(self.interest_id())
        step = next((step for step in now.steps if step.of_interest), None) if now is not None else None
        if step is not None:
            await self.do_step(step)
            return
        with self.store.read() as connection:
            open_tasks = task_queries.of_interest(connection, self.interest_id())
        if not open_tasks:
            raise NotFound("no_open_task")
        task = open_tasks[0]
        step = self.step_of_task(task.id) if task.kind == PROCESS else None
        if step is not None:  # of a branch beside the one that is done here, or of a nested process
            await self.do_step(step)
            return
        if self.asks_for_next(task):
            await self.finish_with_next(task)
            return
        await self.act("task.done", lambda work: tasks.done(work, task.id))
        self.shell.say(_("Done: {title}").format(title=task.title))

    async def command_interest_trash(self, argument: str = "") -> None:
        """Into the trash: it was entered by mistake. Those that lie there come back."""
        chosen = self.chosen_interests()
        if all(self.card_of(one).trashed_at is not None for one in chosen):
            from crm_tui.services.interest import interest_trash

            await self.act("interest.restore", lambda work: interest_trash.restore(work, chosen))
            back = ngettext(
                "{count} Interest is back, and what was to be done in it. Its process stays ended.",
                "{count} Interests are back, and what was to be done in them. Their processes stay ended.",
                len(chosen),
            )
            self.shell.say(back.format(count=len(chosen)))
            return
        await self.act("interest.trash", lambda work: interests.trash(work, chosen))
        self.shell.say(
            ngettext(
                "{count} Interest is in the trash. u takes it back.",
                "{count} Interests are in the trash. u takes it back.",
                len(chosen),
            ).format(count=len(chosen))
        )

    def _task_text(self, line: str) -> str:
        echo = echo_of(line, self._now(), self._zone())
        return _("Due {date}").format(date=echo) if echo else _("No date in it")
