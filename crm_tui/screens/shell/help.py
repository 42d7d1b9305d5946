"""`?` — the keys of this place first, then those that work everywhere. Typing narrows."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from crm_tui.commands import strokes
from crm_tui.commands.command import Command
from crm_tui.commands.places import HEADINGS
from crm_tui.i18n import _
from crm_tui.screens.base import CrmDialog, Place
from crm_tui.screens.shell.palette import matches
from crm_tui.widgets.text_field import TextField
from crm_tui.widgets.wrapping import wrap

KEYS_WIDTH = 16


class Help(CrmDialog[None]):
    """All that can be done in the place it was asked for."""

    def __init__(self, place: Place, typed: str = "") -> None:
        super().__init__()
        self._typed = typed
        self._commands = place.commands_here()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="help"):
            yield Static(
                Content(_("Keys of this place. Type to search; Esc closes.")), classes="dialog-title"
            )
            yield TextField(self._typed, own_keys=frozenset({"up", "down", "pageup", "pagedown"}))
            with VerticalScroll(id="help-scroll"):
                yield Static(Content(""), id="help-text")

    def on_mount(self) -> None:
        self.query_one("#help-scroll").can_focus = False
        self.query_one(TextField).focus()
        self._fill(self._typed)

    def on_resize(self) -> None:
        self.call_after_refresh(lambda: self._fill(self.query_one(TextField).value))

    def on_input_changed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def on_key(self, event: events.Key) -> None:
        scroll = self.query_one("#help-scroll", VerticalScroll)
        act = {
            "up": scroll.scroll_up,
            "down": scroll.scroll_down,
            "pageup": scroll.scroll_page_up,
            "pagedown": scroll.scroll_page_down,
        }.get(event.key)
        if act is not None:
            act(animate=False)

    def _fill(self, typed: str) -> None:
        found = [command for command in self._commands if matches(command, typed)]
        parts: list[Content] = []
        for scope in dict.fromkeys(command.scope for command in found):
            parts.append(Content(_(HEADINGS[scope])).stylize("bold underline"))
            parts += [self._row(command) for command in found if command.scope == scope]
            parts.append(Content(""))
        self.query_one("#help-text", Static).update(
            Content("\n").join(parts or [Content(_("Nothing found."))])
        )

    def _row(self, command: Command) -> Content:
        keys = " ".join(strokes.show(chord).replace(" ", "") for chord in self.shell.keymap.chords(command))
        room = self.query_one("#help-scroll").scrollable_content_region.width - KEYS_WIDTH - 1
        text = f"\n{'':{KEYS_WIDTH + 1}}".join(wrap(f"{_(command.title)} — {_(command.help)}", room))
        return Content.assemble((f"{keys or ':' + command.verb:<{KEYS_WIDTH}} ", "bold"), text)
