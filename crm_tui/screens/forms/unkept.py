"""A screen on which something is put together: Esc gives up changes only when it is pressed twice."""

from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import Refused
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
        if self._is_given_up():
            self.dismiss(None)
        else:
            self.shell.say(_("Not kept: Ctrl+S keeps it, Esc once more gives it up."))

    async def before_leaving(self) -> None:
        """The first command that leads elsewhere after a change says likewise."""
        if not self._is_given_up():
            raise Refused("not_kept")

    def _is_given_up(self) -> bool:
        """Whether nothing was changed since that was told last."""
        now = self.made()
        known = now in (self.given(), self._warned_of)
        self._warned_of = now
        return known
