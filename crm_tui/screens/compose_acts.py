"""How writing a letter begins: anew, with a draft, or as an answer to the letter at hand."""

from typing import TYPE_CHECKING

from crm_tui.domain.errors import Refused
from crm_tui.domain.text import clean
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import _, ngettext
from crm_tui.screens.prompt import Choice
from crm_tui.screens.wording import list_date
from crm_tui.services import compose, drafts
from crm_tui.services.compose import Writing
from crm_tui.store.queries import accounts
from crm_tui.store.tables import MailAccount

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.screens.acting import Acting
    from crm_tui.screens.base import CrmScreen
    from crm_tui.services.ports import Ports
    from crm_tui.store.engine import Store
    from crm_tui.store.queries.letters import LetterCard

    AppBase = App[int]

    class LetterBase(Acting, CrmScreen[None]):
        """What the acts need of their screen."""

        def letter_at_hand(self) -> int: ...

        def card(self, place: int) -> LetterCard: ...

else:
    AppBase = LetterBase = object

NEW = "new"


class WriteCommands(AppBase):
    """For the app: a letter can be begun in any place."""

    if TYPE_CHECKING:
        ports: Ports
        message: str

        def say(self, text: str, *, trouble: bool = False) -> None: ...

    def tell_unfinished(self) -> None:
        """At the start: what was being written when the program ended is there (story B9)."""
        with self.ports.store.read() as connection:
            count = len(drafts.drafts(connection, self.ports.actor.user_id))
        if count and not self.message:
            self.say(
                ngettext(
                    "{n} unfinished letter: w in Mail goes on with it.",
                    "{n} unfinished letters: w in Mail goes on with one.",
                    count,
                ).format(n=count)
            )

    async def command_mail_write(self, argument: str = "") -> None:
        """A new letter, or one that is not finished; ``argument`` is whom a new one goes to."""
        from crm_tui.screens.compose import ComposeScreen

        store = self.ports.store
        able = sending_accounts(store)
        with store.read() as connection:
            unfinished = [] if argument else drafts.drafts(connection, self.ports.actor.user_id)
        chosen: str | None = NEW
        if unfinished:
            now, zone = self.ports.clock(), zone_of(self.ports.zone)
            options = [
                (
                    str(one.id),
                    _("{date} {to}: {subject}").format(
                        date=list_date(one.changed_at, now, zone),
                        to=clean(one.to) or _("nobody yet"),
                        subject=clean(one.subject) or _("no subject"),
                    ),
                )
                for one in unfinished
            ]
            chosen = await self.push_screen_wait(
                Choice(
                    _("Letters that are not finished"),
                    [*options, (NEW, _("a new letter"))],
                    note=_("Enter goes on with the one chosen."),
                )
            )
        if chosen == NEW:
            await self.push_screen(ComposeScreen(Writing(able[0].key, to=clean(argument)), able))
        elif chosen is not None:
            with store.read() as connection:
                writing = drafts.draft(connection, int(chosen))
            await self.push_screen(ComposeScreen(writing, able, draft_id=int(chosen)))

    def unfinished_letters(self) -> int:
        """How many letters were begun and not sent."""
        with self.ports.store.read() as connection:
            return len(drafts.drafts(connection, self.ports.actor.user_id))


class ReplyActs(LetterBase):
    """For a screen with a letter at hand."""

    async def command_mail_reply(self, argument: str = "") -> None:
        """Answer the letter at hand, its text quoted."""
        from crm_tui.screens.compose import ComposeScreen

        card = self.card(self.letter_at_hand())
        able = sending_accounts(self.store, first=card.account_id)
        zone = zone_of(self.shell.ports.zone)
        writing = await self.look(
            lambda connection: compose.reply(connection, card.row.letter_id, able[0].key, zone=zone)
        )
        await self.app.push_screen(ComposeScreen(writing, able))


def sending_accounts(store: "Store", first: int | None = None) -> list[MailAccount]:
    """The accounts that can send, the one with the id ``first`` first. Raises Refused where there is none."""
    with store.read() as connection:
        able = [one for one in accounts.in_use(connection) if one.smtp_host]
    if not able:
        raise Refused("nothing_sends")
    return sorted(able, key=lambda one: one.key != first)
