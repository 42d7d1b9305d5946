"""`:` — commands by their names, with completion and a history."""

import contextlib
from pathlib import Path

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from crm_tui import paths, whole_file
from crm_tui.commands import registry
from crm_tui.commands.command import Command
from crm_tui.commands.places import HEADINGS
from crm_tui.domain import layouts
from crm_tui.i18n import _
from crm_tui.screens.base import CrmDialog, Place
from crm_tui.widgets.text_field import TextField

KEPT_LINES = 500
SHOWN_NAMES = 12


class CommandLine(CrmDialog[tuple[str, str]]):
    """One line at the foot. Tab completes, Up and Down recall, Enter answers with a command and its argument."""

    def __init__(self, place: Place, typed: str = "") -> None:
        super().__init__()
        self._place = place
        self._typed = typed
        self._scopes = place.scopes()
        self._names = [
            name
            for name in registry.names(self._scopes)
            if (command := registry.find(name, self._scopes)) and place.target_of(command) is not None
        ]
        self._history = History(paths.command_history())
        self._position = len(self._history.lines)

    def compose(self) -> ComposeResult:
        with Vertical(id="command-line"):
            yield Static(Content(""), id="completions")
            yield TextField(self._typed, own_keys=frozenset({"tab", "shift+tab"}))

    def on_mount(self) -> None:
        self.query_one(TextField).focus()
        self._show_completions(self._typed)

    def on_input_changed(self, event: Input.Changed) -> None:
        self._show_completions(event.value)

    def on_key(self, event: events.Key) -> None:
        act = {"tab": self._complete, "up": self._earlier, "down": self._later}.get(event.key)
        if act is not None:
            event.stop()
            event.prevent_default()
            act()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        line = event.value.strip().removeprefix(":")
        if not line:
            self.dismiss(None)
            return
        name, _blank, argument = line.partition(" ")
        command = registry.find(name, self._scopes) or self._in_other_layout(name)
        if command is None:
            self._say(_unknown(name))
            return
        self._history.add(line)
        self.dismiss((command.id, argument.strip()))

    def _in_other_layout(self, name: str) -> Command | None:
        for layout in ("ru", "uk", "kk"):
            command = registry.find(layouts.translate_text(name, layout), self._scopes)
            if command is not None:
                return command
        return None

    def _candidates(self, typed: str) -> list[str]:
        name, blank, argument = typed.lstrip().partition(" ")
        if not blank:
            return [known for known in self._names if known.startswith(name)]
        command = registry.find(name, self._scopes)
        return (
            [f"{name} {choice}" for choice in command.choices if choice.startswith(argument)]
            if command
            else []
        )

    def _show_completions(self, typed: str) -> None:
        found = self._candidates(typed)
        text = "  ".join(found[:SHOWN_NAMES]) + ("  …" if len(found) > SHOWN_NAMES else "")
        command = registry.find(typed.strip().partition(" ")[0], self._scopes) if typed.strip() else None
        if command is not None:
            text = f"{_(command.help)}\n{text}"
        self.query_one("#completions", Static).update(Content(text))

    def _complete(self) -> None:
        field = self.query_one(TextField)
        found = self._candidates(field.value)
        if not found:
            return
        common = _common_start(found)
        if common == field.value.lstrip() and field.value.lstrip() not in found:
            common = found[0]
        self._put(common + (" " if len(found) == 1 else ""))

    def _earlier(self) -> None:
        self._recall(-1)

    def _later(self) -> None:
        self._recall(1)

    def _recall(self, step: int) -> None:
        lines = self._history.lines
        self._position = max(0, min(len(lines), self._position + step))
        self._put(lines[self._position] if self._position < len(lines) else "")

    def _put(self, text: str) -> None:
        field = self.query_one(TextField)
        field.value = text
        field.cursor_position = len(text)

    def _say(self, text: str) -> None:
        self.query_one("#completions", Static).update(Content(f"! {text}"))


def _unknown(name: str) -> str:
    """Why a name means no command: it means several in other places, or none at all."""
    scopes = [command.scope for command in registry.all_commands() if command.verb == name]
    if scopes:
        places = ", ".join(_(HEADINGS[scope]) for scope in dict.fromkeys(scopes))
        return _("“{title}” can be done elsewhere: {places}.").format(title=name, places=places)
    return _("There is no command “{name}”. Tab shows the names.").format(name=name)


class History:
    """The lines typed, oldest first, in a file that only its owner can read."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            self.lines = file.read_text("utf-8").splitlines()[-KEPT_LINES:]
        except (OSError, UnicodeDecodeError):
            self.lines = []

    def add(self, line: str) -> None:
        """Keep a line as the newest one; an earlier same line goes."""
        self.lines = [*(old for old in self.lines if old != line), line][-KEPT_LINES:]
        with contextlib.suppress(OSError):  # a full disk must not keep the command from being carried out
            whole_file.write(self._file, "\n".join(self.lines) + "\n", lasting=False)


def _common_start(words: list[str]) -> str:
    first, last = min(words), max(words)
    length = next((i for i, letter in enumerate(first) if letter != last[i : i + 1]), len(first))
    return first[:length]
