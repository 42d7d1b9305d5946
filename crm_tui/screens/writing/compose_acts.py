"""How writing a letter begins: anew, with a draft, as an answer to the letter at hand, or sending it on."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from crm_tui.domain.errors import CrmError
from crm_tui.domain.text import clean
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import _, ngettext
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.letter.mail_claims import AnswerGuard
from crm_tui.screens.wording import list_date
from crm_tui.screens.writing.draft_opening import open_draft, sending_accounts
from crm_tui.services.writing import drafts
from crm_tui.services.writing.drafts import DraftRow
from crm_tui.store.queries import outbox

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.config import Loaded
    from crm_tui.screens.acting import Acting
    from crm_tui.screens.base import CrmScreen
    from crm_tui.services.ports import Ports
    from crm_tui.services.writing import compose
    from crm_tui.services.writing.compose import Whom, Writing
    from crm_tui.store.queries.letters import LetterCard

    AppBase = App[int]

    class LetterBase(Acting, CrmScreen[None]):
        """What the acts need of their screen."""

        def letter_at_hand(self) -> int: ...

        def card(self, place: int) -> LetterCard: ...

else:
    AppBase = LetterBase = object

NEW = "new"
ATTACHED = "attached"


class WriteCommands(AppBase):
    """For the app: a letter can be begun in any place."""

    if TYPE_CHECKING:
        ports: Ports
        settings: Loaded
        message: str

        def say(self, text: str, *, trouble: bool = False) -> None: ...

        def set_status(self, name: str, text: str) -> None: ...

    def tell_unfinished(self) -> None:
        """At the start: what was being written when the program ended is there (story B9)."""
        count = self.unfinished_letters()
        if count and not self.message:
            self.say(
                ngettext(
                    "{n} unfinished letter: w in Mail goes on with it.",
                    "{n} unfinished letters: w in Mail goes on with one.",
                    count,
                ).format(n=count)
            )

    def tell_outbox(self, topics: Mapping[str, set[int]]) -> None:
        """Say in the top line what waits in the outbox, before all what waits for a person's word."""
        if not topics.keys() & {"outbox", "*"}:
            return
        try:
            with self.ports.store.read() as connection:
                waiting, asking = outbox.counts(connection)
        except CrmError:  # another program holds the store: the next change tells
            return
        text = ""
        if asking:
            text = ngettext("! {n} letter not sent: g o", "! {n} letters not sent: g o", asking).format(
                n=asking
            )
        elif waiting:
            text = ngettext("{n} to send", "{n} to send", waiting).format(n=waiting)
        self.set_status("outbox", text)

    def unfinished_letters(self) -> int:
        """How many letters were begun here and not sent."""
        with self.ports.store.read() as connection:
            return len(drafts.drafts(connection, self.ports.actor.user_id))

    async def command_mail_write(self, argument: str = "") -> None:
        """A new letter, or one that is not finished; ``argument`` is whom a new one goes to."""
        from crm_tui.screens.writing.compose import ComposeScreen
        from crm_tui.services.writing import compose

        store = self.ports.store
        able = sending_accounts(store, primary=self.settings.config.mail.primary_account)
        unfinished = [] if argument else await asyncio.to_thread(self._unfinished)
        chosen: str | None = NEW
        if unfinished:
            count = len(unfinished)
            chosen = await self.push_screen_wait(
                Choice(
                    ngettext("{n} letter unfinished", "{n} letters unfinished", count).format(n=count),
                    [*((str(one.id), self._draft_text(one)) for one in unfinished), (NEW, _("a new letter"))],
                    note=_("Enter goes on with the one chosen."),
                )
            )
        if chosen == NEW:
            with store.read() as connection:
                writing = compose.new(connection, able[0].key, to=clean(argument))
            await self.push_screen(ComposeScreen(writing, able))
        elif chosen is not None:
            await open_draft(self, store, int(chosen))

    async def command_everywhere_outbox(self, argument: str = "") -> None:
        """The outbox; ``argument`` is the number of the letter to put the cursor on."""
        from crm_tui.screens.writing.outbox import OutboxScreen

        if not isinstance(self.screen, OutboxScreen):
            await self.push_screen(OutboxScreen())
        if argument.isdecimal() and isinstance(self.screen, OutboxScreen):
            self.screen.show_record(int(argument))

    async def command_everywhere_settings(self, argument: str = "") -> None:
        from crm_tui.screens.shell.settings import SettingsScreen

        if not isinstance(self.screen, SettingsScreen):
            await self.push_screen(SettingsScreen())

    def _unfinished(self) -> list[DraftRow]:
        """The letters begun by this person, what became of their copies elsewhere taken in."""
        from crm_tui.services.writing import draft_copies

        with self.ports.store.facts("draft.settle") as work:
            draft_copies.settle(work)
        with self.ports.store.read() as connection:
            return drafts.drafts(connection, self.ports.actor.user_id)

    def _draft_text(self, one: DraftRow) -> str:
        return _("{date} {to}: {subject}").format(
            date=list_date(one.changed_at, self.ports.clock(), zone_of(self.ports.zone)),
            to=clean(one.to) or _("nobody yet"),
            subject=clean(one.subject) or _("no subject"),
        )


class ReplyActs(AnswerGuard, LetterBase):
    """For a screen with a letter at hand."""

    async def command_mail_reply(self, argument: str = "") -> None:
        """Answer the sender of the letter at hand, its text quoted."""
        await self._answer("sender")

    async def command_mail_reply_all(self, argument: str = "") -> None:
        """Answer everybody the letter went to, or with ``list`` its mailing list (MAIL-40)."""
        await self._answer("list" if argument == "list" else "all")

    async def command_mail_forward(self, argument: str = "") -> None:
        """Send the letter at hand on, with its text and files, or whole as a file."""
        from crm_tui.services.writing import compose

        card = self.card(self.letter_at_hand())
        account = sending_accounts(self.store, first=card.account_id)[0]
        begun = await self.look(
            lambda connection: compose.forward(
                connection, card.row.letter_id, account.key, zone=self._zone(), attached=argument == ATTACHED
            )
        )
        draft_id = await asyncio.to_thread(self._begun, begun)
        await open_draft(self.app, self.store, draft_id, files_at_first=len(begun.files))

    async def command_mail_edit_draft(self, argument: str = "") -> None:
        """Go on with the letter that lies in Drafts, wherever it was begun."""
        draft_id = await asyncio.to_thread(self._draft_of, self.letter_at_hand())
        await open_draft(self.app, self.store, draft_id)

    async def _answer(self, whom: "Whom") -> None:
        from crm_tui.screens.writing.compose import ComposeScreen
        from crm_tui.services.writing import compose

        place = self.letter_at_hand()
        card = self.card(place)
        able = sending_accounts(self.store, first=card.account_id)
        if not await self.may_answer(place):
            return
        writing: Writing = await self.look(
            lambda connection: compose.reply(
                connection, card.row.letter_id, able[0].key, zone=self._zone(), whom=whom
            )
        )
        await self.claim_answer(card.row.letter_id)
        await self.app.push_screen(
            ComposeScreen(writing, able), lambda _left: self.answer_left(card.row.letter_id)
        )

    def _draft_of(self, place: int) -> int:
        from crm_tui.services.writing import draft_copies

        with self.store.facts("draft.open") as work:
            return draft_copies.open_copy(work, place, owner_id=self.actor.user_id)

    def _begun(self, begun: "compose.Begun") -> int:
        with self.store.facts("draft.begin") as work:
            return drafts.begin(work, begun, owner_id=self.actor.user_id)
