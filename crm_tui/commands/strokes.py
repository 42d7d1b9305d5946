"""The notation of keys: a stroke is one key press, a chord is one stroke or more.

A stroke is the character typed (``M``, ``*``, ``:``), or the name of a key (``enter``, ``esc``, ``space``,
``tab``, ``f1`` …), with ``ctrl+``, ``alt+`` or ``shift+`` before it where held. Strokes of a chord are parted
by a blank: ``g m``; letters alone may also be run together: ``gm``.
"""

NAMED = frozenset(
    {"enter", "esc", "space", "tab", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown"}
    | {"up", "down", "left", "right"}
    | {f"f{number}" for number in range(1, 13)}
)

MODIFIERS = ("alt", "ctrl", "shift")

Chord = tuple[str, ...]

_SHOWN = {"pageup": "PgUp", "pagedown": "PgDn"}

_SYNONYMS = {"escape": "esc", "return": "enter", "ctrl+@": "ctrl+space", "ctrl+at": "ctrl+space"}


def parse(text: str) -> Chord:
    """The chord written as ``text``; raises ValueError when it is not one."""
    parts = text.split()
    if len(parts) == 1 and len(text.strip()) > 1 and _only_letters(parts[0]):
        parts = list(parts[0])
    if not parts:
        raise ValueError(text)
    return tuple(_stroke(part) for part in parts)


def show(chord: Chord) -> str:
    """The chord as a person reads it: ``g m``, ``Ctrl+P``, ``Esc``."""
    return " ".join(_show(stroke) for stroke in chord)


def _only_letters(part: str) -> bool:
    return part.isascii() and part.isalpha() and part.lower() not in NAMED and part.lower() not in _SYNONYMS


def _stroke(part: str) -> str:
    if len(part) == 1:
        if not part.isprintable():
            raise ValueError(part)
        return part
    *held, key = part.split("+") if not part.endswith("++") else [*part[:-2].split("+"), "+"]
    held = sorted(modifier.lower() for modifier in held)
    key = key if len(key) == 1 else key.lower()
    if any(modifier not in MODIFIERS for modifier in held):
        raise ValueError(part)
    if "ctrl" in held and len(key) == 1:
        key = key.lower()
    stroke = "+".join((*held, _SYNONYMS.get(key, key)))
    stroke = _SYNONYMS.get(stroke, stroke)
    if len(key) > 1 and _SYNONYMS.get(key, key) not in NAMED:
        raise ValueError(part)
    return stroke


def _show(stroke: str) -> str:
    if len(stroke) == 1:
        return stroke
    *held, key = stroke.split("+")
    shown = _SHOWN.get(key, key.capitalize() if len(key) > 1 else key)
    if "ctrl" in held and len(key) == 1:
        shown = key.upper()
    return "+".join((*(modifier.capitalize() for modifier in held), shown))
