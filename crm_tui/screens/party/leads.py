"""The list of leads, and the card of one (KZ-03)."""

from collections.abc import Mapping
from typing import Any

from crm_tui.i18n import _
from crm_tui.screens.lists.looked_list import Filtered
from crm_tui.screens.party.lead_commands import LeadCommands
from crm_tui.screens.party.lead_source import LeadSource
from crm_tui.screens.party.party_card import PartyCardScreen
from crm_tui.screens.party.party_trash import PartyTrash
from crm_tui.widgets.row_source import Order


class LeadsScreen(LeadCommands, PartyTrash):
    """Open leads, the newest first."""

    SCOPES = ("lead", "records")
    TABLES = frozenset({"lead", "contact_info", "list_item"})
    BESIDE = frozenset({"interest", "state", "interaction", "letter_link", "user"})
    ORDER = Order("created", descending=True)

    _source: LeadSource

    def make_source(self) -> Filtered:
        ports = self.shell.ports
        self._source = LeadSource(self.store, ports.clock, ports.zone)
        return self._source

    def empty_text(self) -> str:
        return _("No open lead. a on a letter makes one, n here, N in one line. o: closed ones too.")

    def session_state(self) -> dict[str, Any]:
        return super().session_state() | {"closed": self._source.closed}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        if state.get("closed"):
            self._source.closed = True
            self._list.reload()
        super().restore_session(state)

    def command_lead_closed(self, argument: str = "") -> None:
        """Converted and lost leads too, or only open ones."""
        self._source.closed = not self._source.closed
        self._list.reload()
        self.shell.say(_("Closed ones too") if self._source.closed else _("Open ones only"))
        self.session_changed()

    def command_lead_in_trash(self, argument: str = "") -> None:
        """Those in the trash, or the others again."""
        self.show_trash(not self._source.in_trash)
        self.session_changed()

    def command_lead_preview(self, argument: str = "") -> None:
        self.toggle_preview()


class LeadScreen(LeadCommands, PartyCardScreen):
    """One lead."""

    SCOPES = ("lead",)
