"""The list of customers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crm_tui.domain.text import fold
from crm_tui.i18n import _
from crm_tui.screens.base import Topics
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.lists.looked_list import Filtered
from crm_tui.screens.party.customer_commands import CustomerCommands
from crm_tui.screens.party.customer_source import CustomerSource
from crm_tui.screens.party.party_list import PartyList
from crm_tui.services.record import lists
from crm_tui.store.queries.customers import COUNTED, Which

ALL, MINE, TRASH = "all", "mine", "trash"


class CustomersScreen(CustomerCommands, PartyList):
    """Customers by name."""

    SCOPES = ("customer", "records")
    TABLES = frozenset({"customer", "contact_info", "list_item"})
    BESIDE = frozenset({"interest", "state", "interaction", "letter_link", "contact", "user"})

    def store_changed(self, topics: Topics) -> None:
        if self._list.order.column in COUNTED and topics.keys() & self.BESIDE:
            self.take_looks(topics)
            self.reload()
        else:
            super().store_changed(topics)

    def make_source(self) -> Filtered:
        ports = self.shell.ports
        self._source = CustomerSource(self.store, ports.clock, ports.zone)
        return self._source

    def empty_text(self) -> str:
        return _("No customer yet. n enters one, N in one line; C on a lead makes one of it.")

    def list_title(self) -> str:
        which = self._source.which
        if which == Which():
            return ""
        with self.store.read() as connection:
            parts = [
                lists.name_of(connection, "customer_kind", which.kind) if which.kind else "",
                lists.name_of(connection, "customer_status", which.status) if which.status else "",
                _("mine") if which.owner_id is not None else "",
                _("in the trash: D brings back") if which.in_trash else "",
            ]
        return _("Only: {which}  (o: others)").format(which=" · ".join(part for part in parts if part))

    def session_state(self) -> dict[str, Any]:
        which = self._source.which
        return super().session_state() | {"which": [which.kind, which.status, which.owner_id, which.in_trash]}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        which = state.get("which")
        if isinstance(which, list) and len(which) == 4:
            self._show_only(Which(*which))
        super().restore_session(state)

    async def command_customer_which(self, argument: str = "") -> None:
        """Only those of a kind or status, or one's own; a second choice narrows the first."""
        with self.store.read() as connection:
            options = [(ALL, _("all customers")), (MINE, _("my customers"))]
            for name, title in (("customer_kind", _("kind")), ("customer_status", _("status"))):
                options += [
                    (f"{name} {code}", f"{title}: {word}") for code, word in lists.items(connection, name)
                ]
            options.append((TRASH, _("in the trash")))
        meant = [value for value, text in options if fold(argument) in (value, fold(text))]
        chosen = meant[0] if meant else await self.app.push_screen_wait(Choice(_("Which customers"), options))
        if not chosen:
            return
        which = self._source.which
        if chosen == ALL:
            which = Which()
        elif chosen == MINE:
            which = replace(which, owner_id=self._user_id)
        elif chosen == TRASH:
            which = Which(in_trash=True)
        elif chosen.startswith("customer_kind "):
            which = replace(which, kind=chosen.partition(" ")[2])
        else:
            which = replace(which, status=chosen.partition(" ")[2])
        self._show_only(which)
        self.session_changed()

    def command_customer_preview(self, argument: str = "") -> None:
        self.toggle_preview()

    def _show_only(self, which: Which) -> None:
        self._source.which = which
        self._list.reload()
        self.show_which()
