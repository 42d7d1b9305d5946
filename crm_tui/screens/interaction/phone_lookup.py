"""Who is calling (C77-37, story B5): digits in any form, whoever has such a number below, at each digit anew.

Letters are commands here, so that one key takes in an unknown caller or logs the call.
"""

from collections.abc import Sequence

from textual import events
from textual import work as in_worker
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from crm_tui.commands.command import Command
from crm_tui.domain.errors import Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _, ngettext
from crm_tui.screens.acting import Acting
from crm_tui.screens.base import CrmDialog
from crm_tui.screens.shell.type_ahead import COMMANDS
from crm_tui.screens.wording import kind_text
from crm_tui.services.party import phone_lookup
from crm_tui.services.party.phone_lookup import Caller
from crm_tui.widgets.footer import Footer
from crm_tui.widgets.offers import Offers

SIGNS = frozenset("0123456789+()-. /")
Chosen = tuple[str, Caller | None, str]
"""What is to be done (``briefing``, ``call`` or ``new``), with whom, and the number as typed."""


class NumberField(Static, can_focus=True):
    """Shows what is typed; it takes digits and the signs of numbers, all else stays a command."""

    typed = ""

    def on_mount(self) -> None:
        self.show("")

    def show(self, typed: str) -> None:
        """This is what is typed now."""
        self.typed = typed
        self.update(Content(f"{typed}_"))


class PhoneLookup(Acting, CrmDialog[Chosen]):
    """Answers what is to be done with whom."""

    SCOPES = ("lookup", "list")
    ACTS_AS_TYPED = True

    def __init__(self, typed: str = "") -> None:
        super().__init__()
        self._typed = typed
        self._callers: Sequence[Caller] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(_("Who is calling? Type digits of the number.")), classes="dialog-title")
            yield NumberField()
            yield Offers()
            yield Static(Content(""), classes="dialog-note")
        yield Footer()

    def on_mount(self) -> None:
        field = self.query_one(NumberField)
        field.focus()
        self._take("".join(sign for sign in self._typed if sign in SIGNS))

    def on_key(self, event: events.Key) -> None:
        field = self.query_one(NumberField)
        if event.key == "backspace":
            event.stop()
            self._take(field.typed[:-1])
        elif event.key == "ctrl+u":
            event.stop()
            self._take("")
        elif event.is_printable and event.character in SIGNS:
            event.stop()
            self._take(field.typed + event.character)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._take(self.query_one(NumberField).typed + "".join(c for c in event.text[:40] if c in SIGNS))

    def command_list_open(self, argument: str = "") -> None:
        """The briefing on who is chosen."""
        self.dismiss(("briefing", self._chosen(), self._number))

    def title_of(self, command: Command) -> str:
        return _("Briefing") if command.id == "list.open" else super().title_of(command)

    def command_lookup_log_call(self, argument: str = "") -> None:
        """The form of the call with who is chosen."""
        self.dismiss(("call", self._chosen(), self._number))

    def command_lookup_new_lead(self, argument: str = "") -> None:
        """Take in an unknown caller with this number."""
        self.dismiss(("new", None, self._number))

    def command_list_down(self, argument: str = "") -> None:
        """One row down."""
        self.query_one(Offers).action_cursor_down()

    def command_list_up(self, argument: str = "") -> None:
        """One row up."""
        self.query_one(Offers).action_cursor_up()

    @property
    def _number(self) -> str:
        return self.query_one(NumberField).typed.strip()

    def _chosen(self) -> Caller:
        place = self.query_one(Offers).highlighted
        if place is None or not self._callers:
            raise Refused("nothing_chosen")
        return self._callers[place]

    def _take(self, typed: str) -> None:
        self.query_one(NumberField).show(typed)
        self._look_for(typed)

    @in_worker(exclusive=True, group=COMMANDS)
    async def _look_for(self, typed: str) -> None:
        callers = await self.look(lambda connection: phone_lookup.found(connection, typed))
        if self.query_one(NumberField).typed != typed:
            return
        self._callers = callers
        offers = self.query_one(Offers)
        offers.set_options(Option(Content(_line(one)), id=str(place)) for place, one in enumerate(callers))
        offers.highlighted = 0 if callers else None
        self.query_one(".dialog-note", Static).update(Content(self._note(typed, len(callers))))

    def _note(self, typed: str, count: int) -> str:
        if sum(sign.isdigit() for sign in typed) < phone_lookup.FEWEST:
            return _("At least {n} digits.").format(n=phone_lookup.FEWEST)
        if not count:
            return _("Nobody has this number. n: a new lead with it.")
        return ngettext("{n} has such a number.", "{n} have such a number.", count).format(n=count)


def _line(one: Caller) -> str:
    parts = (one.name, one.firm, kind_text(one.kind), one.number)
    return " · ".join(clean(part) for part in parts if part)
