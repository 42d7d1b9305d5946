"""The last frame of the session before, shown at once while the program is still being loaded.

It is kept in the cache folder, readable by its owner alone, and used only in a window of the same size, terminal
type and locale. This module imports nothing heavy: painting comes before Textual.
"""

import contextlib
import json
import os
import signal
import sys
import termios
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui import paths, whole_file
from crm_tui.screens.shell import memory
from crm_tui.screens.shell.first_keys import FirstKeys, Track

if TYPE_CHECKING:
    from textual.app import App
    from textual.strip import Strip

_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l\x1b[H", "\x1b[m\x1b[?25h\x1b[?1049l"


def save(app: "App[Any]") -> None:
    """Keep what is shown now; under a dialog, or without a terminal, there is nothing to keep."""
    if app.is_headless or app.screen.is_modal:
        return
    strips = app.screen._compositor.render_strips()
    track = _track(app, strips)
    lines = [strip.render(app.console) for strip in strips]
    head = f"{_kind(app.size.width, app.size.height)}\n{json.dumps(asdict(track) if track else None)}\n"
    whole_file.write(_file(), head + "\r\n".join(lines) + "\x1b[m", lasting=False)


def _track(app: "App[Any]", strips: "Sequence[Strip]") -> Track | None:
    """The sign of the cursor in the list that has the focus, where it can move."""
    place = getattr(app.focused, "cursor_place", lambda: None)()
    if place is None:
        return None
    x, top, rows, at = place
    on, off = (strips[top + row].crop(x, x + 1).render(app.console) for row in (at, at - 1 if at else at + 1))
    return Track(x, top, rows, at, on, off)


TakeOver = Callable[[bool], bytes]
"""To be called with True when the program takes the terminal over, with False when it will not; answers what was
typed until then."""


def paint() -> TakeOver | None:
    """Show the kept frame; None where it does not fit this terminal, or there is none."""
    try:
        width, height = os.get_terminal_size(sys.stdout.fileno())
        with _file().open(encoding="utf-8", newline="") as frame:
            if frame.readline().rstrip("\n") != _kind(width, height):
                return None
            place = json.loads(frame.readline())
            body = frame.read()
    except (OSError, ValueError):
        return None
    return show(body, Track(**place) if place else None)


def show(body: str, track: Track | None) -> TakeOver | None:
    """Show this on the terminal until the program takes over, with the keyboard silent but remembered."""
    try:
        before = termios.tcgetattr(sys.stdin.fileno())
    except (OSError, ValueError, termios.error):
        return None
    silent = before.copy()
    silent[0] &= ~(
        termios.ICRNL | termios.IXON
    )  # else Enter would arrive as Ctrl+J, and Ctrl+S stop the terminal
    silent[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, silent)
    interrupt = _leave_on_signals(before)
    _write(_ENTER + body)
    memory.share_heap()
    keys = FirstKeys(track, sys.stdin.fileno(), sys.stdout.fileno()) if track is not None else None

    def end(loaded: bool) -> bytes:
        typed = keys.stop() if keys is not None else b""
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, before)
        signal.signal(signal.SIGINT, interrupt)
        if not loaded:
            _write(_LEAVE)
        return typed

    return end


def _leave_on_signals(before: list[Any]) -> Any:
    """Whoever ends the program while it is being loaded gets the terminal back as it was. The app listens to SIGTERM
    and SIGHUP later, by itself; the answer is what SIGINT did until now."""

    def leave(number: int, _frame: object) -> None:
        with contextlib.suppress(OSError, termios.error):  # the line is gone
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, before)
        _write(_LEAVE)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    return signal.signal(signal.SIGINT, leave)


def _write(text: str) -> None:
    with contextlib.suppress(OSError):  # the line is gone: the program will find out itself
        os.write(sys.stdout.fileno(), text.encode(sys.stdout.encoding, "replace"))


def _file() -> Path:
    return paths.last_picture()


def _kind(width: int, height: int) -> str:
    """What a frame must have in common with the terminal to be shown there."""
    settings = (os.environ.get(name, "") for name in ("TERM", "CRM_LANG", "LANG", "NO_COLOR"))
    return " ".join((f"2 {width}x{height}", *settings))
