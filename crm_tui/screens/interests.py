"""Interests: the list, and the card of one with its states and everything made within it."""

from collections.abc import Iterable, Mapping
from typing import Any

from textual.content import Content
from textual.widget import Widget

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.i18n import _
from crm_tui.screens.base import CrmScreen, Topics
from crm_tui.screens.form import Field, FormDialog
from crm_tui.screens.interest_card import InterestScreen
from crm_tui.screens.interest_commands import InterestCommands
from crm_tui.screens.interest_source import InterestSource
from crm_tui.screens.list_search import ListSearch, SearchBar
from crm_tui.services import contact_info, interests, leads, scenarios
from crm_tui.store.work import Work
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order

TOPICS = frozenset({"interest", "customer", "lead", "contact", "state", "*"})


class InterestsScreen(ListSearch, InterestCommands, CrmScreen[None]):
    """The list of Interests, the last changed first."""

    SCOPES = ("interest",)

    def compose_body(self) -> Iterable[Widget]:
        self._source = InterestSource(self.store, self.shell.ports.clock, self.shell.ports.zone)
        self._list = RecordList(
            self._source,
            Order("changed", descending=True),
            empty=Content(_("No Interest yet. a on a letter accepts an inquiry, n here makes one by hand.")),
        )
        yield self._list
        yield SearchBar(self._list)

    def on_mount(self) -> None:
        self._list.focus()

    def reload(self) -> None:
        self._list.reload()

    def store_changed(self, topics: Topics) -> None:
        if topics.keys() & TOPICS:
            self._list.reload()

    def session_state(self) -> dict[str, Any]:
        return {
            "interest": self._list.current_id,
            "needle": self._list.needle,
            "closed": self._source.closed,
        }

    def restore_session(self, state: Mapping[str, Any]) -> None:
        if state.get("closed"):
            self._source.closed = True
            self._list.reload()
        if state.get("needle"):
            self.query_one(SearchBar).open(str(state["needle"]))
        if isinstance(state.get("interest"), int):
            self._list.go_to(state["interest"])

    def interest_id(self) -> int:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._list.current_id

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        self.show_record(event.id)

    def on_record_list_highlighted(self, _event: RecordList.Highlighted) -> None:
        self.session_changed()

    def show_record(self, record_id: int) -> None:
        """Open the card, in place of one that is open. Raises NotFound."""
        self.card_of(record_id)
        if isinstance(self.app.screen, InterestScreen):
            self.app.pop_screen()
        self.app.push_screen(InterestScreen(record_id))

    def command_interest_closed(self, argument: str = "") -> None:
        """Closed Interests too, or only open ones."""
        self._source.closed = not self._source.closed
        self._list.reload()
        self.shell.say(_("Closed ones too") if self._source.closed else _("Open ones only"))
        self.session_changed()

    async def command_interest_new(self, argument: str = "") -> None:
        """A new Interest by hand, for a new lead or for nobody yet."""
        made: list[int] = []

        async def save(filled: Mapping[str, str]) -> None:
            if not filled["lead"].strip() and (filled["phone"].strip() or filled["email"].strip()):
                raise Invalid("who_missing")
            made.append(await self.act("interest.new", lambda work: self._create(work, filled)))

        scenario_options = [(code, _(name)) for code, (name, _states) in scenarios.SHIPPED.items()]
        await self.app.push_screen_wait(
            FormDialog(
                _("New Interest"),
                [
                    Field("name", _("Title"), argument),
                    Field("lead", _("Who asks")),
                    Field("phone", _("Phone")),
                    Field("email", _("E-mail")),
                    Field("scenario", _("Scenario"), "sale", options=scenario_options),
                ],
                save=save,
                kept_as="interest-new",
            )
        )
        if made:
            self.show_record(made[0])

    def _create(self, work: Work, filled: Mapping[str, str]) -> int:
        user_id = self._user_id
        lead_id = None
        if filled["lead"].strip():
            lead = leads.add(work, filled["lead"], source="hand", owner_id=user_id)
            lead_id = lead.key
            if filled["phone"].strip():
                contact_info.add_phone(work, "lead", lead_id, filled["phone"])
            if filled["email"].strip():
                contact_info.add_email(work, "lead", lead_id, filled["email"])
        interest = interests.create(
            work,
            filled["name"],
            scenario=filled["scenario"],
            owner_id=user_id,
            lead_id=lead_id,
            source="hand",
        )
        return interest.key
