"""One reader for all the letters that are opened from a list: to make a screen takes longer than to fill it."""

from typing import TYPE_CHECKING

from crm_tui.domain.errors import CrmError
from crm_tui.screens.late import is_left
from crm_tui.screens.letter.reader import LetterScreen
from crm_tui.store.queries.letters import LetterCard
from crm_tui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from crm_tui.screens.letter.mail_acts import LetterActs
    from crm_tui.screens.letter.reader import Neighbours

    class Base(LetterActs, Neighbours):
        """What the reader needs of its list."""

else:
    Base = object

AFTER_SECONDS = 0.6
"""After the start: then the screen itself is drawn and filled."""


class KeptReader(Base):
    """For the Mail screen: ``_list`` is its list."""

    _list: RecordList
    _reader: LetterScreen | None = None

    def make_reader_soon(self) -> None:
        """Have it at hand when the first letter is opened."""
        self.set_timer(AFTER_SECONDS, self._make_reader)

    def open_letter(self, card: LetterCard) -> None:
        """Show the letter in the whole window, the list behind it."""
        if isinstance(self.app.screen, LetterScreen):
            self.app.screen.open_letter(card)
            return
        reader = self._reader or self._new_reader()
        if reader.is_open:  # below a dialog or a card: what is read there stays
            reader = LetterScreen(self)
        self.shell.opened_from = None  # of the letter before: it may have been left otherwise than by Esc
        reader.open_letter(card)
        self.app.push_screen(reader)

    def is_on_its_way(self, since: float) -> bool:
        """Whether the cursor of the list does not stand yet on the letter that was opened."""
        return self._list.is_behind(since)

    def _new_reader(self) -> LetterScreen:
        self._reader = LetterScreen(self)
        self.app.install_screen(self._reader, f"{self.place}.reader")
        return self._reader

    async def _make_reader(self) -> None:
        """Make it, laid out and with the letter under the cursor, without showing it."""
        place = self._list.current_id
        if self._reader is not None or place is None or is_left(self.app):
            return  # a program that is being left composes no screen any more
        reader = self._new_reader()
        _screen, made = self.app._get_screen(reader)
        await made
        if self._reader is reader and not reader.is_open:
            try:
                reader.fill(self.card(place))
            except CrmError:  # gone meanwhile
                return
