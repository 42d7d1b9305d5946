"""The letter beside or below the list: where it stands, when it changes, and when a letter shown counts as read."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from textual.geometry import Size
from textual.message import Message
from textual.timer import Timer

from crm_tui.domain.errors import CrmError
from crm_tui.domain.letter.flags import Flag
from crm_tui.i18n import N_, _
from crm_tui.screens.letter.mail_shape import BELOW_FROM, BESIDE_FROM, fitting_view
from crm_tui.screens.letter.reader import known_of
from crm_tui.screens.letter.reader_acts import ReaderActs
from crm_tui.screens.letter.reader_text import letter_paragraphs
from crm_tui.services.letter import mail
from crm_tui.store.queries import letters
from crm_tui.widgets.letter_view import LetterView, Paragraph
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import RowFlag

if TYPE_CHECKING:
    from crm_tui.screens.letter.mail_acts import LetterActs

    class Base(ReaderActs, LetterActs):
        """What the preview needs of its screen."""

else:
    Base = ReaderActs

VIEWS = {
    "normal": N_("List alone"),
    "horizontal": N_("Letter below the list"),
    "vertical": N_("Letter beside the list"),
}
"""The three views of MAIL-22."""
REST_SECONDS = 0.08
"""How long the cursor rests before the letter under it is laid out; longer where the terminal is far away: there
a held key must not draw a letter at every step."""
SCROLL_JUMP = 8
"""Rows the list scrolls by where the folders or the letter stand beside it."""


class Preview(Base):
    """For the Mail screen: ``_list`` and ``_view`` are its list and its letter."""

    _list: RecordList
    _view: LetterView

    class Dwelled(Message):
        """The cursor rested on a letter for the mark-as-read timeout."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    view: str | None = None
    """The view chosen; None: the one that fits the window."""
    _placed_in = Size(0, 0)
    """The window that the panes were placed in."""
    _rest_timer: Timer | None = None
    _dwell_timer: Timer | None = None

    def __init__(self) -> None:
        super().__init__()
        self.preview_by_view = {name: name != "normal" for name in VIEWS}
        """Whether the text is shown in each view (MAIL-23)."""

    # Where it stands

    @property
    def view_in_force(self) -> str:
        """The view chosen or, without a choice, the one that fits."""
        if self.view is not None:
            return self.view
        return fitting_view(*self.app.size)

    @property
    def preview_shown(self) -> bool:
        """Whether the letter under the cursor is shown."""
        return self.preview_by_view[self.view_in_force] and self.app.size.height >= BELOW_FROM

    def place_preview(self) -> None:
        """Put list and letter where the view and the window want them."""
        self.place_panes()
        if self.preview_shown:
            self.call_after_refresh(self.show_again)

    def place_panes(self) -> None:
        """The same before there is a letter to show."""
        self._placed_in = self.app.size
        beside = self.view_in_force == "vertical" and self.app.size.width >= BESIDE_FROM
        self.set_class(self.preview_shown and beside, "-beside")
        self.set_class(self.preview_shown and not beside, "-below")
        has_neighbour = beside or not self.has_class("-narrow")
        self._list.scroll_jump = SCROLL_JUMP if has_neighbour else 1

    def on_resize(self) -> None:
        if self.app.size != self._placed_in:
            self.place_preview()

    def command_mail_view(self, argument: str = "") -> None:
        names = list(VIEWS)
        following = names[(names.index(self.view_in_force) + 1) % len(names)]
        self.view = argument if argument in VIEWS else following
        said = _(VIEWS[self.view])
        if self.view == "vertical" and self.app.size.width < BESIDE_FROM:
            said = _("Too narrow for the letter beside the list: it stands below.")
        self.shell.say(said)
        self._view_changed()

    def command_mail_preview(self, argument: str = "") -> None:
        here = self.view_in_force
        self.preview_by_view[here] = not self.preview_by_view[here]
        self._view_changed()

    def _view_changed(self) -> None:
        self.place_preview()
        self.session_changed()

    # When it changes

    def cursor_moved(self) -> None:
        """The cursor stands on another letter: what waited for the last one waits no more."""
        for timer in (self._rest_timer, self._dwell_timer):
            if timer is not None:
                timer.stop()
        self._dwell_timer = None
        distance = getattr(self.app._driver, "round_trip", 0.0)
        self._rest_timer = self.set_timer(max(REST_SECONDS, 2 * distance), self._rested)

    def _rested(self) -> None:
        self._rest_timer = None
        self.quotes_folded, self.all_headers = True, False
        self.show_again(from_top=True)
        self.dwell()

    def dwell(self) -> None:
        """From now on the letter under the cursor is looked at; also when what lay over the list is closed."""
        if self._dwell_timer is not None:
            self._dwell_timer.stop()
        place, row, seconds = self._list.current_id, self._list.current_row, self._read_after_seconds
        if place is not None and row is not None and seconds > 0 and RowFlag.UNREAD in row.flags:
            self._dwell_timer = self.set_timer(seconds, partial(self.post_message, self.Dwelled(place)))

    def show_again(self, *, from_top: bool = False) -> None:
        if not self.preview_shown:
            return
        place = self._list.current_id
        shown: list[Paragraph] = []
        if place is not None:
            try:
                card = self.card(place)
            except CrmError:  # gone meanwhile: the list is about to lose it too
                return
            known = known_of(self.store, card, self.raw_headers(card) if self.all_headers else "")
            shown = letter_paragraphs(
                card,
                known,
                self._zone(),
                quotes_folded=self.quotes_folded,
                files_listed=self.shell.settings.config.mail.show_attachments,
            )
        self._view.show(shown, keep_place=not from_top)

    # When it counts as read

    async def on_preview_dwelled(self, event: Dwelled) -> None:
        """The timeout of MAIL-20 is over: read, if the cursor never left it and nothing lies over the list."""
        if event.place == self._list.current_id and self.is_active:
            await self.note_opened(event.place)

    async def note_opened(self, place: int) -> None:
        """The letter was opened or looked at long enough, and so is read; ``u`` does not take that back."""
        try:
            if self._is_unread(place):
                await asyncio.to_thread(self._mark_read, place)
        except CrmError as error:
            self.shell.say(self.shell.explain(error), trouble=True)

    def _mark_read(self, place: int) -> None:
        with self.store.work(self.actor, "mail.opened", undoable=False) as work:
            mail.mark_read(work, [place])

    def _is_unread(self, place: int) -> bool:
        with self.store.read() as connection:
            row = letters.rows(connection, [place]).get(place)
        return row is not None and not row.flags & Flag.SEEN

    @property
    def _read_after_seconds(self) -> float:
        return self.shell.settings.config.ui.read_after_seconds
