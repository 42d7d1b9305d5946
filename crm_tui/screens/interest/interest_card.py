"""The card of an Interest: states on top, then facts, then what is to do and everything that was (RM-03, KZ-07).

Tab goes from the timeline to the product lines, the receipts and the people, and back.
"""

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.domain.errors import Refused
from crm_tui.domain.money import Money, shown
from crm_tui.i18n import _, language
from crm_tui.screens.base import CrmScreen
from crm_tui.screens.interest.interest_commands import InterestCommands
from crm_tui.screens.interest.interest_head import card_facts, states_line
from crm_tui.screens.interest.interest_part_forms import PartForms
from crm_tui.screens.interest.interest_parts import lines_source, people_source, receipts_source
from crm_tui.screens.interest.interest_process import InterestProcess
from crm_tui.screens.interest.timeline_source import CHECKED, Thing, TimelineSource
from crm_tui.screens.lists.list_search import ListSearch, SearchBar
from crm_tui.screens.record.card_frame import CardFrame
from crm_tui.screens.record.own_fields import card_lines
from crm_tui.services.interest import checklists, interest_lines, participants, receipts
from crm_tui.store.queries import interest_card, letters
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order, RowSource

VIEWS = ("timeline", "lines", "receipts", "people")


class PartsList(RecordList):
    """A list whose rows are not marked: the key of the mark checks them off."""

    async def command_list_mark(self, argument: str = "") -> None:  # type: ignore[override]
        screen = self.screen
        assert isinstance(screen, InterestScreen)
        await screen.check_off()


class InterestScreen(InterestProcess, CardFrame, ListSearch, PartForms, InterestCommands, CrmScreen[None]):
    """One Interest."""

    SCOPES = ("parts", "process", "interest")

    def __init__(self, interest_id: int) -> None:
        super().__init__()
        self._interest_id = interest_id
        self._view = VIEWS[0]

    def compose_body(self) -> Iterable[Widget]:
        ports = self.shell.ports
        self._timeline = TimelineSource(self.store, self._interest_id, ports.clock, ports.zone)
        self._list = PartsList(self._timeline, Order("at"), empty=self._empty())
        yield Static(Content(""), classes="card-title")
        yield Static(Content(""), classes="card-states")
        yield Static(Content(""), classes="card-process")
        yield Static(Content(""), classes="card-facts above-views")
        yield Static(Content(""), classes="card-views")
        yield self._list
        yield SearchBar(self._list)

    def interest_id(self) -> int:
        return self._interest_id

    # The views

    def command_interest_view(self, argument: str = "") -> None:
        """The next of timeline, product lines, receipts and people, or the one named."""
        step = VIEWS.index(argument) if argument in VIEWS else VIEWS.index(self._view) + 1
        self._show_view(VIEWS[step % len(VIEWS)])

    def command_everywhere_next_pane(self, argument: str = "") -> None:
        self.command_interest_view()

    def command_everywhere_previous_pane(self, argument: str = "") -> None:
        self._show_view(VIEWS[VIEWS.index(self._view) - 1])

    def _show_view(self, view: str) -> None:
        self._view = view
        bar = self.query_one(SearchBar)
        if bar.is_open:
            bar.close()
        self._list.set_empty(self._empty())
        self._list.show(self._source(), Order("at"))
        self._show_head()
        self.refresh_frame()

    def _source(self) -> RowSource:
        if self._view == "lines":
            return lines_source(self.store, self._interest_id, self._currency)
        if self._view == "receipts":
            return receipts_source(self.store, self._interest_id, self._currency, self._today)
        if self._view == "people":
            return people_source(self.store, self._interest_id)
        return self._timeline

    def _empty(self) -> Content:
        texts = {
            "timeline": _("Nothing has happened here yet."),
            "lines": _("No product lines. + adds one."),
            "receipts": _("No money is planned to come. + plans a receipt."),
            "people": _("Nobody takes part. + takes a contact person in."),
        }
        return Content(texts[self._view])

    # What can be done with a row

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Change the row, or go to the letter, task or event under the cursor."""
        if self._view != "timeline":
            self.shell.run_command("parts.change")
            return
        thing = self._timeline.thing(event.id)
        if thing is not None:
            self._go_to(thing)

    def _go_to(self, thing: Thing) -> None:
        if thing.kind == "letter":
            with self.store.read() as connection:
                place = letters.places(connection, [thing.record_id]).get(thing.record_id)
            if place is None:
                self.shell.say(_("This letter lies in no folder any more."), trouble=True)
            else:
                self.shell.run_command("everywhere.show_letter", str(place))
        elif thing.kind == "task" and self.open_step(thing.record_id):
            return
        elif thing.kind in ("task", "event", "document"):
            self.shell.run_command(f"everywhere.show_{thing.kind}", str(thing.record_id))
        elif thing.kind == "item":
            self.shell.run_command("list.mark")
        else:
            self.shell.say(" · ".join(cell for cell in thing.cells if cell))

    async def check_off(self) -> None:
        """The item of the checklist is done, or not after all; the money has come, or not after all."""
        key = self._row_id()
        if self._view == "receipts":
            one = next(one for one in self._receipts() if one.id == key)
            if one.received_on is None:
                await self.act("interest.receive", lambda work: receipts.receive(work, key, self._today()))
            else:
                await self.act("interest.receive", lambda work: receipts.take_back(work, key))
            return
        thing = self._timeline.thing(key) if self._view == "timeline" else None
        if thing is None or thing.kind != "item":
            raise Refused("not_to_be_checked")
        checked = thing.cells[0] != CHECKED
        await self.act(
            "interest.check",
            lambda work: checklists.check(work, self._interest_id, thing.record_id, checked),
        )

    async def command_parts_add(self, argument: str = "") -> None:
        """A new product line, receipt or participant; from the timeline a product line."""
        if self._view == "timeline":
            self._show_view("lines")
        card = self.card_of(self._interest_id)
        if self._view == "lines":
            await self.ask_line(card, None)
        elif self._view == "receipts":
            await self.ask_receipt(card, None)
        else:
            await self.ask_participant(card, None)

    async def command_parts_change(self, argument: str = "") -> None:
        """The row under the cursor."""
        key, card = self._row_id(), self.card_of(self._interest_id)
        with self.store.read() as connection:
            if self._view == "lines":
                found = interest_lines.of_interest(connection, self._interest_id)
            elif self._view == "people":
                people = participants.of_interest(connection, self._interest_id)
        if self._view == "lines":
            await self.ask_line(card, next(one for one in found if one.id == key))
        elif self._view == "receipts":
            await self.ask_receipt(card, next(one for one in self._receipts() if one.id == key))
        elif self._view == "people":
            who = next(one for one in people if one.contact_id == key)
            if who.id is None:
                raise Refused("carried_by_interest", name=who.name)
            await self.ask_participant(card, who)
        else:
            raise Refused("nothing_chosen")

    async def command_parts_remove(self, argument: str = "") -> None:
        """The line, receipt or participant under the cursor is not needed any more."""
        key = self._row_id()
        if self._view == "lines":
            await self.act("interest.remove_line", lambda work: interest_lines.remove(work, key))
        elif self._view == "receipts":
            await self.act("interest.remove_receipt", lambda work: receipts.remove(work, key))
        elif self._view == "people":
            with self.store.read() as connection:
                people = participants.of_interest(connection, self._interest_id)
            who = next(one for one in people if one.contact_id == key)
            if who.id is None:
                raise Refused("carried_by_interest", name=who.name)
            row_id = who.id
            await self.act("interest.remove_person", lambda work: participants.remove(work, row_id))
        else:
            raise Refused("cannot_be_removed_here")

    async def command_parts_sum(self, argument: str = "") -> None:
        """The amount is the sum of the lines."""
        await self.act("interest.take_sum", lambda work: interest_lines.take_sum(work, self._interest_id))

    def _row_id(self) -> int:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._list.current_id

    def _receipts(self) -> list[receipts.Planned]:
        with self.store.read() as connection:
            return receipts.of_interest(connection, self._interest_id)

    # The head

    def _show_head(self) -> None:
        card = self.card_of(self._interest_id)
        self._currency = card.row.currency
        with self.store.read() as connection:
            facts = card_facts(connection, card, self._now(), self._zone())
            config, key = self.shell.settings.config, self._interest_id
            own = card_lines(connection, config, "interest", key, interest_card.custom_of(connection, key))
            lines = interest_lines.of_interest(connection, self._interest_id)
            people = len(participants.of_interest(connection, self._interest_id))
        money = self._receipts()
        counts = {
            "timeline": _("Timeline"),
            "lines": _("Products {count}").format(count=len(lines)),
            "receipts": _("Receipts {came} of {count}").format(
                came=sum(one.received_on is not None for one in money), count=len(money)
            ),
            "people": _("People {count}").format(count=people),
        }
        views = [f"[{text}]" if view == self._view else f" {text} " for view, text in counts.items()]
        if self._view == "lines" and lines:
            total = shown(Money(sum(line.sum_minor for line in lines), self._currency), language())
            views.append(_("sum {sum}").format(sum=total))
        self.query_one(".card-title", Static).update(Content(card.row.name))
        self.query_one(".card-states", Static).update(Content(states_line(card)))
        self.show_process()
        self.query_one(".card-facts", Static).update(Content("\n".join([facts, *own])))
        self.query_one(".card-views", Static).update(Content(" ".join(views)))
