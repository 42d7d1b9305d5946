"""What the cards of customers, contact persons and leads have in common: facts, sections, one timeline."""

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.i18n import _
from crm_tui.screens.base import CrmScreen
from crm_tui.screens.lists.list_search import ListSearch, SearchBar
from crm_tui.screens.party.party_acts import PartyActs
from crm_tui.screens.party.party_card_source import PartyCardSource, Thing
from crm_tui.screens.party.party_text import head_lines
from crm_tui.screens.record.card_frame import CardFrame
from crm_tui.screens.record.own_fields import card_lines
from crm_tui.screens.shell.type_ahead import COMMANDS
from crm_tui.screens.wording import kind_text
from crm_tui.services.interaction import interactions
from crm_tui.store.queries import letters, party_timeline
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order, is_heading

MOST_LINES = 7
"""Lines of facts over the sections."""


class PartyCardScreen(CardFrame, ListSearch, PartyActs, CrmScreen[None]):
    """One record of ``KIND``."""

    def __init__(self, record_id: int) -> None:
        super().__init__()
        self.record_id = record_id

    def compose_body(self) -> Iterable[Widget]:
        ports = self.shell.ports
        self._source = PartyCardSource(self.store, self.KIND, self.record_id, ports.clock, ports.zone)
        self._list = RecordList(self._source, Order(""), empty=Content(_("Nothing has happened here yet.")))
        yield Static(Content(""), classes="card-title")
        yield Static(Content(""), classes="card-facts party-facts")
        yield self._list
        yield SearchBar(self._list)

    def party_id(self) -> int:
        return self.record_id

    def command_everywhere_next_pane(self, argument: str = "") -> None:
        """Tab goes to the next section."""
        self._go_to_section(1)

    def command_everywhere_previous_pane(self, argument: str = "") -> None:
        self._go_to_section(-1)

    def current_thing(self) -> Thing | None:
        """What the cursor stands on."""
        row_id = self._list.current_id
        return None if row_id is None else self._source.thing(row_id)

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Go to what the row stands for."""
        thing = self._source.thing(event.id)
        if thing is not None:
            self.open_thing(thing)

    def open_thing(self, thing: Thing) -> None:
        """Go to a contact person, Interest, letter, task …; of what has no place of its own the row is said."""
        show = self.shell.run_command
        if thing.kind == "letter":
            with self.store.read() as connection:
                place = letters.places(connection, [thing.record_id]).get(thing.record_id)
            if place is None:
                self.shell.say(_("This letter lies in no folder any more."), trouble=True)
            else:
                show("everywhere.show_letter", str(place))
        elif thing.kind in ("contact", "task", "event", "document", "process"):
            show(f"everywhere.show_{thing.kind}", str(thing.record_id))
        elif thing.kind == "interest":
            self._show_interest(thing.record_id)
        elif thing.kind == "relation":
            show("everywhere.show_customer", str(thing.other_id))
        elif thing.kind == "state":
            with self.store.read() as connection:
                interest_id = party_timeline.interest_of(connection, thing.record_id)
            self._show_interest(interest_id)
        elif thing.kind in (*interactions.KINDS, party_timeline.POST):
            self.run_worker(self.change_interaction(thing.record_id), group=COMMANDS)
        else:
            self.shell.say(" · ".join(cell.strip() for cell in thing.cells if cell))

    def _show_interest(self, interest_id: int | None) -> None:
        """Over this card, so that Esc comes back to it."""
        from crm_tui.screens.interest.interest_card import InterestScreen

        if interest_id is not None:
            self.app.push_screen(InterestScreen(interest_id))

    def _show_head(self) -> None:
        card = self.party()
        self.record_id = card.id
        with self.store.read() as connection:
            lines = head_lines(connection, card, self._now(), self._zone())
            lines[1:1] = card_lines(
                connection, self.shell.settings.config, self.KIND, card.id, card.values["custom"]
            )
        self.query_one(".card-title", Static).update(
            Content(f"{card.values['name']}  ({kind_text(self.KIND)})")
        )
        self.query_one(".card-facts", Static).update(Content("\n".join(lines[:MOST_LINES])))

    def _go_to_section(self, step: int) -> None:
        """The cursor goes to the first row of the section after this one, or before it, round the ends."""
        ids = self._list.ids
        starts = [place + 1 for place, row_id in enumerate(ids) if is_heading(row_id)]
        if not starts:
            return
        here = sum(start <= self._list.position for start in starts) - 1
        self._list.go_to(ids[starts[(here + step) % len(starts)]])
