"""The card of an Interest: states on top, then facts, then what is to do and everything that was."""

from collections.abc import Iterable, Mapping
from typing import Any

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.domain.errors import NotFound
from crm_tui.i18n import _
from crm_tui.screens.base import CrmScreen, Topics
from crm_tui.screens.interest_commands import InterestCommands
from crm_tui.screens.interest_source import amount_text
from crm_tui.screens.list_search import ListSearch, SearchBar
from crm_tui.screens.timeline_source import TimelineSource
from crm_tui.screens.wording import due_text, list_date
from crm_tui.store.queries import letters
from crm_tui.store.queries.interests import InterestCard
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order

PASSED, PRESENT, COMING = "✓", "●", "○"


class InterestScreen(ListSearch, InterestCommands, CrmScreen[None]):
    """One Interest."""

    SCOPES = ("interest",)

    def __init__(self, interest_id: int) -> None:
        super().__init__()
        self._interest_id = interest_id

    def compose_body(self) -> Iterable[Widget]:
        ports = self.shell.ports
        self._source = TimelineSource(self.store, self._interest_id, ports.clock, ports.zone)
        self._list = RecordList(self._source, Order("at"), empty=Content(_("Nothing has happened here yet.")))
        yield Static(Content(""), classes="card-title")
        yield Static(Content(""), classes="card-states")
        yield Static(Content(""), classes="card-facts")
        yield self._list
        yield SearchBar(self._list)

    def on_mount(self) -> None:
        self._list.focus()
        self._show_head()

    def interest_id(self) -> int:
        return self._interest_id

    def reload(self) -> None:
        try:
            self._show_head()
        except NotFound as error:  # taken back, here or elsewhere: a dialog over the card is left to its end
            self.dirty = True
            if self.is_active:
                self.app.pop_screen()
                self.shell.say(self.shell.explain(error), trouble=True)
        else:
            self._list.reload()

    def store_changed(self, topics: Topics) -> None:
        self.reload()

    def session_state(self) -> dict[str, Any]:
        return {}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        """A card is opened anew from the list."""

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Go to the letter, task or event under the cursor."""
        thing = self._source.thing(event.id)
        if thing is None:
            return
        if thing.kind == "letter":
            with self.store.read() as connection:
                place = letters.places(connection, [thing.record_id]).get(thing.record_id)
            if place is None:
                self.shell.say(_("This letter lies in no folder any more."), trouble=True)
            else:
                self.shell.run_command("everywhere.show_letter", str(place))
        elif thing.kind == "task":
            self.shell.run_command("everywhere.show_task", str(thing.record_id))
        elif thing.kind == "event":
            self.shell.run_command("everywhere.show_event", str(thing.record_id))
        else:
            self.shell.say(" · ".join(str(cell) for cell in thing.row.cells if cell))

    def _show_head(self) -> None:
        card = self.card_of(self._interest_id)
        self.query_one(".card-title", Static).update(Content(card.row.name))
        self.query_one(".card-states", Static).update(Content(states_line(card)))
        self.query_one(".card-facts", Static).update(Content("\n".join(self._facts(card))))

    def _facts(self, card: InterestCard) -> Iterable[str]:
        zone, now = self._zone(), self._now()
        who = [card.row.party or _("nobody yet"), *(value for _kind, value in card.contacts)]
        yield " · ".join(who)
        amount = amount_text(card.row.amount_minor, card.row.currency)
        parts = [_(card.row.scenario)]
        if amount:
            parts.append(amount)
        if card.row.owner:
            parts.append(_("owner {name}").format(name=card.row.owner))
        parts.append(_("in this state since {date}").format(date=list_date(card.state_since, now, zone)))
        if card.row.next_contact_at is not None:
            parts.append(_("next contact {date}").format(date=due_text(card.row.next_contact_at, now, zone)))
        if card.close_reason:
            parts.append(_("closed: {reason}").format(reason=card.close_reason))
        yield " · ".join(parts)


def states_line(card: InterestCard) -> str:
    """The states as a way: passed, present, coming; of the closing ones only the one that is reached."""
    present = next(index for index, state in enumerate(card.states) if state.id == card.state_id)
    shown = []
    for index, state in enumerate(card.states):
        if state.outcome != "open" and index != present:
            continue
        sign = PRESENT if index == present else PASSED if index < present else COMING
        shown.append(f"{sign} {_(state.name)}")
    return "  ".join(shown)
