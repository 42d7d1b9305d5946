"""Up and down on a picture, while the program is being loaded: the sign of the cursor moves at once.

The program itself answers every key once it is there, these too: what is typed is kept, and nothing else is done with
it. So the picture can be wrong and no letter is. Imports nothing heavy, as ``last_frame``.
"""

import contextlib
import os
import re
import select
import threading
from dataclasses import dataclass

_ARROW = re.compile(rb"\x1b[\[O](?:(A)|(B))")
_BEGUN = re.compile(rb"\x1b[\[O]?\Z")


@dataclass(frozen=True, slots=True)
class Track:
    """Where the sign of a list's cursor stands, and could stand without scrolling. ``x`` and ``top`` are cells from
    the upper left corner of the terminal, ``at`` is a row below ``top``; ``on`` and ``off`` are what to write."""

    x: int
    top: int
    rows: int
    at: int
    on: str
    off: str


class FirstKeys:
    """Reads the terminal in a thread until it is told to stop. ``keyboard`` and ``screen`` are file descriptors."""

    def __init__(self, track: Track, keyboard: int, screen: int) -> None:
        self._track = track
        self._keyboard = keyboard
        self._screen = screen
        self._at = track.at
        self._follows = True
        self._typed = b""
        self._told = 0
        self._wake = os.pipe()
        self._thread = threading.Thread(target=self._read, name="first keys", daemon=True)
        self._thread.start()

    def stop(self) -> bytes:
        """What was typed, all of it."""
        os.write(self._wake[1], b"x")
        self._thread.join()
        for end in self._wake:
            os.close(end)
        return self._typed

    def _read(self) -> None:
        while True:
            ready = select.select([self._keyboard, self._wake[0]], [], [])[0]
            if self._wake[0] in ready:
                return
            try:
                data = os.read(self._keyboard, 4096)
            except OSError:
                data = b""
            if not data:  # the line is gone: the program will find out itself
                return
            self._typed += data
            self._follow()

    def _follow(self) -> None:
        """Move the sign by the arrows, as far as there is nothing else among the keys."""
        while self._follows and self._told < len(self._typed):
            arrow = _ARROW.match(self._typed, self._told)
            if arrow is None:
                self._follows = _BEGUN.match(self._typed, self._told) is not None
                return
            self._told = arrow.end()
            self._go(self._at + (-1 if arrow[1] else 1))

    def _go(self, row: int) -> None:
        track = self._track
        self._follows = 0 <= row < track.rows
        if self._follows:
            moved = _cell(track, self._at, track.off) + _cell(track, row, track.on)
            with contextlib.suppress(OSError):
                os.write(self._screen, moved.encode())
            self._at = row


def _cell(track: Track, row: int, text: str) -> str:
    return f"\x1b[{track.top + row + 1};{track.x + 1}H{text}\x1b[m"
