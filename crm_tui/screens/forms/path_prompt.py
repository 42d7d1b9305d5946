"""Asks for the path of a file; Tab completes it, and what begins so is listed."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from crm_tui.commands.command import Command
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.base import CrmDialog
from crm_tui.screens.forms.prompt import MOVES, move_in_list
from crm_tui.screens.shell.type_ahead import COMMANDS
from crm_tui.screens.wording import size_text
from crm_tui.widgets.footer import Footer
from crm_tui.widgets.offers import Offers
from crm_tui.widgets.text_field import TextField

MOST_SHOWN = 100


class PathPrompt(CrmDialog[str]):
    """Answers the path of a file that is there, or None. ``start`` is the folder it begins in."""

    SCOPES = ("form",)
    ACTS_AS_TYPED = True

    def __init__(self, title: str, start: Path) -> None:
        super().__init__()
        self._title = title
        self._start = start
        self._names: Sequence[tuple[str, int | None]] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            yield TextField(
                _shown(self._start) + os.sep, own_keys=MOVES | {"tab"}, select_on_focus=False, id="path"
            )
            yield Offers()
            yield Static(Content(_("Tab completes the path.")), classes="dialog-note")
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(TextField).focus()
        self.run_worker(self._fill(), exclusive=True, group=COMMANDS)

    def on_input_changed(self, _event: Input.Changed) -> None:
        meant = begun_anew(self._typed)
        if meant != self._typed:
            self._set(meant)
        self.query_one(".dialog-note", Static).update(Content(_("Tab completes the path.")))
        self.run_worker(self._fill(), exclusive=True, group=COMMANDS)

    async def on_key(self, event: events.Key) -> None:
        if event.key == "tab":
            event.stop()
            event.prevent_default()
            await self._complete()
        else:
            move_in_list(self.query_one(Offers), event.key)

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        """A folder is gone into, a file is the answer."""
        chosen = self._under_cursor()
        path = Path(self._typed).expanduser()
        if path.is_file():
            self.dismiss(str(path))
        elif chosen is not None:
            self._go_on(chosen)
        else:
            self.query_one(".dialog-note", Static).update(Content(_("! There is no such file.")))

    def title_of(self, command: Command) -> str:
        """A file is chosen: nothing is saved by it."""
        return _("OK") if command.id == "form.save" else super().title_of(command)

    def command_form_save(self, argument: str = "") -> None:
        path = Path(self._typed).expanduser()
        if path.is_file():
            self.dismiss(str(path))
        else:
            self.query_one(".dialog-note", Static).update(Content(_("! There is no such file.")))

    @property
    def _typed(self) -> str:
        return self.query_one(TextField).value

    async def _complete(self) -> None:
        """What all the names have in common, or the name under the cursor when that adds nothing."""
        chosen = self._under_cursor()
        await self._fill()
        folder, begun = os.path.split(self._typed)
        common = _common_beginning([name for name, _size in self._names])
        if len(common) > len(begun):
            self._set(os.path.join(folder, common))
        elif chosen is not None:
            self._set(os.path.join(folder, chosen))

    def _go_on(self, name: str) -> None:
        path = os.path.join(os.path.split(self._typed)[0], name)
        self._set(path)
        if Path(path).expanduser().is_file():
            self.dismiss(str(Path(path).expanduser()))

    def _set(self, path: str) -> None:
        if Path(path).expanduser().is_dir() and not path.endswith(os.sep):
            path += os.sep
        field = self.query_one(TextField)
        field.value = path
        field.cursor_position = len(path)

    def _under_cursor(self) -> str | None:
        number = self.query_one(Offers).highlighted
        return None if number is None else self._names[number][0]

    async def _fill(self) -> None:
        self._names = await asyncio.to_thread(names_like, self._typed)
        if not self.is_mounted:
            return
        options = self.query_one(Offers)
        options.set_options(
            Option(Content(clean(name) + (os.sep if size is None else f"  {size_text(size)}")))
            for name, size in self._names
        )
        options.highlighted = 0 if self._names else None


def begun_anew(typed: str) -> str:
    """The path that is meant when a whole one is typed or pasted behind the folder that stood there."""
    return typed[max(typed.rfind("//"), typed.rfind("/~/")) + 1 :]


def names_like(typed: str) -> list[tuple[str, int | None]]:
    """Folders and files whose path begins as typed, with the size of files; hidden ones only when they are meant."""
    folder, begun = os.path.split(typed)
    try:
        with os.scandir(Path(folder or ".").expanduser()) as entries:
            found = [
                entry
                for entry in entries
                if entry.name.casefold().startswith(begun.casefold())
                and (begun.startswith(".") or not entry.name.startswith("."))
            ]
        found.sort(key=lambda entry: (not entry.is_dir(), entry.name.casefold()))
        return [
            (entry.name, None if entry.is_dir() else entry.stat().st_size) for entry in found[:MOST_SHOWN]
        ]
    except OSError:
        return []


def _common_beginning(names: Sequence[str]) -> str:
    if not names:
        return ""
    first, last = min(names), max(names)
    same = (at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(same, min(len(first), len(last)))]


def _shown(folder: Path) -> str:
    """The folder as a person writes it: ``~`` for the own one."""
    home = Path.home()
    return str(Path("~") / folder.relative_to(home)) if folder.is_relative_to(home) else str(folder)
