"""A program on a pty of its own: what it wrote, byte for byte, and what a terminal shows of it."""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from tests.waiting import LIMIT
from tests.widgets.screens_of_pyte import Terminal

# sequences that pyte would print
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b\]8;[^\x1b]*\x1b\\\\")
_QUERY = b"\x1b[6n"


class PtyProgram:
    """Reads and writes the terminal's side; answers DSR as a terminal does, if ``answering``."""

    def __init__(
        self, command: Sequence[str], size: tuple[int, int], environment: Mapping[str, str], answering: bool
    ):
        self.master, slave = os.openpty()
        self.answering = answering
        self.raw = b""
        self._resize(*size)
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={**os.environ, **environment},
        )
        os.close(slave)

    @property
    def lines(self) -> list[str]:
        """What is on the screen, without blanks at the ends."""
        return [line.rstrip() for line in self.terminal.display]

    def press(self, keys: str) -> None:
        """Send keys in one piece."""
        os.write(self.master, keys.encode())

    def resize(self, width: int, height: int) -> None:
        """Change the size of the window."""
        self._resize(width, height)
        self.process.send_signal(signal.SIGWINCH)

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Read until something is so."""
        deadline = time.monotonic() + LIMIT
        while not condition():
            if time.monotonic() > deadline or not self.read():
                raise AssertionError(f"never happened: {what}\n" + "\n".join(self.lines))

    def until_shown(self, text: str) -> None:
        """Read until a text is on the screen."""
        self.until(lambda: any(text in line for line in self.lines), text)

    def read(self, most: int = 1 << 16, wait: float = 0.05) -> bool:
        """Take what there is; False when the program closed the terminal."""
        if not select.select([self.master], [], [], wait)[0]:
            return True
        try:
            data = os.read(self.master, most)
        except OSError:
            return False
        self.raw += data
        if self.answering:
            os.write(self.master, b"\x1b[1;1R" * data.count(_QUERY))
        self.terminal.feed_bytes(_UNKNOWN_TO_PYTE.sub(b"", data))
        return bool(data)

    def ended(self, within: float = LIMIT) -> int:
        """Read to the end; the program's exit code. Raises TimeoutExpired when it goes on."""
        deadline = time.monotonic() + within
        while self.process.poll() is None and time.monotonic() < deadline:
            self.read()
        return self.process.wait(1)

    def _resize(self, width: int, height: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.terminal = Terminal(max(1, width), max(1, height))


@contextmanager
def on_pty(
    module: str,
    *arguments: str,
    size: tuple[int, int] = (80, 24),
    answering: bool = True,
    **environment: str,
) -> Iterator[PtyProgram]:
    """Run a module of the tests on a pty; killed at the end if it still runs."""
    command = [sys.executable, "-m", module, *arguments]
    program = PtyProgram(command, size, {"TEXTUAL_ANIMATIONS": "none", **environment}, answering)
    try:
        yield program
    finally:
        if program.process.poll() is None:
            program.process.kill()
            program.process.wait()
        os.close(program.master)
