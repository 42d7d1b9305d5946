"""A screen on which something is put together: Esc gives up changes only when it is pressed twice."""

from typing import TYPE_CHECKING, Any

from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    Base = CrmScreen[Any]
else:
    Base = object


class Unkept(Base):
    """For a screen that answers what was made on it, or None when that is given up."""

    _warned_of: object = None

    def made(self) -> object:
        """What stands on the screen now, comparable."""
        raise NotImplementedError

    def given(self) -> object:
        """What stood there when it was opened."""
        raise NotImplementedError

    def command_everywhere_back(self, argument: str = "") -> None:
        """The first Esc after a change says that it is not kept."""
        now = self.made()
        if now in (self.given(), self._warned_of):
            self.dismiss(None)
        else:
            self._warned_of = now
            self.shell.say(_("Not kept: Ctrl+S keeps it, Esc once more gives it up."))
