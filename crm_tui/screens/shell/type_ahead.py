"""Keys typed ahead wait until what the last key set going is there, and go to it.

Textual moves the focus and mounts a screen by messages that come after the keys already typed. Over a slow line keys
come in bursts, and ``/invoice`` would act letter by letter on the list that was to be searched.
"""

from collections import deque
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.worker import Worker

from crm_tui.i18n import _

LONGEST_SECONDS = 5.0
"""No key waits longer, whatever hangs. What was typed for a command that is not done by then is dropped: letters
meant for the dialog that it opens would act as commands, and ``D`` deletes."""
LOOK_SECONDS = 0.01
COMMANDS = "command"
"""The group of the workers of commands (``commands.Commander``)."""


class TypeAhead:
    """For the app: asks ``keeps`` for every key and paste, and tells ``settle`` that one has acted."""

    def __init__(self, app: App[Any], say: Callable[[str], None]) -> None:
        self._app = app
        self._say = say
        self._kept: deque[events.Event] = deque()
        self._settling = 0
        """Which of the waits is going on; 0: none."""
        self._waits = 0
        self._deadline = 0.0
        self._known: set[Worker[Any]] = set()
        """Commands that went on before the key, or whose dialog is there: nothing waits for them."""

    def keeps(self, event: events.Event) -> bool:
        """Whether the event has to wait; it comes back to the app's ``on_event``.

        One that comes while a dialog opens by itself (a reminder) was meant for what lay below, and is gone.
        """
        if self._settling:
            self._kept.append(event)
            return True
        self._known = self._running()
        return isinstance(self._app.screen, ModalScreen) and not self._app.screen.is_mounted

    @property
    def is_waiting(self) -> bool:
        """Whether keys would have to wait now."""
        return bool(self._settling)

    def settle(self, before: Screen[Any], focused: Widget | None, *, was_passed_on: bool = False) -> None:
        """A key has acted on the screen ``before``, or was passed on to the widget that had the focus.

        What it set going is let through first: messages from the widget to its screen, a move of the focus, a screen
        that opens or closes.
        """
        self._waits += 1
        self._settling = self._waits
        self._deadline = monotonic() + LONGEST_SECONDS
        way = (
            [] if focused is None else [node for node in focused.ancestors_with_self if node is not self._app]
        )
        # A key that is passed on comes up to the app, which asks the widget to act, which then tells its screen.
        nodes = [*way, self._app, *way] if was_passed_on else way
        self._hop(list(nodes), partial(self._look, self._waits, before))
        if was_passed_on:
            self._app.set_timer(LOOK_SECONDS, partial(self._watch, self._waits, before))

    def _hop(self, nodes: list[DOMNode], look: partial[Any]) -> None:
        """Go through the queues of these, behind what waits there already, then look."""
        while nodes:
            if nodes.pop(0).call_later(self._hop, nodes, look):
                return
        self._app.call_later(look)

    async def _look(self, wait: int, seen: Screen[Any]) -> None:
        if wait != self._settling or not self._app.screen_stack:  # none: the program has just ended
            return
        screen = self._app.screen
        if screen is not seen:
            self._known = self._running()
            screen.call_after_refresh(self._app.call_later, partial(self._look, wait, screen))
            self._app.set_timer(LONGEST_SECONDS, partial(self._release, wait))
            self._app.set_timer(LOOK_SECONDS, partial(self._watch, wait, screen))
        elif not self._running() - self._known:
            await self._release(wait)
        elif monotonic() < self._deadline:
            self._app.set_timer(LOOK_SECONDS, partial(self._look, wait, screen))
        else:
            self._drop_text()
            await self._release(wait)

    def _running(self) -> set[Worker[Any]]:
        """Commands that go on beside the loop: those that the key began may be about to open a dialog."""
        return {one for one in self._app.workers if one.group == COMMANDS and not one.is_finished}

    def _drop_text(self) -> None:
        """Forget the characters that wait; keys that only move or close stay."""
        kept = [one for one in self._kept if isinstance(one, events.Key) and not one.is_printable]
        if len(kept) < len(self._kept):
            self._say(_("That takes long: what was typed meanwhile is not used."))
        self._kept = deque(kept)

    async def _watch(self, wait: int, screen: Screen[Any]) -> None:
        """A screen that goes at once will not say that it is ready."""
        if wait == self._settling and self._app.screen_stack[-1:] == [screen]:
            self._app.set_timer(LOOK_SECONDS, partial(self._watch, wait, screen))
        else:
            await self._look(wait, screen)

    async def _release(self, wait: int) -> None:
        if wait == self._settling:
            self._settling = 0
            while self._kept and not self._settling:
                await self._app.on_event(self._kept.popleft())
