"""A letter that is open: the whole window, with the letters before and after it one key away."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from textual import events
from textual.content import Content
from textual.widget import Widget

from crm_tui.commands.command import Command
from crm_tui.domain.errors import CrmError
from crm_tui.screens.base import CrmScreen, Topics
from crm_tui.screens.letter.letter_contact import contact_of
from crm_tui.screens.letter.mail_acts import LetterActs
from crm_tui.screens.letter.mail_claims import Claiming
from crm_tui.screens.letter.mail_files import FileStrip
from crm_tui.screens.letter.mail_on_demand import TextOnDemand
from crm_tui.screens.letter.mail_recognised import recognised
from crm_tui.screens.letter.reader_acts import ReaderActs
from crm_tui.screens.letter.reader_text import Known, letter_paragraphs
from crm_tui.store.engine import Store
from crm_tui.store.queries import bounces, letters
from crm_tui.store.queries.letters import LetterCard
from crm_tui.widgets.letter_view import LetterView, Paragraph

SHOWN_TOPICS = frozenset(
    {"placement", "letter", "letter_text", "inquiry", "letter_link", "letter_claim", "interest", "*"}
)


class Neighbours(Protocol):
    """The list that the letter was opened from."""

    def step_letter(self, by: int, *, unread: bool = False) -> int | None:
        """Go on by so many letters (to the next unread one), and the place of that letter; None at the end."""
        ...

    def is_on_its_way(self, since: float) -> bool:
        """Whether its cursor does not stand on the letter yet (``ReadingList.is_behind``)."""
        ...

    async def note_opened(self, place: int) -> None:
        """The letter was opened, and so is read."""
        ...


class LetterScreen(Claiming, TextOnDemand, ReaderActs, LetterActs, CrmScreen[None]):
    """One letter."""

    SCOPES = ("mail",)

    def __init__(self, neighbours: Neighbours) -> None:
        super().__init__()
        self._card: LetterCard | None = None
        self._letter_place = 0
        self._neighbours = neighbours
        self._remote_images = 0
        self._recognised: tuple[Paragraph, ...] = ()
        self._role = ""

    def compose_body(self) -> Iterable[Widget]:
        self._view = LetterView()
        self._strip = FileStrip(Content(""), id="reader-files")
        yield self._view
        yield self._strip

    def on_mount(self) -> None:
        self._view.focus()
        if self._card is not None:
            self._open(self._card)

    @property
    def is_open(self) -> bool:
        """Whether a letter is read here, or waits below another screen."""
        return any(self in stack for stack in self.app._screen_stacks.values())

    def open_letter(self, card: LetterCard) -> None:
        """Show this letter, which was read from the store before: one that is gone is told of in the list."""
        self._card = card
        if self.is_mounted:
            self._view.focus()
            self._open(card)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Textual would work out the styles of all widgets anew whenever the screen is shown."""
        event.refresh_styles = self._css_update_count != self.app._css_update_count
        self._css_update_count = self.app._css_update_count

    def on_screen_suspend(self) -> None:
        """It is covered, or left: then it may be kept for another letter."""
        if not self.is_open:
            self.workers.cancel_node(self)
            self.release_letter()

    def reload(self) -> None:
        self.show_again()

    def store_changed(self, topics: Topics) -> None:
        if topics.keys() & SHOWN_TOPICS:
            self.show_again()

    def chosen_letters(self) -> tuple[int, ...]:
        return (self._letter_place,)

    def letter_at_hand(self) -> int:
        return self._letter_place

    def role_at_hand(self) -> str:
        return self._role

    def target_of(self, command: Command) -> object | None:
        return None if self.is_out_of_place(command) else super().target_of(command)

    def letters_left(self) -> None:
        if self.is_active:
            self.app.pop_screen()

    def show_again(self) -> None:
        try:
            card = self.card(self._letter_place)
        except CrmError:  # deleted elsewhere: what is on the screen may be read to its end
            return
        self._show(card, keep_place=True)

    def is_behind(self, since: float) -> bool:
        """Whether it is not known yet which letters come before and after this one."""
        return self._neighbours.is_on_its_way(since)

    def command_mail_next(self, argument: str = "") -> None:
        self._step(1)

    def command_mail_previous(self, argument: str = "") -> None:
        self._step(-1)

    def command_mail_next_unread(self, argument: str = "") -> None:
        self._step(1, unread=True)

    def command_mail_previous_unread(self, argument: str = "") -> None:
        self._step(-1, unread=True)

    def _step(self, by: int, *, unread: bool = False) -> None:
        place = self._neighbours.step_letter(by, unread=unread)
        if place is not None:
            self._open(self.card(place))

    def _open(self, card: LetterCard) -> None:
        self.dirty = False
        self._take(card)
        self.fetch_text(card)
        self._show(card)
        if self.is_active:  # else with its becoming so
            self.refresh_frame()
        self.run_worker(self._opened(card), group="opened", exclusive=True)
        self.claim_letter(card.row.letter_id)

    def _take(self, card: LetterCard) -> None:
        self._letter_place = card.row.id
        self._remote_images, self._recognised = 0, ()
        self.quotes_folded, self.all_headers = True, False
        self._role = card.role

    def fill(self, card: LetterCard) -> None:
        """Be ready for being opened, all laid out: nothing is claimed, fetched or noted as read by that."""
        self._css_update_count = self.app._css_update_count
        self._take(card)
        self._show(card)
        self._refresh_layout(self.app.size)

    def text_came(self, card: LetterCard, trouble: str) -> None:
        if self._letter_place == card.row.id:
            self.arriving = trouble
            self.show_again()
            if not trouble:
                self.run_worker(self._opened(self.card(card.row.id)), group="opened", exclusive=True)

    async def _opened(self, card: LetterCard) -> None:
        """What takes longer: it is noted as read, and counted what it would fetch."""
        await self._neighbours.note_opened(card.row.id)
        parsed = await self.parsed(card)
        shown = recognised(parsed, await self.invitation_in(card), self._zone())
        images = parsed.remote_images if parsed is not None else 0
        if (shown or images) and self._letter_place == card.row.id:
            self._remote_images, self._recognised = images, shown
            self.show_again()

    def _show(self, card: LetterCard, *, keep_place: bool = False) -> None:
        headers = self.raw_headers(card) if self.all_headers else ""
        known = known_of(self.store, card, headers, self._remote_images)
        known = replace(known, shared=self.shared_with(card.row.id), recognised=self._recognised)
        known = replace(known, arriving=self.arriving)
        files = [one for one in card.attachments if not one.inline]
        self._strip.show(files if self.shell.settings.config.mail.show_attachments else ())
        shown = letter_paragraphs(
            card, known, self._zone(), quotes_folded=self.quotes_folded, files_listed=False
        )
        self._view.show(shown, keep_place=keep_place)


def known_of(store: Store, card: LetterCard, headers: str = "", remote_images: int = 0) -> Known:
    """What the store knows of the letter's sender and of its work."""
    with store.read() as connection:
        contact, is_own = contact_of(connection, card)
        names = letters.interest_names(connection, card.interests)
        undelivered = tuple(bounces.undelivered(connection, card.row.letter_id))
    return Known(
        contact,
        names,
        remote_images,
        headers,
        undelivered,
        is_own=is_own,
    )
