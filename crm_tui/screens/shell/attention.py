"""Calling a person whose eyes are not on the program (settings ``notify.method``, ``command``, ``private``)."""

import os
import time
from typing import TYPE_CHECKING

from textual import events

from crm_tui.i18n import _
from crm_tui.widgets import attention

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.config import Loaded

    Base = App[int]
else:
    Base = object

AWAY_SECONDS = 60.0
"""Where the terminal does not say whether it has the focus: so long without a key somebody counts as away."""
REST_SECONDS = 1.5
"""So long after a key the hands are still at what they do: the next key would answer what opened by itself."""


class Attention(Base):
    """For the app: ``call_away`` when there is something to tell."""

    _says_focus = False
    _is_blurred = False
    _last_key = 0.0

    if TYPE_CHECKING:
        settings: Loaded

    def on_app_blur(self, _event: events.AppBlur) -> None:
        self._says_focus, self._is_blurred = True, True

    def on_app_focus(self, _event: events.AppFocus) -> None:
        self._says_focus, self._is_blurred = True, False

    def key_pressed(self) -> None:
        """Somebody is there."""
        self._last_key = time.monotonic()

    def seconds_to_rest(self) -> float:
        """How long no key must come until something may open by itself; 0: it may now."""
        return max(0.0, self._last_key + REST_SECONDS - time.monotonic())

    def is_away(self) -> bool:
        """Whether nobody looks at the screen, as far as one can know."""
        if self._says_focus:
            return self._is_blurred
        return time.monotonic() - self._last_key > AWAY_SECONDS

    def call_away(self, text: str) -> None:
        """Call the person through the terminal or the command of the settings, unless they look at the screen."""
        wanted = self.settings.config.notify
        if wanted.method == "none" or not self.is_away():
            return
        said = _("Something new in the CRM.") if wanted.private else text
        if wanted.method == "command":
            from crm_tui.services.task import notify_command

            # One that is missing or hangs disturbs nobody.
            self.run_worker(
                lambda: notify_command.hand_over(wanted.command, said),
                thread=True,
                group="attention",
                exit_on_error=False,
            )
        elif self._driver is not None:
            self._driver.write(attention.sequence(wanted.method, said, os.environ))
