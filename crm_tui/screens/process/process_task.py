"""The form of a step that is not done on the Interest: of a side branch, a nested or independent process (BP-20)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.domain.errors import NotFound, Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.base import CrmScreen, Topics
from crm_tui.screens.interaction.interaction_acts import InteractionActs
from crm_tui.screens.process.process_acts import ProcessActs
from crm_tui.screens.process.process_pane import plain, standing, what_to_do
from crm_tui.screens.record.record_values import record_name
from crm_tui.screens.shell.process_keys import key_of

if TYPE_CHECKING:
    from crm_tui.services.process.process_view import StepNow

TABLES = frozenset({"process", "process_token", "task", "interaction", "document", "outbox", "*"})


class ProcessTaskScreen(ProcessActs, InteractionActs, CrmScreen[None]):
    """One step: what is asked for, until when, of whom; ``d`` completes it."""

    SCOPES = ("process",)

    def __init__(self, process_id: int, token: int) -> None:
        super().__init__()
        self._process_id, self._token = process_id, token

    def compose_body(self) -> Iterable[Widget]:
        yield Static(Content(""), classes="card-title")
        yield VerticalScroll(Static(Content(""), id="process-task"))

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()
        self.reload()

    def store_changed(self, topics: Topics) -> None:
        if topics.keys() & TABLES:
            self.reload()

    def reload(self) -> None:
        try:
            step = self.step()
        except NotFound as error:
            self.dirty = True
            if self.is_active:
                self.app.pop_screen()
                self.shell.say(self.shell.explain(error))
            return
        with self.store.read() as connection:
            name = record_name(connection, *self.record_here())
        lines = [
            _("Process: {name}").format(name=step.process),
            _("For: {name}").format(name=clean(name)),
            " · ".join(part for part in standing(step, self._now(), self._zone(), None) if part),
            "",
            plain(clean(step.instruction, multiline=True)),
            "",
            what_to_do(step, self._key_of, "process.do"),
        ]
        self.query_one(".card-title", Static).update(Content(clean(step.name)))
        self.query_one("#process-task", Static).update(Content("\n".join(lines)))

    def _key_of(self, command: str) -> str:
        """Of commands that are carried out here; what else is missing is brought on the card."""
        here = {"process.do": "process.do", "interest.log_call": "process.call"}
        return key_of(self.shell, here[command]) if command in here else ""

    def step(self) -> "StepNow":
        """The step as it now is. Raises NotFound when it was completed or ended."""
        from crm_tui.services.process import process_view

        with self.store.read() as connection:
            now = process_view.of_process(connection, self._process_id)
        found = next((step for step in now.steps if step.token == self._token), None)
        if found is None:
            raise NotFound("step_is_done")
        return found

    def record_here(self) -> tuple[str, int]:
        """The card that the process is about (`screens.record.record_here`)."""
        from crm_tui.services.process import process_view

        with self.store.read() as connection:
            return process_view.card_of(connection, self._process_id)

    async def command_process_do(self, argument: str = "") -> None:
        """Complete it; the form closes, for it is done."""
        await self.do_step(self.step())

    def command_process_way(self, argument: str = "") -> None:
        self.show_way(self._process_id)

    async def command_process_assign(self, argument: str = "") -> None:
        await self.give_step(self.step(), argument)

    def command_process_card(self, argument: str = "") -> None:
        """The card that the process is about."""
        kind, record_id = self.record_here()
        self.shell.run_command(f"everywhere.show_{kind}", str(record_id))

    async def command_process_call(self, argument: str = "") -> None:
        """A call, which the step may ask for."""
        from crm_tui.screens.interaction.talk_of import talk_of

        kind, record_id = self.record_here()
        if kind == "document":
            raise Refused("no_record_here")
        with self.store.read() as connection:
            talk = talk_of(connection, kind, record_id)
        await self.ask_talk(talk)
