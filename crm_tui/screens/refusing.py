"""What a screen refuses while it hears a message is said; one that is refused while it is being made closes again."""

from typing import TYPE_CHECKING, Any

from textual import events
from textual.message import Message

from crm_tui.domain.errors import CrmError
from crm_tui.screens.late import LAST_MESSAGES, Late

if TYPE_CHECKING:
    from crm_tui.screens.base import Shell


class Refusing(Late):
    """For places."""

    _is_refused = False

    if TYPE_CHECKING:
        is_mounted: bool

        @property
        def shell(self) -> Shell: ...

    @property
    def stands(self) -> bool:
        """Whether all of it is there."""
        return self.is_mounted and not self._is_refused

    async def _dispatch_message(self, message: Message) -> None:
        """What is refused (by Enter on a row, by a timer) is said, as of a command. A record that is gone meanwhile,
        or cannot be shown here, is no fault either; but the first screen of a mode has to stand."""
        if self._is_refused and not isinstance(message, LAST_MESSAGES):
            return
        try:
            await super()._dispatch_message(message)
        except CrmError as error:
            if isinstance(message, events.Mount):
                self.refused(error)
            else:
                self.shell.say(self.shell.explain(error), trouble=True)

    def refused(self, error: CrmError) -> None:
        """It cannot be made: say why, and close again. Raises the error where nothing lies below."""
        place: Any = self
        if not any(place in stack[1:] for stack in place.app._screen_stacks.values()):
            raise error
        self._is_refused = True
        self.shell.say(self.shell.explain(error), trouble=True)

        def close() -> None:
            place.dismiss(None)

        place.call_later(close)
