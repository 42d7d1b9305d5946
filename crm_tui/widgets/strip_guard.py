"""The last line before the terminal: no control byte out of content is ever sent (assurance, section 1.1).

Textual 8.2.8 sends what a segment holds. Foreign text is cleaned where it enters the program; this guard makes
sure of it where text leaves, whatever widget drew it. Both ways out are guarded: ``Strip.render``, by which a
frame is written, and ``Strip.render_style``, which other callers use directly. A hyperlink (OSC 8) whose address
holds a character that does not print is dropped, its text stays.
"""

import inspect
from collections.abc import Mapping

from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual.strip import Strip

_UNSAFE = (
    *range(0x20),
    *range(0x7F, 0xA0),
    0x061C,
    0x200E,
    0x200F,
    *range(0x2028, 0x202F),
    *range(0x2066, 0x206A),
    0xFEFF,
    *range(0xD800, 0xE000),
    *range(0xE0000, 0xE0080),
)
_DROPPED: Mapping[int, None] = dict.fromkeys(_UNSAFE)
RENDER_SIGNATURE = "(self, console: 'Console') -> 'str'"
RENDER_STYLE_SIGNATURE = "(style: 'Style', text: 'str', color_system: 'ColorSystem') -> 'str'"

_original_render = Strip.render
_original_render_style = Strip.render_style
_substitutes: Mapping[int, int] = {}


def install() -> None:
    """Put the guard in place; a second call changes nothing.

    Raises RuntimeError when Textual's render methods are not those that the guard was written for.
    """
    if is_active():
        return
    found = (str(inspect.signature(_original_render)), str(inspect.signature(_original_render_style)))
    if found != (RENDER_SIGNATURE, RENDER_STYLE_SIGNATURE):
        raise RuntimeError(f"the output guard does not fit this version of Textual: {found}")
    Strip.render = _render  # type: ignore[method-assign]
    Strip.render_style = classmethod(_render_style)  # type: ignore[assignment, method-assign]


def is_active() -> bool:
    """True when everything drawn passes the guard."""
    return Strip.render is _render and getattr(Strip.render_style, "__func__", None) is _render_style


def substitute(characters: Mapping[int, int]) -> None:
    """From now on send other characters in place of these: a glyph set for a terminal that lacks them."""
    global _substitutes
    _substitutes = characters


def printable(text: str) -> str:
    """The text without a character that could steer the terminal, and in the glyphs it has."""
    if not text.isprintable():
        text = text.translate(_DROPPED)
    if _substitutes and not text.isascii():
        text = text.translate(_substitutes)
    return text


def _render_style(cls: type[Strip], style: Style, text: str, color_system: ColorSystem) -> str:
    if style.link and not style.link.isprintable():
        style = style.update_link(None)
    return _original_render_style(style, printable(text), color_system)


def _render(self: Strip, console: Console) -> str:
    if self._render_cache is None:
        system = console._color_system or ColorSystem.TRUECOLOR
        parts = []
        for text, style, control in self._segments:
            if control:
                parts.append(text)
            elif style is None:
                parts.append(printable(text))
            else:
                parts.append(self.render_style(style, text, system))
        self._render_cache = "".join(parts)
    return self._render_cache
