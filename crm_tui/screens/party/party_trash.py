"""The list of contact persons, or of leads, may hold those that lie in the trash, from where they come back."""

from collections.abc import Mapping
from typing import Any, Protocol

from crm_tui.i18n import _
from crm_tui.screens.lists.looked_list import Filtered
from crm_tui.screens.party.party_list import PartyList


class WithTrash(Filtered, Protocol):
    """Rows that are those of the trash when ``in_trash``."""

    in_trash: bool


class PartyTrash(PartyList):
    """A list whose rows are ``WithTrash``."""

    _source: WithTrash

    def list_title(self) -> str:
        return _("In the trash: D brings back") if self._source.in_trash else ""

    def session_state(self) -> dict[str, Any]:
        return super().session_state() | {"in_trash": self._source.in_trash}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        if state.get("in_trash"):
            self.show_trash(True)
        super().restore_session(state)

    def show_trash(self, shown: bool) -> None:
        """Those in the trash, or the others again."""
        if shown and self.narrowing.condition is not None:
            self.clear_filter()  # it finds nothing of what lies in the trash
        self._source.in_trash = shown
        self._list.reload()
        self.show_which()
