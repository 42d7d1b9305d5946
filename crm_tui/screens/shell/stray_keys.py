"""A key that neither a command nor a widget takes is answered: whoever is new here learns where to look."""

from typing import TYPE_CHECKING

from textual import events

from crm_tui.commands.strokes import Chord, show
from crm_tui.i18n import _
from crm_tui.screens.base import CrmScreen

if TYPE_CHECKING:
    from textual.app import App

    Base = App[int]
else:
    Base = object


class StrayKeys(Base):
    """For the app: keys come up here that nothing on the screen wanted."""

    if TYPE_CHECKING:

        def say(self, text: str, *, trouble: bool = False) -> None: ...

    def on_key(self, event: events.Key) -> None:
        if event.is_printable and event.character is not None and isinstance(self.screen, CrmScreen):
            self.say_stray(("space" if event.character == " " else event.character,))

    def say_stray(self, chord: Chord) -> None:
        """These strokes mean nothing here."""
        self.say(_("{key} does nothing here; ? shows what does.").format(key=show(chord)))
