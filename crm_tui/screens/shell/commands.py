"""Carrying out commands: the one way to act, for keys, palette, command line and tests."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App
from textual.dom import DOMNode

from crm_tui.commands import registry, strokes
from crm_tui.commands.keymap import Keymap
from crm_tui.domain.errors import CrmError
from crm_tui.i18n import _
from crm_tui.screens.base import Place, takes_text
from crm_tui.screens.late import close_with
from crm_tui.screens.shell.keys import is_no_text

FOOTER_KEYS = 12


class Commander:
    """Runs commands where the person is, and remembers the last one worth repeating."""

    def __init__(self, app: App[Any], keymap: Keymap, explain: Callable[[CrmError], str]) -> None:
        self._app = app
        self._keymap = keymap
        self._explain = explain
        self._last: tuple[str, str] | None = None

    def run(self, id: str, argument: str, say: Callable[[str], None]) -> bool:
        """Run the command; False when there is nothing here to carry it out."""
        command = registry.by_id()[id]
        place = self._app.screen
        target = place.target_of(command) if isinstance(place, Place) else None
        if target is None or not isinstance(place, Place):
            return False
        reason = place.refusal(command)
        if reason is not None:
            say(reason)
            return True
        self.remember(id, argument)
        try:
            answer = getattr(target, command.method)(argument)
        except CrmError as error:
            say(self._explain(error))
            return True
        if inspect.isawaitable(answer):
            node = target if isinstance(target, DOMNode) else self._app
            close_with(node.run_worker(self._await(answer, say), group="command", exit_on_error=True), answer)
        return True

    def remember(self, id: str, argument: str) -> None:
        """Make this what ``.`` repeats; a screen calls it again when it asked for the argument itself."""
        command = registry.by_id()[id]
        if command.repeatable and command.changes:
            self._last = (id, argument)

    @property
    def last(self) -> tuple[str, str] | None:
        """The last command worth repeating, with its argument."""
        return self._last

    def footer_keys(self, place: Place, pending: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        """The keys to show: the ways on from an unfinished chord, or the most useful ones of the place."""
        if pending:
            onward = self._keymap.continuations(place.scopes(), pending)
            return tuple(
                (strokes.show(chord[len(pending) :]), _(bound.command.title))
                for chord, bound in onward
                if place.target_of(bound.command) is not None
            )
        shown: dict[str, str] = {}
        typing = takes_text(place.focused_last)
        for command in place.commands_here(at_foot=True):
            chords = [one for one in self._keymap.chords(command) if not typing or is_no_text(one[0])]
            if chords:
                # A key acts as its nearest scope says: farther ones are not shown for it.
                shown.setdefault(strokes.show(chords[0]), place.title_of(command))
        return tuple(shown.items())[:FOOTER_KEYS]

    async def _await(self, answer: Awaitable[object], say: Callable[[str], None]) -> None:
        try:
            await answer
        except CrmError as error:
            say(self._explain(error))
