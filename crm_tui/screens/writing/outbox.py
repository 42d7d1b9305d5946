"""The outbox: what waits for a server, in words; here letters are looked at, edited, hurried and stopped."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.commands.command import Command
from crm_tui.domain.errors import NotFound, Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _, ngettext
from crm_tui.parsing.letter import Letter, parse
from crm_tui.screens.account.accounts import doing
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.list_search import SearchBar
from crm_tui.screens.wording import full_date
from crm_tui.screens.writing.draft_opening import open_draft
from crm_tui.screens.writing.outbox_letter import OutgoingLetter, is_timed, trouble_lines
from crm_tui.screens.writing.outbox_source import OutboxSource, row_of_letter
from crm_tui.services import messages
from crm_tui.services.letter import pending_acts
from crm_tui.services.writing import outbox
from crm_tui.store.queries.outbox import PendingAct, WaitingLetter, raw
from crm_tui.store.work import Work
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order

SENT, NOT_SENT = "sent", "not sent"


class OutboxScreen(ListScreen[None]):
    """Letters to be sent, and acts that servers do not know yet (story O2)."""

    SCOPES = ("outbox",)
    TABLES = frozenset({"outbox", "placement", "folder"})

    def list_title(self) -> str:
        return _("Outbox")

    def make_list(self) -> RecordList:
        self._source = OutboxSource(self.store, self.shell.ports.clock, self._zone())
        return RecordList(self._source, Order(""), empty=Content(_("Nothing waits for a server.")))

    def below(self) -> Iterable[Widget]:
        yield Static(Content(""), id="outbox-note")

    def show_record(self, record_id: int) -> None:
        """Put the cursor on the letter, whatever was searched for; one that is over is there no more."""
        self.query_one(SearchBar).close()
        self._list.set_needle("")
        self._list.go_to(row_of_letter(record_id))

    def sync_changed(self) -> None:
        self._explain()

    def on_record_list_highlighted(self, _event: RecordList.Highlighted) -> None:
        self._explain()

    def on_record_list_loaded(self, _event: RecordList.Loaded) -> None:
        self._explain()

    async def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Enter shows the letter; of an act, the letter that it was done with."""
        letter, act = self._source.letters.get(event.id), self._source.acts.get(event.id)
        if letter is not None:
            read = await self.look(lambda connection: _read(connection, letter.id))
            await self.app.push_screen(OutgoingLetter(letter, read, self._zone()))
        elif act is not None and act.subject:
            self.shell.run_command("everywhere.show_letter", str(act.id))

    def commands_here(self, *, at_foot: bool = False) -> list[Command]:
        """Where nothing waits, the foot offers nothing to do with it."""
        here = super().commands_here(at_foot=at_foot)
        if not at_foot or self._list.current_id is not None:
            return here
        return [one for one in here if one.scope != "outbox"]

    async def command_outbox_edit(self, argument: str = "") -> None:
        """Stop the letter and go on writing it."""
        letter = self._letters(self._current())[0]
        draft_id = await self.act("outbox.edit", lambda work: outbox.edit_again(work, letter.id))
        await open_draft(self.app, self.store, draft_id)

    async def command_outbox_cancel(self, argument: str = "") -> None:
        """Letters are not sent; acts are as if they had not been done."""
        chosen = self._chosen()
        letters = [self._source.letters[key] for key in chosen if key in self._source.letters]
        acts = [self._source.acts[key] for key in chosen if key in self._source.acts]

        def cancelled(work: Work) -> None:
            for letter in letters:
                outbox.cancel(work, letter.id)
            for act in acts:
                pending_acts.take_back(work, act.id, act.kind)

        await self.act("outbox.cancel", cancelled)
        count = len(letters) + len(acts)
        self.shell.say(
            ngettext("{n} cancelled. u takes it back.", "{n} cancelled. u takes it back.", count).format(
                n=count
            )
        )

    async def command_outbox_send_now(self, argument: str = "") -> None:
        """Without waiting for its time; one that was refused is tried once more."""
        letters = self._letters(*self._chosen())

        def hurried(work: Work) -> None:
            for letter in letters:
                if letter.status == "failed":
                    outbox.retry(work, letter.id)
                else:
                    outbox.send_now(work, letter.id)

        await self.act("outbox.send_now", hurried)
        if self.shell.ports.sync is not None:
            for account_id in {one.account_id for one in letters}:
                self.shell.ports.sync.fetch(account_id)
        self.shell.say(
            ngettext("{n} letter goes out now.", "{n} letters go out now.", len(letters)).format(
                n=len(letters)
            )
        )

    async def command_outbox_resolve(self, argument: str = "") -> None:
        """A person who has looked into Sent says what became of the letter."""
        letter = self._letters(self._current())[0]
        if letter.status != "uncertain":
            raise Refused("letter_not_uncertain")
        said = await self.app.push_screen_wait(
            Choice(
                _("Was it sent?"),
                [
                    (SENT, _("it was sent: it lies in Sent, or the recipient has it")),
                    (NOT_SENT, _("it was not: send it again")),
                ],
                note=_("The line broke while the server was taking it."),
            )
        )
        if said is not None:
            await self.act(
                "outbox.resolve",
                lambda work: outbox.resolve_uncertain(work, letter.id, sent=said == SENT),
            )

    def _chosen(self) -> tuple[int, ...]:
        return self._list.marked_ids() or (self._current(),)

    def _current(self) -> int:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._list.current_id

    def _letters(self, *keys: int) -> Sequence[WaitingLetter]:
        found = [self._source.letters[key] for key in keys if key in self._source.letters]
        if len(found) < len(keys):
            raise Refused("not_a_letter_to_send")
        return found

    def _explain(self) -> None:
        """What is known of the row under the cursor beyond its words."""
        current = self._list.current_id
        text = ""
        if current is not None:
            letter, act = self._source.letters.get(current), self._source.acts.get(current)
            if letter is not None:
                text = "\n".join(self._about_letter(letter))
            elif act is not None:
                text = self._about_act(act)
        self.query_one("#outbox-note", Static).update(Content(text))
        self.refresh_frame()

    def _about_letter(self, letter: WaitingLetter) -> Iterable[str]:
        yield _("By {account}").format(account=clean(letter.account))
        if letter.status == "uncertain":
            yield _("The line broke while the server was taking it: look into Sent, then a.")
        if is_timed(letter) and letter.not_before is not None:
            yield _("Meant for {date}").format(date=full_date(letter.not_before, self._zone()))
        yield from trouble_lines(letter)
        if not letter.results and letter.status in ("queued", "deferred"):
            yield from self._account_state(letter.account_id)

    def _about_act(self, act: PendingAct) -> str:
        if act.error:
            return _("The server refused: {answer}").format(answer=clean(act.error))
        return _("done {date}").format(date=full_date(act.at, self._zone())) if act.at else ""

    def _account_state(self, account_id: int) -> Iterable[str]:
        sync = self.shell.ports.sync
        for state in sync.states() if sync is not None else ():
            if state.account_id == account_id:
                told = messages.of_error(state.error) if state.error is not None else doing(state)
                yield from filter(None, [told])


def _read(connection: Connection, outbox_id: int) -> Letter:
    """The letter as it will go out: its bytes are our own. Raises NotFound."""
    found = raw(connection, outbox_id)
    if found is None:
        raise NotFound("no_such_record", kind="outbox", id=outbox_id)
    return parse(found)
