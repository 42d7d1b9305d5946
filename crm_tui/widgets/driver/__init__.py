"""The terminal drivers of the program, and which one suits a terminal."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver

# Terminals that scroll a region, erase to the end of a line, switch single attributes off and answer DSR.
KNOWN_GOOD = (
    "alacritty",
    "contour",
    "foot",
    "gnome",
    "iterm",
    "kitty",
    "konsole",
    "linux",
    "mintty",
    "putty",
    "rxvt",
    "screen",
    "st-",
    "tmux",
    "vt220",
    "vt320",
    "vt420",
    "vte",
    "wezterm",
    "xterm",
)


def driver_class(name: str = "auto") -> "type[Driver]":
    """The driver for a setting: ``wire`` sends cell differences, ``stock`` sends what Textual writes.

    ``auto`` takes ``wire`` where TERM is known to be good. Both read the keyboard in the same, safer way.
    Raises ValueError for another name.
    """
    if name not in ("auto", "wire", "stock"):
        raise ValueError(name)
    if name == "wire" or (name == "auto" and suits_wire(os.environ.get("TERM", ""))):
        from crm_tui.widgets.driver.wire import WireDriver

        return WireDriver
    from crm_tui.widgets.driver.keyboard_driver import KeyboardDriver

    return KeyboardDriver


def suits_wire(term: str) -> bool:
    """True where a terminal of this type is known to draw cell differences right."""
    return term.startswith(KNOWN_GOOD) or term == "st"
