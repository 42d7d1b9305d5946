"""Glyph sets: what is drawn where a terminal or its font has no fancy characters.

``unicode`` is for a modern terminal, ``console`` for the Linux console (its font holds
256 characters: code page 437 and Cyrillic), ``ascii`` for a real VT220 and for paper. Every sign is one cell wide.
Imports nothing heavy before a set is applied: the picture shown while the program is loaded is drawn in one, too.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

# what a terminal has, and what it is sent in place of
_CONSOLE_FOR = {
    "─": "━╍╌╺╸",
    "│": "┃╏╎╹╻",
    "┌": "╭┏",
    "┐": "╮┓",
    "└": "╰┗",
    "┘": "╯┛",
    "├": "┣",
    "┤": "┫",
    "┬": "┳",
    "┴": "┻",
    "┼": "╋",
    "_": "▁▂▃",
    "▄": "▅▆",
    "█": "▇▉▊",
    "▌": "▋▍▖▘▙▛",
    "▐": "▗▝▜▟",
    "|": "▎▏▕",
    ">": "▶‣→",
    "<": "◀←",
    "^": "▲▔↑",
    "v": "▼",
    "*": "●•⭑",
    "@": "◉",
    "0": "∅",
    "o": "○◦⭘",
    "~": "…",
    "+": "✓",
    "&": "✎",
    '"': "“”„",
    "'": "‘’",
    "-": "–—−",
    "x": "×",
}
_ASCII_FOR = {
    "-": "─",
    "|": "│║▌▐",
    "+": "┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬",
    "=": "═",
    "#": "█",
    "_": "▄",
    "^": "▀",
    ".": "░·",
    ":": "▒▓",
    '"': "«»",
}


def _table(signs: Mapping[str, str]) -> dict[int, int]:
    return {ord(fancy): ord(plain) for plain, many in signs.items() for fancy in many}


_TO_CONSOLE = _table(_CONSOLE_FOR)
_TO_ASCII = _table(_ASCII_FOR)
_TO_ASCII |= {fancy: _TO_ASCII.get(plain, plain) for fancy, plain in _TO_CONSOLE.items()}


@dataclass(frozen=True, slots=True)
class GlyphSet:
    """The signs of one set.

    ``border`` is the CSS name of its border type; ``substitutes`` are the characters that its terminals
    lack, each with the one sent instead.
    """

    name: str
    cursor: str
    marked: str
    unread: str
    urgent: str
    priority: str
    ellipsis: str
    rising: str
    falling: str
    closed: str
    opened: str
    rule: str
    bar: str
    separator: str
    toggle: tuple[str, str, str]
    radio: str
    scrollbar: tuple[str, ...]
    scrollbar_sideways: tuple[str, ...]
    border: str
    substitutes: Mapping[int, int] = field(default_factory=dict)


UNICODE = GlyphSet(
    name="unicode",
    cursor="▌",
    marked="✓",
    unread="•",
    urgent="!",
    priority="↑",
    ellipsis="…",
    rising="▲",
    falling="▼",
    closed="▶",
    opened="▼",
    rule="─",
    bar="█",
    separator="│",
    toggle=("▐", "X", "▌"),
    radio="●",
    scrollbar=("▁", "▂", "▃", "▄", "▅", "▆", "▇", " "),
    scrollbar_sideways=("▉", "▊", "▋", "▌", "▍", "▎", "▏", " "),
    border="round",
)
CONSOLE = GlyphSet(
    name="console",
    cursor="▌",
    marked="+",
    unread="*",
    urgent="!",
    priority="^",
    ellipsis="~",
    rising="^",
    falling="v",
    closed="+",
    opened="-",
    rule="─",
    bar="█",
    separator="│",
    toggle=("[", "x", "]"),
    radio="o",
    scrollbar=(" ",) * 8,
    scrollbar_sideways=(" ",) * 8,
    border="solid",
    substitutes=_TO_CONSOLE,
)
ASCII = GlyphSet(
    name="ascii",
    cursor=">",
    marked="+",
    unread="*",
    urgent="!",
    priority="^",
    ellipsis="~",
    rising="^",
    falling="v",
    closed="+",
    opened="-",
    rule="-",
    bar="#",
    separator="|",
    toggle=("[", "x", "]"),
    radio="o",
    scrollbar=(" ",) * 8,
    scrollbar_sideways=(" ",) * 8,
    border="ascii",
    substitutes=_TO_ASCII,
)
SETS: Mapping[str, GlyphSet] = {glyphs.name: glyphs for glyphs in (UNICODE, CONSOLE, ASCII)}

_current = UNICODE


def current() -> GlyphSet:
    """The set in use."""
    return _current


def choose(term: str, encoding: str) -> str:
    """The name of the set that suits a terminal type and the locale's encoding."""
    if "utf" not in encoding.lower() or term.startswith("vt"):
        return "ascii"
    return "console" if term in ("linux", "cons25") else "unicode"


def named(name: str) -> GlyphSet:
    """The set of a setting; ``auto`` chooses by TERM and the encoding of the locale."""
    if name == "auto":
        import locale

        name = choose(os.environ.get("TERM", ""), locale.getpreferredencoding(False))
    return SETS[name]


def apply(name: str) -> GlyphSet:
    """Use the set of a setting from now on, also in Textual's own widgets, and return it.

    Widgets already drawn keep their look until they are drawn again.
    """
    global _current
    _current = named(name)
    _dress_textual(_current)
    return _current


def _dress_textual(glyphs: GlyphSet) -> None:
    from textual.scrollbar import ScrollBarRender
    from textual.widgets import RadioButton, Tree
    from textual.widgets._toggle_button import ToggleButton

    from crm_tui.widgets import strip_guard

    left, inner, right = glyphs.toggle
    ToggleButton.BUTTON_LEFT, ToggleButton.BUTTON_INNER, ToggleButton.BUTTON_RIGHT = left, inner, right
    RadioButton.BUTTON_INNER = glyphs.radio
    ScrollBarRender.VERTICAL_BARS = list(glyphs.scrollbar)
    ScrollBarRender.HORIZONTAL_BARS = list(glyphs.scrollbar_sideways)
    Tree.ICON_NODE, Tree.ICON_NODE_EXPANDED = f"{glyphs.closed} ", f"{glyphs.opened} "
    strip_guard.substitute(glyphs.substitutes)
