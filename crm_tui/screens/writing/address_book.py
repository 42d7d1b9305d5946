"""The address book: people are looked for, moved to the recipients, and all carried over at once (MAIL-30)."""

from collections.abc import Sequence

from sqlalchemy import Connection
from textual import events
from textual import work as in_worker
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from crm_tui.domain.identity import address
from crm_tui.domain.text import clean
from crm_tui.i18n import _, ngettext
from crm_tui.screens.acting import Acting
from crm_tui.screens.base import CrmDialog
from crm_tui.screens.forms.prompt import MOVES, move_in_list
from crm_tui.screens.writing.recipient_offers import person_text
from crm_tui.services.writing import recipients
from crm_tui.services.writing.recipients import Person
from crm_tui.widgets.footer import Footer
from crm_tui.widgets.offers import Offers
from crm_tui.widgets.text_field import TextField

SHOWN = 100


class AddressBook(Acting, CrmDialog[list[Person]]):
    """Answers the people chosen for the field ``label``, or None when given up.

    Enter moves the person under the cursor to the recipients, or back; Ctrl+S is OK.
    """

    SCOPES = ("form",)

    def __init__(self, label: str) -> None:
        super().__init__()
        self._label = label
        self._people: Sequence[Person] = ()
        self._looked_for = ""
        """What was typed when they were looked for."""
        self._chosen: dict[str, Person] = {}
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(
                Content(_("Address book: {field}").format(field=self._label)), classes="dialog-title"
            )
            yield TextField(own_keys=MOVES, placeholder=_("a part of the name or address"))
            yield Offers()
            yield Static(Content(""), id="book-chosen")
            yield Static(
                Content(_("Enter: to the recipients or back · Ctrl+S: OK · Esc: change nothing")),
                classes="dialog-note",
            )
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(TextField).focus()
        self._tell_chosen()
        self._look_for()

    def on_input_changed(self, _event: Input.Changed) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(recipients.PAUSE_SECONDS, self._look_for)

    def on_key(self, event: events.Key) -> None:
        move_in_list(self.query_one(Offers), event.key)

    async def on_input_submitted(self, _event: Input.Submitted) -> None:
        """The person under the cursor becomes a recipient, or is none any more."""
        if self._looked_for != self.query_one(TextField).value:
            await self._look_now()
        number = self.query_one(Offers).highlighted
        if number is None:
            return
        person = self._people[number]
        if self._chosen.pop(person.address, None) is None:
            self._chosen[person.address] = person
        self._show(number)
        self._tell_chosen()

    def command_form_save(self, argument: str = "") -> None:
        self.dismiss(list(self._chosen.values()))

    @in_worker(exclusive=True)
    async def _look_for(self) -> None:
        await self._look_now()

    async def _look_now(self) -> None:
        typed, now = self.query_one(TextField).value, self._now()

        def page(connection: Connection) -> list[Person]:
            return recipients.book(connection, typed, now, limit=SHOWN)

        people = await self.look(page)
        if self.is_mounted and self.query_one(TextField).value == typed:
            self._people, self._looked_for = people, typed
            self._show(0)

    def _show(self, number: int) -> None:
        options = self.query_one(Offers)
        options.set_options(
            Option(Content(("[x] " if one.address in self._chosen else "[ ] ") + person_text(one)))
            for one in self._people
        )
        options.highlighted = min(number, len(self._people) - 1) if self._people else None

    def _tell_chosen(self) -> None:
        count = len(self._chosen)
        text = _("Nobody is chosen yet.")
        if count:
            text = ngettext("{n} chosen: {people}", "{n} chosen: {people}", count).format(
                n=count,
                people=", ".join(
                    clean(address.joined(one.name, one.address)) for one in self._chosen.values()
                ),
            )
        self.query_one("#book-chosen", Static).update(Content(text))
