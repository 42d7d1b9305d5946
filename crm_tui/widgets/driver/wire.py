"""A driver that sends only the cells that changed.

Textual writes every strip of a changed region whole, each segment with its complete SGR and a reset. This driver
draws those frames on a ``Picture`` of the terminal and sends the cheapest update: cell differences, hardware
scrolling, SGR changes. The answers to its cursor position queries keep a slow line from queueing stale frames.
Hyperlinks (OSC 8) are not sent.
"""

import math
import os
import re
import threading
import time
from typing import TYPE_CHECKING, Any

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from crm_tui.widgets.driver.abilities import abilities_of
from crm_tui.widgets.driver.keyboard_driver import KeyboardDriver
from crm_tui.widgets.driver.pace import Pace
from crm_tui.widgets.driver.picture import MOVE, Picture

if TYPE_CHECKING:
    from textual.app import App

_SYNC_FROM = 1400  # bytes; a smaller frame arrives in one packet
_QUEUE_FULL = 4  # writes that the writer thread has not begun: the terminal does not take more
_RETRY = 0.05  # seconds
_ASK = "\x1b[6n"
# what an old terminal might print instead of ignoring it: keyboard protocol, mode queries
_NOT_FOR_OLD = re.compile(r"\x1b\[[<>][0-9]*u|\x1b\[\?[0-9]+\$p")


class WireDriver(KeyboardDriver):
    """See the module docstring."""

    def __init__(self, app: "App[Any]", **options: Any) -> None:
        super().__init__(app, **options)
        self._picture: Picture | None = None
        self._lock = threading.RLock()
        self._pace = Pace(answering=self.input_tty)
        self._answer = threading.Event()
        self._has_sync = False
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
        if self._picture is None:
            self._picture = Picture(width, height, abilities_of())
        elif (self._picture.width, self._picture.height) != (width, height):
            self._picture.resize(width, height)
        self._picture.follows_cursor = hasattr(self._app.focused, "cursor_screen_offset")
        self._picture.paint(frame)

    def _forget(self) -> None:
        """The terminal may show anything."""
        with self._lock:
            if self._picture is not None:
                self._picture.forget()

    def _send(self) -> None:
        """Send the difference, unless enough is on its way. The lock is held."""
        now = time.monotonic()
        if self._picture is None or self._writer_thread is None or not self._writer_thread.is_alive():
            return
        if not self._pace.may_send(now):
            self._retry(self._pace.wait(now))
            return
        if self._writer_thread._queue.qsize() >= _QUEUE_FULL:
            self._retry(_RETRY)
            return
        output = self._picture.update()
        if not output:
            return
        size = len(output.encode())
        if size > _SYNC_FROM and self._has_sync:
            output = f"\x1b[?2026h{output}\x1b[?2026l"
        if self._pace.sent(size):
            output += _ASK
            self._asked(now)
        LinuxDriver.write(self, output)

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
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._pace.answering:
            with self._lock:
                LinuxDriver.write(self, _ASK)
                self._asked(time.monotonic())

    def disable_input(self) -> None:
        """Stop the input thread; an answer on its way must not end up in the shell."""
        self._pace.answering = False
        if self._pace.is_asking:
            self._answer.wait(self._pace.longest_answer)
        super().disable_input()

    def _asked(self, now: float) -> None:
        self._answer.clear()
        self._pace.ask(now)
