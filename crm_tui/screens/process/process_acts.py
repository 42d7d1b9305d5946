"""What can be done with a step of a process, from any screen: complete it, give it away, see the way (BP-06…09)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import Invalid, NotFound, Refused
from crm_tui.i18n import _
from crm_tui.screens.acting import Acting
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.party.lead_won import LeadWon
from crm_tui.store.queries import party_names

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen
    from crm_tui.services.process.process_view import StepNow

    class Base(Acting, CrmScreen[Any]):
        pass
else:
    Base = Acting

NO_REASON = "lost_needs_reason"


class ProcessActs(LeadWon, Base):
    """Each asks for what it needs and carries out one verb."""

    def step_of_task(self, task_id: int) -> "StepNow | None":
        """The step that the open task is of; None for a task of no process."""
        from crm_tui.services.process import process_view  # its tables are not read at the start

        with self.store.read() as connection:
            return process_view.of_task(connection, task_id)

    async def do_step(self, step: "StepNow") -> bool:
        """Complete a step: with its outcome, its result and, where it fails, the reason; False when given up.

        Raises Refused (``step_not_ready``) with what is missing.
        """
        from crm_tui.services.process import process_needs

        if step.missing:
            missing = ", ".join(process_needs.said(one) for one in step.missing)
            raise Refused(
                "step_not_ready", step=step.name, missing=missing, needs=[one.of for one in step.missing]
            )
        outcome = await self._outcome(step)
        if outcome is None:
            return False
        if step.ask_result:
            done = await self._ask(step, outcome, with_reason=False)
        else:
            try:
                await self._complete(step, outcome, {})
                done = True
            except Invalid as error:
                if error.code != NO_REASON:
                    raise
                done = await self._ask(step, outcome, with_reason=True)
        if done:
            self._tell_done(step)
            if step.interest_id is not None:
                await self.offer_customer(step.interest_id)
        return done

    async def give_step(self, step: "StepNow", argument: str = "") -> None:
        """Another user performs the step (BP-08)."""
        from crm_tui.services.process import processes

        with self.store.read() as connection:
            people = [
                (str(key), name)
                for key, name in party_names.colleagues(connection)
                if key != step.performer_id
            ]
        if not people:
            raise NotFound("no_colleagues")
        named = [key for key, name in people if argument and argument.casefold() in name.casefold()]
        chosen = named[0] if len(named) == 1 else None
        if chosen is None:
            chosen = await self.app.push_screen_wait(
                Choice(_("Who performs “{step}”?").format(step=step.name), people)
            )
        if not chosen:
            return
        user_id = int(chosen)
        await self.act(
            "process.assign", lambda work: processes.assign(work, step.process_id, step.token, user_id)
        )
        self.shell.say(
            _("{step}: {name}. u takes it back.").format(step=step.name, name=dict(people)[chosen])
        )

    async def end_process(self, process_id: int, title: str) -> bool:
        """Early termination: a reason from the list and a few words (BP-17); False when given up."""
        from crm_tui.services.process import processes

        async def save(filled: Mapping[str, str]) -> None:
            await self.act(
                "process.terminate",
                lambda work: processes.terminate(work, process_id, filled["reason"], filled["comment"]),
            )

        form = FormDialog(
            _("End early: {name}").format(name=title),
            self.reason_fields(),
            save=save,
            kept_as=f"process-{process_id}-end",
        )
        if await self.app.push_screen_wait(form) is None:
            return False
        self.shell.say(_("Ended: {name}. u takes it back.").format(name=title))
        return True

    def show_way(self, process_id: int) -> None:
        """The map of the process with where it has been and is now."""
        self.shell.run_command("everywhere.show_process", str(process_id))

    async def _outcome(self, step: "StepNow") -> str | None:
        """The only outcome, or the one chosen by its digit; None when given up."""
        if len(step.outcomes) < 2:
            return step.outcomes[0].code if step.outcomes else ""
        return await self.app.push_screen_wait(
            Choice(
                _("{step}: how did it end?").format(step=step.name),
                [(one.code, one.name) for one in step.outcomes],
            )
        )

    async def _ask(self, step: "StepNow", outcome: str, *, with_reason: bool) -> bool:
        """The result, and the reason where it is wanted; asked once more when it turns out to be."""
        wanted = [with_reason]

        async def save(filled: Mapping[str, str]) -> None:
            try:
                await self._complete(step, outcome, filled)
            except Invalid as error:
                if error.code != NO_REASON or with_reason:
                    raise
                wanted[0] = True

        fields = [Field("result", _("Result"), step.said, lines=3)] if step.ask_result else []
        fields = [*self.reason_fields(), *fields] if with_reason else fields
        filled = await self.app.push_screen_wait(
            FormDialog(
                f"{step.process}: {step.name}",
                fields,
                save=save,
                kept_as=f"process-{step.process_id}-{step.token}",
            )
        )
        if filled is None:
            return False
        if wanted[0] and not with_reason:
            return await self._ask(step, outcome, with_reason=True)
        return True

    def reason_fields(self) -> list[Field]:
        """What is asked for where something came to nothing."""
        from crm_tui.services.record import lists

        with self.store.read() as connection:
            reasons = lists.items(connection, "lost_reason")
        return [
            Field("reason", _("Reason"), options=[("", "–"), *reasons]),
            Field("comment", _("Comment")),
        ]

    async def _complete(self, step: "StepNow", outcome: str, filled: Mapping[str, str]) -> None:
        from crm_tui.services.process import processes

        await self.act(
            "process.do",
            lambda work: processes.complete(
                work,
                step.process_id,
                step.token,
                outcome,
                filled.get("result", ""),
                reason=filled.get("reason", ""),
                comment=filled.get("comment", ""),
            ),
        )

    def _tell_done(self, step: "StepNow") -> None:
        """What was done, and what is to be done now."""
        from crm_tui.services.process import process_view

        with self.store.read() as connection:
            try:
                now = process_view.of_process(connection, step.process_id)
            except NotFound:
                self.shell.say(_("Done: {title}").format(title=step.name))
                return
        if now.is_stopped:
            text = _("! {process} was stopped: it could not go on.").format(process=now.title)
            self.shell.say(text, trouble=True)
            return
        steps = (
            one.name if one.performer_id in (None, self.actor.user_id) else f"{one.name} ({one.performer})"
            for one in now.steps
        )
        coming = ", ".join([*steps, *(name for name, _until in now.waits)])
        self.shell.say(_("Done: {title}; now: {next}").format(title=step.name, next=coming))
