"""The processes of one card: which ran there, at what they wait, and with what result they ended (ELP-05)."""

from collections.abc import Sequence
from typing import Any

from textual.content import Content

from crm_tui.domain.errors import NotFound, Refused
from crm_tui.domain.text import fold
from crm_tui.i18n import _, ngettext
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.forms.report import Report
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.process.process_acts import ProcessActs
from crm_tui.screens.process.process_words import status_text, where_text
from crm_tui.screens.wording import begun_large, list_date
from crm_tui.services.process import card_processes
from crm_tui.services.process.card_processes import ProcessLine
from crm_tui.services.record import bulk
from crm_tui.store.work import Work
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag

MOST_TOLD = 200


class CardProcessesScreen(ProcessActs, ListScreen[None]):
    """``n`` starts another, Enter shows the way of one, which may be ended early, or go on after it was stopped."""

    SCOPES = ("card_processes",)
    TABLES = frozenset({"process", "process_token", "process_notice"})

    def __init__(self, kind: str, record_id: int, title: str) -> None:
        super().__init__()
        self._kind, self._record_id, self._title = kind, record_id, title

    def list_title(self) -> str:
        return _("Processes: {name}").format(name=self._title)

    def record_here(self) -> tuple[str, int]:
        """The card that they ran on."""
        return self._kind, self._record_id

    def make_list(self) -> RecordList:
        columns = (
            Column("name", _("Process"), flex=2, min_width=18, sortable=False),
            Column("status", _("Status"), width=12, sortable=False),
            Column("where", _("Where, with what result"), flex=3, min_width=20, sortable=False),
            Column("since", _("Since"), width=8, sortable=False),
            Column("until", _("Until"), width=8, sortable=False, drop=1),
            Column("starter", _("Started by"), width=14, sortable=False, drop=2),
        )
        return RecordList(
            SmallSource(columns, self._rows),
            Order(""),
            empty=Content(_("No process ran here. n starts one.")),
        )

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        self.shell.run_command("everywhere.show_process", str(event.id))

    async def command_card_processes_start(self, argument: str = "") -> None:
        await start_process(self, self._kind, (self._record_id,), argument)

    async def command_card_processes_end(self, argument: str = "") -> None:
        line = self._current()
        if line.ended is not None:
            raise Refused("process_ended")
        await self.end_process(line.id, line.title)

    async def command_card_processes_resume(self, argument: str = "") -> None:
        from crm_tui.services.process import processes

        line = self._current()
        await self.act("process.resume", lambda work: processes.resume(work, line.id))

    def _current(self) -> ProcessLine:
        """The process under the cursor, as it is now. Raises NotFound."""
        found = next((line for line in self._lines() if line.id == self._list.current_id), None)
        if found is None:
            raise NotFound("no_process_here")
        return found

    def _lines(self) -> list[ProcessLine]:
        with self.store.read() as connection:
            return card_processes.of_card(connection, self._kind, self._record_id)

    def _rows(self) -> list[Row]:
        return [self._row(line) for line in self._lines()]

    def _row(self, line: ProcessLine) -> Row:
        now, zone = self._now(), self._zone()
        cells = (
            f"  {line.title}" if line.nested else line.title,
            begun_large(status_text(line)),
            where_text(line),
            list_date(line.started_at, now, zone),
            list_date(line.ended, now, zone) if line.ended else "",
            line.starter,
        )
        return Row(line.id, cells, RowFlag.NONE if line.ended is None else RowFlag.DIMMED)


async def start_process(screen: Any, kind: str, record_ids: Sequence[int], named: str = "") -> None:
    """Start a process of a map in force, which is named or chosen, on one card or on several (C-30), from a screen
    that acts (``Acting``).

    Raises NotFound (``no_map_to_start``), and for one card alone why it cannot be started there.
    """
    maps = await screen.look(lambda connection: card_processes.startable(connection, kind, record_ids))
    if not maps:
        raise NotFound("no_map_to_start")
    wanted = fold(named)
    meant = [one for one in maps if wanted and wanted in (fold(one.code), fold(one.number), fold(one.title))]
    if meant:
        map_id = meant[0].id
    else:
        title = ngettext("Which process for {n} card", "Which process for {n} cards", len(record_ids))
        options = [(str(one.id), one.title) for one in maps]
        chosen = await screen.app.push_screen_wait(Choice(title.format(n=len(record_ids)), options))
        if chosen is None:
            return
        map_id = int(chosen)

    def start(work: Work) -> bulk.Outcome:
        return card_processes.start_many(work, map_id, kind, record_ids)

    outcome = await screen.act("process.start", start)
    if len(record_ids) == 1:
        for error in outcome.failed.values():
            raise error
    if outcome.failed:
        with screen.store.read() as connection:
            names = bulk.names(connection, kind, list(outcome.failed)[:MOST_TOLD])
        lines = [
            f"{names.get(key, '#' + str(key))}: {screen.shell.explain(error)}"
            for key, error in list(outcome.failed.items())[:MOST_TOLD]
        ]
        told = _("{done} of {all} started; not on these:").format(done=len(outcome.done), all=len(record_ids))
        await screen.app.push_screen(Report(told, lines))
        return
    count = len(outcome.done)
    screen.shell.say(
        ngettext(
            "{n} process started. u takes it back.", "{n} processes started. u takes it back.", count
        ).format(n=count)
    )
