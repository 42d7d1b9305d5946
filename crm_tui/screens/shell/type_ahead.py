"""Keys typed ahead wait until what the last key set going is there, and go to it.

Textual moves the focus and mounts a screen by messages that come after the keys already typed. Over a slow line keys
come in bursts, and ``/invoice`` would act letter by letter on the list that was to be searched.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import Any, Protocol, runtime_checkable

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.worker import Worker, get_current_worker

from crm_tui.i18n import _

LONGEST_SECONDS = 5.0
"""No key waits longer, whatever hangs. What was typed for a command that is not done by then is dropped: letters
meant for the dialog that it opens would act as commands, and ``D`` deletes."""
LOOK_SECONDS = 0.01
COMMANDS = "command"
"""The group of the workers of commands (``commands.Commander``), and of whatever else the next key waits for."""
AWAITED = frozenset({COMMANDS, "board", "map"})
"""The groups of workers that a key may have begun and the next one builds upon."""


@runtime_checkable
class Following(Protocol):
    """A list, or a screen that shows a record of one."""

    def is_behind(self, since: float) -> bool:
        """Whether the record that a key may act on is not settled yet (``ReadingList.is_behind``)."""
        ...


class TypeAhead:
    """For the app: asks ``keeps`` for every key and paste, and tells ``settle`` or ``typed`` that one has acted."""

    def __init__(self, app: App[Any], say: Callable[[str], None]) -> None:
        self._app = app
        self._say = say
        self._kept: deque[events.Event] = deque()
        self._settling = 0
        """Which of the waits is going on; 0: none."""
        self._waits = 0
        self._since = self._deadline = 0.0
        """When the last key began to act, and until when the next one waits at most."""
        self._typed_into: tuple[Screen[Any], Widget] | None = None
        """Where text was typed last that the widget may not have taken yet."""
        self._asking: dict[Worker[Any], Screen[Any]] = {}
        """Commands and the dialog whose answer each waits for."""
        self._given_up: set[Worker[Any]] = set()
        """Commands that took too long: nothing waits for them any more."""
        self._unasked: Screen[Any] | None = None
        self._stands_since = 0.0

    def keeps(self, event: events.Event) -> bool:
        """Whether the event has to wait; it comes back to the app's ``on_event``.

        One that comes before a dialog that opened by itself (a reminder) stood there was meant for what lay below,
        and is gone.
        """
        if self._settling:
            self._kept.append(event)
            return True
        if self._typed_into is not None and not _is_text(event):
            (screen, widget), self._typed_into = self._typed_into, None
            self._kept.appendleft(event)
            self.settle(screen, widget, was_passed_on=True)
            return True
        self._since = monotonic()
        screen = self._app.screen
        if screen is self._unasked and event.time < self._stands_since:
            return True
        return isinstance(screen, ModalScreen) and not screen.is_mounted

    @property
    def is_waiting(self) -> bool:
        """Whether keys would have to wait now."""
        return bool(self._settling)

    @contextmanager
    def asking(self, dialog: Screen[Any]) -> Iterator[None]:
        """The command that runs now asks the person by a dialog: until that closes, no key waits for the command."""
        worker = get_current_worker()
        self._asking[worker] = dialog
        try:
            yield
        finally:
            self._asking.pop(worker, None)

    def opens_by_itself(self, dialog: Screen[Any]) -> None:
        """The dialog is being opened by no key: those struck before it is there are not for it."""
        self._unasked, self._stands_since = dialog, float("inf")
        dialog.call_later(self._stands)

    def _stands(self) -> None:
        self._stands_since = monotonic()

    def typed(self, screen: Screen[Any], field: Widget | None) -> None:
        """Text was passed on to a field, where it is looked at in its turn: more text follows it, any other key
        waits until it is there."""
        if field is not None:
            self._typed_into = screen, field

    def settle(self, before: Screen[Any], focused: Widget | None, *, was_passed_on: bool = False) -> None:
        """A key has acted on the screen ``before``, or was passed on to the widget that had the focus.

        What it set going is let through first: messages from the widget to its screen, a move of the focus, a screen
        that opens or closes, a command and what it does once its question is answered.
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
            self._deadline = monotonic() + LONGEST_SECONDS
            screen.call_after_refresh(self._app.call_later, partial(self._look, wait, screen))
            self._app.set_timer(LOOK_SECONDS, partial(self._watch, wait, screen))
        elif not self._is_busy():
            await self._release(wait)
        elif monotonic() < self._deadline:
            self._app.set_timer(LOOK_SECONDS, partial(self._look, wait, screen))
        else:
            self._given_up = self._running()
            self._drop_text()
            await self._release(wait)

    def _is_busy(self) -> bool:
        """Whether the next key would come too early for what the last one set going."""
        shown: tuple[object, ...] = (self._app.focused, self._app.screen)
        is_behind = any(isinstance(one, Following) and one.is_behind(self._since) for one in shown)
        return is_behind or bool(self._running() - self._given_up)

    def _running(self) -> set[Worker[Any]]:
        """Commands that go on beside the loop and wait for no answer: each may be about to open a dialog."""
        stacks = self._app._screen_stacks.values()
        return {
            one
            for one in self._app.workers
            if one.group in AWAITED
            and not one.is_finished
            and not (one in self._asking and any(self._asking[one] in stack for stack in stacks))
        }

    def _drop_text(self) -> None:
        """Forget the characters that wait; keys that only move or close stay."""
        kept = [one for one in self._kept if isinstance(one, events.Key) and not one.is_printable]
        if len(kept) < len(self._kept):
            self._say(_("That takes long: what was typed meanwhile is not used."))
        self._kept = deque(kept)

    async def _watch(self, wait: int, screen: Screen[Any]) -> None:
        """A screen that goes at once will not say that it is ready, nor one that hangs."""
        if wait != self._settling:
            return
        if self._app.screen_stack[-1:] == [screen] and monotonic() < self._deadline:
            self._app.set_timer(LOOK_SECONDS, partial(self._watch, wait, screen))
        else:
            await self._look(wait, screen)

    async def _release(self, wait: int) -> None:
        if wait == self._settling:
            self._settling = 0
            while self._kept and not self._settling:
                await self._app.on_event(self._kept.popleft())


def _is_text(event: events.Event) -> bool:
    return isinstance(event, events.Paste) or (isinstance(event, events.Key) and event.is_printable)
