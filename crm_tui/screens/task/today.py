"""Today: what waits for this person, on one screen (story A1)."""

from collections.abc import Iterable, Mapping
from typing import Any

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.domain.errors import NotFound, Refused
from crm_tui.i18n import _
from crm_tui.screens.base import CrmScreen, Topics
from crm_tui.screens.interaction.interaction_acts import InteractionActs
from crm_tui.screens.lists.list_search import ListSearch, SearchBar
from crm_tui.screens.task.task_commands import TaskCommands
from crm_tui.screens.task.today_source import Thing, TodaySource
from crm_tui.store.queries import letters, today
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order

TOPICS = frozenset(
    {
        "placement",
        "document",
        "inquiry",
        "task",
        "event",
        "interaction",
        "interest",
        "state",
        "mail_account",
        "*",
    }
)


class TodayScreen(ListSearch, TaskCommands, InteractionActs, CrmScreen[None]):
    """Four blocks in one list: the cursor walks through all of them."""

    SCOPES = ("today",)
    CSS = """
    TodayScreen .welcome { height: auto; padding: 1 2; }
    """

    def compose_body(self) -> Iterable[Widget]:
        ports = self.shell.ports
        self._source = TodaySource(self.store, self._user_id, ports.clock, ports.zone)
        self._list = RecordList(
            self._source,
            Order("at"),
            header=False,
            empty=Content(_("Nothing waits for you. n: a new task, typed in one line.")),
        )
        yield Static(Content(_welcome()), classes="welcome")
        yield self._list
        yield SearchBar(self._list)

    def on_mount(self) -> None:
        self._show_welcome()
        self._list.focus()

    def reload(self) -> None:
        self._show_welcome()
        self._list.reload()

    def store_changed(self, topics: Topics) -> None:
        if topics.keys() & TOPICS:
            self.reload()

    def session_state(self) -> dict[str, Any]:
        thing = self._thing()
        return {"kind": thing.kind, "record": thing.record_id} if thing else {}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        if isinstance(state.get("record"), int):
            number = self._source.number_of(str(state.get("kind")), state["record"])
            if number is not None:
                self._list.go_to(number)

    def on_record_list_highlighted(self, _event: RecordList.Highlighted) -> None:
        self.session_changed()

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        """Enter opens what the row stands for."""
        thing = self._chosen()
        if thing.kind == "inquiry":
            self.shell.run_command("everywhere.show_letter", str(thing.record_id))
        elif thing.kind == "inquiries":
            self.shell.run_command("everywhere.undecided")
        elif thing.kind == "event":
            self.shell.run_command("everywhere.show_event", str(thing.record_id))
        elif thing.kind == "document":
            self.shell.run_command("everywhere.show_document", str(thing.record_id))
        elif thing.kind == "passed":
            self.shell.run_command("today.done")
        elif thing.kind == "task":
            if not self.open_task(thing.record_id):
                self.shell.run_command("everywhere.show_task", str(thing.record_id))
        elif thing.interest_id is not None:
            self.shell.run_command("everywhere.show_interest", str(thing.interest_id))
        elif thing.kind == "customer":
            self.shell.run_command("everywhere.show_customer", str(thing.record_id))

    async def command_today_new_task(self, argument: str = "") -> None:
        """A task in one line; the date in it may be words."""
        if await self.add_task(argument) is not None:
            self._list.reload()

    async def command_today_done(self, argument: str = "") -> None:
        """The task under the cursor is done; of a call whose time has passed it is asked whether it was held."""
        thing = self._chosen()
        if thing.kind == "passed":
            await self.ask_whether_held(thing.record_id, thing.cells[1])
            return
        await self.finish_task(self._task_id())

    async def command_today_move(self, argument: str = "") -> None:
        """Another due time for the task under the cursor, or for a call whose time has passed."""
        thing = self._chosen()
        if thing.kind == "passed":
            await self.ask_and_put_off(thing.record_id, argument)
            return
        await self.move_tasks([self._task_id()], argument, "today.move")

    async def command_today_accept(self, argument: str = "") -> None:
        """The intake wizard for the inquiry under the cursor."""
        from crm_tui.screens.inquiry.intake import IntakeWizard

        thing = self._chosen()
        if thing.kind != "inquiry":
            raise Refused("not_an_inquiry")
        with self.store.read() as connection:
            row = letters.rows(connection, [thing.record_id]).get(thing.record_id)
        if row is None:
            raise NotFound("no_such_record", kind="letter", id=thing.record_id)
        accepted = await self.app.push_screen_wait(IntakeWizard(row.letter_id))
        if accepted is not None:
            self.shell.run_command("everywhere.show_interest", str(accepted.interest_id))

    def record_here(self) -> tuple[str, int]:
        """For commands that work with any record (`screens.record.record_here`)."""
        thing = self._chosen()
        if thing.kind in ("inquiry", "inquiries"):
            raise Refused("no_record_here")
        known = thing.kind in ("task", "event", "interest", "customer")
        return thing.kind if known else "interaction", thing.record_id

    def _task_id(self) -> int:
        thing = self._chosen()
        if thing.kind != "task":
            raise Refused("not_a_task")
        return thing.record_id

    def _chosen(self) -> Thing:
        thing = self._thing()
        if thing is None:
            raise Refused("nothing_chosen")
        return thing

    def _thing(self) -> Thing | None:
        number = self._list.current_id
        return None if number is None else self._source.thing(number)

    def _show_welcome(self) -> None:
        with self.store.read() as connection:
            self.query_one(".welcome").display = not today.has_account(connection)


def _welcome() -> str:
    return "\n".join(
        (
            _("No mail account is here yet. Type :add_account and Enter, or add one in the shell:"),
            "",
            "    crm account add NAME YOU@EXAMPLE.COM",
            "",
            _("Tasks, calendar and Interests work without mail. ? shows the keys."),
        )
    )
