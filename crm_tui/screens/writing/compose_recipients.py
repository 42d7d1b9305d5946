"""Whom a letter goes to: after a pause in typing, those who may be meant are listed below the fields (MAIL-28)."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection
from textual import events
from textual.timer import Timer
from textual.widgets import Input

from crm_tui.domain.identity import address
from crm_tui.i18n import _
from crm_tui.screens.forms.prompt import move_in_list
from crm_tui.screens.writing.address_book import AddressBook
from crm_tui.screens.writing.recipient_offers import Found
from crm_tui.services.writing import recipients
from crm_tui.services.writing.recipients import Person
from crm_tui.widgets.text_field import TextField

if TYPE_CHECKING:
    from crm_tui.screens.acting import Acting
    from crm_tui.screens.base import CrmScreen

    class Base(Acting, CrmScreen[None]):
        """What the fields need of their screen."""

else:
    Base = object

FIELDS = ("to", "cc", "bcc")
MOST_SHOWN = 6


class RecipientActs(Base):
    """For the screen of a letter with fields ``compose-to``, ``-cc`` and ``-bcc`` and a ``Found`` below them."""

    _pause: Timer | None = None

    def recipient_field(self) -> TextField | None:
        """The recipient field with the cursor."""
        focused = self.focused
        is_one = isinstance(focused, TextField) and (focused.id or "").removeprefix("compose-") in FIELDS
        return focused if is_one and isinstance(focused, TextField) else None

    def recipients_typed(self, field: Input) -> None:
        """Something was typed: look for it when a pause comes. Enter takes nobody it does not mean."""
        if self._pause is not None:
            self._pause.stop()
            self._pause = None
        typed = recipients.last_piece(field.value)
        if len(typed.strip()) < recipients.SHORTEST:
            self._found.offer((), certain=True)
        else:
            still_meant = [one for one in self._found.people if recipients.fits(one, typed)]
            self._found.offer(still_meant, certain=address.is_valid(typed.strip()))
            self._pause = self.set_timer(recipients.PAUSE_SECONDS, self._complete)

    async def _complete(self) -> None:
        """List those whom the last piece of the field with the cursor may mean."""
        self._pause = None
        field = self.recipient_field()
        if field is None or field.cursor_position < len(field.value):
            return
        typed, now = recipients.last_piece(field.value), self._now()

        def found(connection: Connection) -> list[Person]:
            return recipients.complete(connection, typed, now, limit=MOST_SHOWN)

        people = await self.look(found)
        if (
            self.is_mounted
            and self.recipient_field() is field
            and recipients.last_piece(field.value) == typed
        ):
            self._found.offer(people, certain=address.is_valid(typed.strip()))

    def recipients_closed(self) -> bool:
        """Take the list of those who may be meant away; False where there is none."""
        was_open = self._found.has_class("-open")
        self._found.offer((), certain=True)
        return was_open

    def person_taken(self) -> bool:
        """Put the person chosen from the list into the field; False where none is."""
        field, person = self.recipient_field(), self._found.chosen
        if field is None or person is None:
            return False
        self._found.offer((), certain=True)
        with field.prevent(Input.Changed):
            field.value = recipients.replaced(field.value, person) + ", "
            field.cursor_position = len(field.value)
        return True

    def on_key(self, event: events.Key) -> None:
        """Up and Down go through the list while the field keeps the cursor."""
        if self.recipient_field() is not None and self._found.has_class("-open"):
            move_in_list(self._found, event.key)

    async def command_compose_address_book(self, argument: str = "") -> None:
        """Choose people for the recipient field with the cursor, else for To (MAIL-30)."""
        field = self.recipient_field() or self.query_one("#compose-to", TextField)
        self.recipients_closed()
        label = {"to": _("To"), "cc": _("Cc"), "bcc": _("Bcc")}[(field.id or "").removeprefix("compose-")]
        people = await self.app.push_screen_wait(AddressBook(label))
        if people:
            field.value = recipients.added(field.value, people) + ", "
            field.cursor_position = len(field.value)

    @property
    def _found(self) -> Found:
        return self.query_one(Found)
