"""The screen of one record: facts over one list, read anew when anything changes, left when the record is gone."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import NotFound
from crm_tui.screens.base import Topics
from crm_tui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    Base = CrmScreen[None]
else:
    Base = object


class CardFrame(Base):
    """For a card, before ``CrmScreen``."""

    _list: RecordList

    def _show_head(self) -> None:
        """Read the facts and draw them. Raises NotFound when the record is gone."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self._list.focus()
        self._show_head()

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
