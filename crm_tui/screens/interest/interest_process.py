"""The process on the card of its Interest: the pane on top, and what can be done with its step (BP-04…10, BP-17)."""

from typing import TYPE_CHECKING, Any

from textual.content import Content
from textual.widgets import Static

from crm_tui.commands.command import Command
from crm_tui.domain.errors import NotFound, Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.process.process_pane import Pane
from crm_tui.screens.shell.process_keys import key_of

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen
    from crm_tui.screens.interest.interest_commands import InterestCommands
    from crm_tui.services.process.process_view import ProcessNow, StepNow

    class Base(InterestCommands, CrmScreen[Any]):
        pass
else:
    Base = object

MINUTE = 60.0
INSTRUCTION_LINES = ((32, 8), (24, 3), (0, 1))
"""In a window that is so high or higher, so many lines of the instruction."""


class InterestProcess(Base):
    """For the card of an Interest, before ``CrmScreen``."""

    process: "ProcessNow | None" = None
    """The process that holds its state, as it was when the head was drawn."""
    _drawn = ""

    def on_mount(self) -> None:
        """How long there is yet goes on by itself."""
        self.set_interval(MINUTE, self._draw_process)

    def on_resize(self) -> None:
        """Lines are broken to the width that there is now."""
        if self._drawn:
            self._draw_process()

    def show_process(self) -> None:
        """Read the process anew and draw it."""
        self.process = self.process_of(self.interest_id())
        self._draw_process()

    def _draw_process(self) -> None:
        now = self.process
        pane = self.query_one(".card-process", Static)
        pane.display = now is not None
        if now is None:
            return
        pane_of = Pane(
            self._now(),
            self._zone(),
            lambda command: key_of(self.shell, command),
            self.actor.user_id,
            self.size.width - 1,
            next(lines for height, lines in INSTRUCTION_LINES if self.size.height >= height),
        )
        text = clean(pane_of.text(now), multiline=True)
        if text != self._drawn:
            self._drawn = text
            pane.update(Content(text))

    def commands_here(self, *, at_foot: bool = False) -> list[Command]:
        """What the process leaves to do: the state is not the person's to change (BP-05), and early termination is no
        command of a card whose map does not allow it (BP-17)."""
        found = super().commands_here(at_foot=at_foot)
        if self.process is None:
            return found
        gone = {"interest.change_state"} | (set() if self.process.may_terminate else {"interest.fail"})
        # The step comes first, in the footer too.
        return sorted(
            (command for command in found if command.id not in gone),
            key=lambda command: command.id != "interest.task_done",
        )

    def title_of(self, command: Command) -> str:
        if command.id == "interest.fail" and self.process is not None:
            return _("End early")
        return super().title_of(command)

    def can_interest_fail(self) -> bool | str:
        """Pressed all the same, its key says why it does nothing."""
        if self.process is None or self.process.may_terminate:
            return True
        return self.shell.explain(Refused("no_early_termination", process=self.process.title))

    def can_interest_change_state(self) -> bool | str:
        """Its key names the process that controls the state (BP-05)."""
        if self.process is None:
            return True
        return self.shell.explain(Refused("state_held", process=self.process.title))

    def open_step(self, task_id: int) -> bool:
        """Open the form of a step that is not done on this card; False for any other task."""
        step = self.step_of_task(task_id)
        if step is None or step.of_interest:
            return False
        from crm_tui.screens.process.process_task import ProcessTaskScreen

        self.app.push_screen(ProcessTaskScreen(step.process_id, step.token))
        return True

    def command_process_way(self, argument: str = "") -> None:
        """Of a process that has ended, the way it took."""
        from crm_tui.services.process import process_way  # its tables are not read at the start

        with self.store.read() as connection:
            process_id = process_way.controlling_of(connection, self.interest_id())
        if process_id is None:
            raise NotFound("no_process_here")
        self.show_way(process_id)

    async def command_process_assign(self, argument: str = "") -> None:
        await self.give_step(self._step_here(), argument)

    async def command_process_resume(self, argument: str = "") -> None:
        """What hindered it was mended."""
        from crm_tui.services.process import processes

        now = self.process
        if now is None:
            raise NotFound("no_process_here")
        await self.act("process.resume", lambda work: processes.resume(work, now.id))

    def _step_here(self) -> "StepNow":
        """Raises NotFound where no step is to be done on this card."""
        now = self.process_of(self.interest_id())
        steps = [step for step in now.steps if step.of_interest] if now is not None else []
        if not steps:
            raise NotFound("no_process_here")
        return steps[0]
