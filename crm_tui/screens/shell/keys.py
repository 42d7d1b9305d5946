"""From key events to commands: translation by position, chords of several strokes, text fields left alone."""

import unicodedata
from collections.abc import Callable

from textual import events
from textual.keys import REPLACED_KEYS, _character_to_key, key_to_character
from textual.widget import Widget

from crm_tui.commands.command import Command
from crm_tui.commands.keymap import Bound, Keymap
from crm_tui.commands.strokes import Chord
from crm_tui.domain import layouts
from crm_tui.screens.base import Place, takes_text

_SPECIAL = {"escape": "esc", "ctrl+at": "ctrl+space", "ctrl+@": "ctrl+space"}
_FIELD_STROKES = frozenset({"esc", "tab", "shift+tab"})


class KeyReader:
    """Turns key events into commands; ``pending`` are the strokes of a chord that is not finished. ``stray`` hears of
    those that were no chord in the end."""

    def __init__(
        self, keymap: Keymap, layout: str, run: Callable[[Bound], bool], stray: Callable[[Chord], None]
    ) -> None:
        self.keymap = keymap
        self.layout = layout
        self.pending: Chord = ()
        self._run = run
        self._stray = stray

    def take(self, event: events.Key, place: Place, focused: Widget | None) -> bool:
        """Act on the event; False leaves it to the widgets (with the Latin key where it was translated)."""
        typing = takes_text(focused) and not self.pending  # the rest of a chord is no text
        stroke = translated(event, self.layout, typing=typing)
        if typing and not self._acts_in_field(stroke, focused):
            return False
        if stroke == "esc" and self.pending:
            self.pending = ()
            return True
        return self._match(stroke, place)

    def _match(self, stroke: str, place: Place) -> bool:
        typed = (*self.pending, stroke)
        was_pending = bool(self.pending)

        def allowed(command: Command) -> bool:
            return place.target_of(command) is not None

        match = self.keymap.match(place.scopes(), typed, allowed)
        self.pending = typed if match.pending else ()
        if match.bound is not None:
            return self._run(match.bound) or was_pending
        if was_pending and not match.pending:
            self._stray(typed)
        return match.pending or was_pending

    @staticmethod
    def _acts_in_field(stroke: str, focused: Widget | None) -> bool:
        return stroke not in getattr(focused, "own_keys", ()) and is_no_text(stroke)


def is_no_text(stroke: str) -> bool:
    """Whether the stroke acts while text is typed."""
    return stroke in _FIELD_STROKES or stroke.startswith("ctrl+") or _is_function_key(stroke)


def translated(event: events.Key, layout: str, *, typing: bool) -> str:
    """The stroke of the event by position of the key; the event is changed where it was translated.

    Plain characters stay as typed while text is typed; Ctrl and Alt with a Cyrillic letter never do.
    """
    *held, key = event.key.split("+")
    if held:
        character = _character(key)
        latin = layouts.translate(character, _ctrl_layout(character, layout)).lower() if character else key
        if character and latin != character:
            _rename(event, "+".join((*held, _character_to_key(latin))), None)
            key = latin
        elif character and character.isascii() and character.isprintable() and character != " ":
            key = character
        stroke = "+".join((*sorted(held), key))
        return _SPECIAL.get(stroke, stroke)
    character = event.character if event.is_printable else None
    if character is None:
        return _SPECIAL.get(event.key, event.key)
    if not typing:
        latin = layouts.translate(character, layout)
        if latin != character:
            _rename(event, _character_to_key(latin), latin)
            character = latin
    return "space" if character == " " else character


def _rename(event: events.Key, key: str, character: str | None) -> None:
    event.key, event.character = key, character


def _ctrl_layout(character: str, layout: str) -> str:
    """Ctrl with a Cyrillic letter is translated whatever the setting: nothing else can be meant by it."""
    if layouts.translate(character, layout) != character:
        return layout
    return next(
        (name for name in ("ru", "uk", "kk") if layouts.translate(character, name) != character), layout
    )


def _character(key: str) -> str | None:
    """The character in a key name: ``с``, ``cyrillic_small_letter_es``, ``slash``."""
    if len(key) == 1:
        return key
    if key in ("space", "tab", "enter", "escape"):
        return None
    named = key_to_character(REPLACED_KEYS.get(key, key))
    if named is not None:
        return named
    try:
        return unicodedata.lookup(key.replace("_", " "))
    except KeyError:
        return None


def _is_function_key(stroke: str) -> bool:
    return stroke[0] == "f" and stroke[1:].isdigit()
