"""Textual's driver with a safer keyboard: replies are no keys, Escape acts at once, a lost terminal ends the app."""

import codecs
import os
import select
from typing import TYPE_CHECKING, Any

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from crm_tui.widgets.driver.keyboard import Alt, Escape, Keyboard, Paste, Text, Token

if TYPE_CHECKING:
    from textual.app import App

_ESCAPE_DELAY = 0.025  # seconds; a terminal sends the bytes of one key in one piece
_PARSER_DELAY = 0.15  # after it Textual's parser gives up on a sequence that does not end
_MOUSE_ON = "\x1b[?1002h\x1b[?1006h"  # buttons, drags and the wheel; not every motion, not pixels
_MOUSE_OFF = "\x1b[?1002l\x1b[?1006l"


def escape_delay() -> float:
    """How long an Escape waits for more bytes, in seconds: ESCDELAY (milliseconds), or 25 ms."""
    value = os.environ.get("ESCDELAY", "")
    return max(1, int(value)) / 1000 if value.isdecimal() else _ESCAPE_DELAY


class KeyboardDriver(LinuxDriver):
    """Reads the keyboard through ``Keyboard``; writes what Textual writes."""

    def __init__(self, app: "App[Any]", **options: Any) -> None:
        super().__init__(app, **options)
        self._wake = os.pipe()
        self._mouse_on = False

    def run_input_thread(self) -> None:
        """Wait for input and pass it on; without input nothing runs."""
        keyboard, parser = Keyboard(), XTermParser(self._debug)
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        delay = escape_delay()
        timeout: float | None = None
        if typed := self._typed_before():
            self._pass_on(keyboard.feed(decode(typed)), parser)
            timeout = delay if keyboard.is_waiting else _PARSER_DELAY
        while not self.exit_event.is_set():
            ready = select.select([self.fileno, self._wake[0]], [], [], timeout)[0]
            if self._wake[0] in ready:
                self.exit_event.wait(0.1)
            elif ready:
                data = self._read()
                if not data:
                    # Perhaps before SIGHUP comes, or without it: an app that keeps what is typed must still do so.
                    end = getattr(self._app, "line_is_lost", self._app.exit)
                    self._loop.call_soon_threadsafe(end)
                    return
                self._pass_on(keyboard.feed(decode(data)), parser)
                timeout = delay if keyboard.is_waiting else _PARSER_DELAY
            else:
                self._pass_on(keyboard.idle(), parser)
                for event in parser.tick():
                    self.process_message(event)
                timeout = None
        os.read(self._wake[0], 1)

    def _typed_before(self) -> bytes:
        """What was read from the terminal before the program stood."""
        typed: bytes = getattr(self._app, "typed_before", b"")
        self._app.typed_before = b""  # type: ignore[attr-defined]
        return typed

    def _read(self) -> bytes:
        """What is there; nothing when the terminal went away."""
        try:
            return os.read(self.fileno, 1 << 16)
        except OSError:
            return b""

    def _pass_on(self, tokens: list[Token], parser: XTermParser) -> None:
        for token in tokens:
            match token:
                case Text(text):
                    for event in parser.feed(text):
                        self.process_message(event)
                case Escape():
                    self.process_message(events.Key("escape", "\x1b"))
                case Alt(char):
                    for key in parser._sequence_to_key_events(char, alt=True):
                        self.process_message(key)
                case Paste(text):
                    self.process_message(events.Paste(text.replace("\x00", "")))

    def disable_input(self) -> None:
        """Stop the input thread."""
        if self._key_thread is not None and self._key_thread.is_alive():
            os.write(self._wake[1], b"x")
        super().disable_input()

    def close(self) -> None:
        """Wait until all is written."""
        super().close()
        self._key_thread = None

    def _enable_mouse_support(self) -> None:
        if self._mouse and not self._mouse_on:
            self._mouse_on = True
            self.write(_MOUSE_ON)

    def _disable_mouse_support(self) -> None:
        if self._mouse and self._mouse_on:
            self._mouse_on = False
            self.write(_MOUSE_OFF)

    def _enable_mouse_pixels(self) -> None:
        """Cells are enough."""
