"""A driver that sends only the cells that changed.

Textual writes every strip of a changed region whole, each segment with its complete SGR and a reset. This driver
draws those frames on a ``Picture`` of the terminal and sends the cheapest update: cell differences, hardware
scrolling, SGR changes. The answers to its cursor position queries keep a slow line from queueing stale frames.
Hyperlinks (OSC 8) are not sent.
"""

import math
import os
import re
import termios
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from crm_tui.widgets.driver.abilities import Abilities, abilities_of
from crm_tui.widgets.driver.keyboard_driver import KeyboardDriver
from crm_tui.widgets.driver.outlet import ASK, Outlet
from crm_tui.widgets.driver.pace import Pace
from crm_tui.widgets.driver.picture import MOVE, Picture

if TYPE_CHECKING:
    from textual.app import App

_QUEUE_FULL = 4  # writes that the writer thread has not begun: the terminal does not take more
_RETRY = 0.05  # seconds
# what an old terminal might print instead of ignoring it: keyboard protocol, mode queries
_NOT_FOR_OLD = re.compile(r"\x1b\[[<>][0-9]*u|\x1b\[\?[0-9]+\$p")


class WireDriver(KeyboardDriver):
    """See the module docstring."""

    def __init__(self, app: "App[Any]", **options: Any) -> None:
        super().__init__(app, **options)
        self._outlet: Outlet | None = None
        self._lock = threading.RLock()
        self._pace = Pace(answering=self.input_tty)
        self._answer = threading.Event()
        self._has_sync = False
        self._is_drawing = False
        self._retry_at = math.inf
        self._is_old = os.environ.get("TERM", "").startswith(("vt", "linux"))

    def write(self, data: str) -> None:
        """Take what Textual writes: a frame (moves, SGR, text), or a mode, a query, the clipboard."""
        if data in (
            "\x1b[?2026h",
            "\x1b[?2026l",
        ):  # Textual: a frame begins or ends; so the terminal has the mode
            self._has_sync = True
        elif MOVE.match(data):
            with self._lock:
                self._paint(data)
                self._send()
        elif not (self._is_old and _NOT_FOR_OLD.match(data)):
            with self._lock:
                super().write(data)
                if "\x1b[?1049h" in data:
                    self._forget()

    @property
    def round_trip(self) -> float:
        """How far away the terminal is, in seconds; 0 while that is not known."""
        return self._pace.round_trip

    def _paint(self, frame: str) -> None:
        width, height = self._app.size
        if self._outlet is None:
            self._outlet = Outlet(Picture(width, height, self._abilities()), self._pace)
        picture = self._outlet.picture
        if (picture.width, picture.height) != (width, height):
            picture.resize(width, height)
        picture.follows_cursor = hasattr(self._app.focused, "cursor_screen_offset")
        picture.paint(frame)

    def _abilities(self) -> Abilities:
        """What terminfo promises; but a tty that makes blanks of tabs knows the usual stops only."""
        found = abilities_of()
        makes_blanks = self.attrs_before and self.attrs_before[1] & termios.TABDLY == termios.TAB3
        return replace(found, tabs=False) if makes_blanks else found

    def _forget(self) -> None:
        """The terminal may show anything."""
        with self._lock:
            if self._outlet is not None:
                self._outlet.picture.forget()

    def _send(self) -> None:
        """Send the difference, unless enough is on its way. The lock is held."""
        if self._outlet is None or not self._is_drawing:
            return
        if self._writer_thread is None or not self._writer_thread.is_alive():
            return
        if self._writer_thread._queue.qsize() >= _QUEUE_FULL:
            self._retry(_RETRY)
            return
        self._outlet.has_sync = self._has_sync
        output, wait = self._outlet.due(time.monotonic())
        if output:
            if output.endswith(ASK):
                self._answer.clear()
            LinuxDriver.write(self, output)
        if wait is not None:
            self._retry(wait)

    def _retry(self, delay: float) -> None:
        at = time.monotonic() + delay
        if at < self._retry_at:
            self._retry_at = at
            self._loop.call_soon_threadsafe(self._loop.call_later, delay, self._retry_now)

    def _retry_now(self) -> None:
        with self._lock:
            self._retry_at = math.inf
            self._send()

    def process_message(self, message: Message) -> None:
        """In the input thread: take the answers to our queries, pass on the rest."""
        if isinstance(message, events.CursorPosition):
            with self._lock:
                self._pace.answered(time.monotonic())
                self._answer.set()
                self._send()
            return
        if isinstance(message, events.Resize):
            self._forget()
        super().process_message(message)

    def _get_terminal_size(self) -> tuple[int, int]:
        """Asked for at the start and when the window changed: what it shows now is not known."""
        self._forget()
        return super()._get_terminal_size()

    def start_application_mode(self) -> None:
        """Set the terminal up, and measure the round trip."""
        self._pace = Pace(answering=self.input_tty)
        if self._outlet is not None:
            self._outlet.pace = self._pace
        self._is_drawing = True
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._pace.answering:
            with self._lock:
                LinuxDriver.write(self, ASK)
                self._answer.clear()
                self._pace.ask(time.monotonic())

    def stop_application_mode(self) -> None:
        """Leave the terminal as it was found."""
        with self._lock:
            self._is_drawing = False
            if self._outlet is not None and (output := self._outlet.picture.usual_stops()):
                LinuxDriver.write(self, output)
        super().stop_application_mode()

    def disable_input(self) -> None:
        """Stop the input thread; an answer on its way must not end up in the shell."""
        self._pace.answering = False
        if self._pace.is_asking:
            self._answer.wait(self._pace.longest_answer)
        super().disable_input()
