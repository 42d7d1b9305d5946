"""Telling somebody whose eyes are elsewhere, through the terminal: a notification of the desktop, or the bell.

Which sequence a terminal knows: design/conventions.md, "notifications". In tmux a sequence is wrapped for the
terminal outside, which needs ``allow-passthrough on``; the bell always gets through and marks the window.
"""

from collections.abc import Mapping

from crm_tui.domain.text import clean

BELL = "\x07"
METHODS = ("osc9", "osc777", "osc99", "bell")
_TITLE = "CRM"
_LIMIT = 200
"""Characters of a text: a notification is a line."""


def sequence(method: str, text: str, environment: Mapping[str, str]) -> str:
    """What to write to the terminal for ``text`` by one of ``METHODS``, or by ``auto``: what this terminal knows."""
    known = _known(environment) if method == "auto" else method
    if known == "bell":
        return BELL
    said = clean(text).replace("\n", " ").replace(";", ",")[:_LIMIT]
    order = {
        "osc9": f"\x1b]9;{said}{BELL}",
        "osc777": f"\x1b]777;notify;{_TITLE};{said}{BELL}",
        "osc99": f"\x1b]99;;{said}\x1b\\",
    }[known]
    if environment.get("TMUX"):
        return "\x1bPtmux;" + order.replace("\x1b", "\x1b\x1b") + "\x1b\\" + BELL
    return order


def _known(environment: Mapping[str, str]) -> str:
    """The method for this terminal. One that is not known gets the bell: another sequence might print as text."""
    term, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "").lower()
    if environment.get("KITTY_WINDOW_ID") or "kitty" in term:
        return "osc99"
    if program in ("iterm.app", "wezterm", "ghostty") or environment.get("WT_SESSION"):
        return "osc9"
    if term.startswith(("foot", "rxvt", "contour", "xterm-ghostty")) or environment.get("VTE_VERSION"):
        return "osc777"
    return "bell"
