"""Fields of a form that Up and Down go through."""

from typing import Any

from textual import events
from textual.screen import Screen

from crm_tui.domain.text import fold
from crm_tui.i18n import _
from crm_tui.screens.forms.prompt import Choice
from crm_tui.widgets.choice_field import ChoiceField

MANY = 3
"""More values than these are listed."""


class SideChoice(ChoiceField):
    """A choice field of a form whose rows up and down go through: left and right choose, a letter goes to the next
    value that begins with it, and space lists them where they are many."""

    captures_text = True

    @property
    def hint(self) -> str:
        """By which keys a value is chosen."""
        if len(self._options) > MANY:
            return _("Left and Right choose; Space lists all")
        return _("Left and Right choose") if len(self._options) > 1 else ""

    def on_key(self, event: events.Key) -> None:
        if event.key in ("up", "down"):
            event.prevent_default()  # Textual calls the handler of the base class by itself
        elif event.key == "space" and len(self._options) > MANY:
            event.prevent_default()
            event.stop()
            self.app.push_screen(Choice(_("Choose"), self._options), self._take)
        elif event.is_printable and event.character and not event.character.isspace():
            event.prevent_default()
            event.stop()
            self._jump(fold(event.character))

    def _take(self, value: str | None) -> None:
        values = [one for one, _title in self._options]
        if value in values:
            self.chosen = values.index(value)

    def _jump(self, letter: str) -> None:
        count = len(self._options)
        for step in range(1, count + 1):
            place = (self.chosen + step) % count
            if fold(self._options[place][1]).startswith(letter):
                self.chosen = place
                return


def step_field(dialog: Screen[Any], key: str) -> bool:
    """Up and Down go to the field before and after, round the ends; False for another key."""
    if key not in ("up", "down"):
        return False
    shown = [one for one in dialog.query(".form-field") if one.display and one.parent and one.parent.display]
    here = shown.index(dialog.focused) if dialog.focused in shown else 0
    shown[(here + (1 if key == "down" else -1)) % len(shown)].focus()
    return True
