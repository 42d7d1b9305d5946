"""The start and the end on a real terminal: refusals, the last frame, signals, a lost line."""

import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui import paths
from crm_tui.cli import tui
from crm_tui.screens.shell import last_frame
from crm_tui.services import users
from crm_tui.services.session import StoredSession
from crm_tui.store.engine import Store
from tests.stores import lay
from tests.waiting import LIMIT, eventually

READY = b"Interests"


class Terminal:
    """A pseudo-terminal of 80×24 with the program in it."""

    def __init__(self) -> None:
        self.master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.program = subprocess.Popen(
            [sys.executable, "-m", "crm_tui"],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env=os.environ | {"LANG": "C.UTF-8"},
        )
        self.slave = slave
        self.shown = b""

    def read(self) -> bytes:
        """Take what has been written; nothing when nothing is there."""
        while select.select([self.master], [], [], 0.05)[0]:
            try:
                self.shown += os.read(self.master, 1 << 16)
            except OSError:
                break
        return self.shown

    def wait_for(self, text: bytes) -> None:
        eventually(lambda: text in self.read(), f"{text!r} in {self.shown[-300:]!r}")

    def end(self) -> int:
        """Wait for the end of the program, reading on, and return its exit code."""
        eventually(lambda: (self.read(), self.program.poll() is not None)[1], "the program ends")
        self.read()
        return self.program.returncode


@pytest.fixture
def terminal(crm_home: Path) -> Iterator[Terminal]:
    lay(crm_home / "data" / "crm.db")
    made = Terminal()
    yield made
    made.program.kill()
    made.program.wait(LIMIT)
    for descriptor in (made.master, made.slave):
        try:
            os.close(descriptor)
        except OSError:
            continue


def kept_mode(crm_home: Path) -> str | None:
    store = Store(crm_home / "data" / "crm.db")
    try:
        user = users.current(store)
        mode: str | None = StoredSession(store, user.key).load("app").get("mode")
        return mode
    finally:
        store.close()


def test_sigterm_keeps_the_place_and_gives_the_terminal_back(terminal: Terminal, crm_home: Path) -> None:
    terminal.wait_for(READY)
    os.write(terminal.master, b"3")
    terminal.wait_for(b"[3 Calendar]")
    terminal.program.send_signal(signal.SIGTERM)
    assert terminal.end() == 128 + signal.SIGTERM
    assert b"\x1b[?1049l" in terminal.shown
    assert b"\x1b[?25h" in terminal.shown.rpartition(b"\x1b[?25l")[2]
    assert termios.tcgetattr(terminal.slave)[:4] == terminal.before[:4]
    assert kept_mode(crm_home) == "calendar"


def test_b9_a_lost_line_ends_the_program_and_keeps_the_place(terminal: Terminal, crm_home: Path) -> None:
    terminal.wait_for(READY)
    os.write(terminal.master, "п".encode() + "л".encode())  # g k on a Russian layout
    terminal.wait_for(b"[3 Calendar]")
    os.close(terminal.slave)
    os.close(terminal.master)
    eventually(lambda: terminal.program.poll() is not None, "the program ends")
    assert kept_mode(crm_home) == "calendar"


def test_the_last_frame_is_shown_before_anything_is_loaded(terminal: Terminal, crm_home: Path) -> None:
    terminal.wait_for(READY)
    os.write(terminal.master, b"Q")
    assert terminal.end() == 0
    frame = crm_home / "cache" / "frame"
    assert frame.stat().st_mode & 0o077 == 0
    again = Terminal()
    try:
        again.wait_for(READY)
        entered = again.read().index(b"\x1b[?1049h")
        assert again.shown[entered:].startswith(b"\x1b[?1049h\x1b[?25l\x1b[H")
        os.write(again.master, b"Q")
        assert again.end() == 0
        assert termios.tcgetattr(again.slave)[:4] == again.before[:4]
    finally:
        again.program.kill()
        again.program.wait(LIMIT)
        os.close(again.master)
        os.close(again.slave)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_the_program_is_loaded_gives_the_terminal_back(crm_home: Path, number: int) -> None:
    lay(crm_home / "data" / "crm.db")
    picture = f"{last_frame._kind(80, 24)}\nnull\nthe last frame"
    paths.last_picture().write_text(picture, "utf-8")
    loading = Terminal()
    try:
        loading.wait_for(b"the last frame")
        loading.program.send_signal(number)
        assert loading.end() in (-number, 128 + number)
        assert loading.shown.rindex(b"\x1b[?1049l") > loading.shown.rindex(b"\x1b[?1049h")
        assert termios.tcgetattr(loading.slave)[:4] == loading.before[:4]
    finally:
        loading.program.kill()
        loading.program.wait(LIMIT)
        os.close(loading.master)
        os.close(loading.slave)


@pytest.mark.parametrize("term", ["dumb", "xterm-256color"])
def test_without_a_terminal_that_can_show_it_the_program_says_so(crm_home: Path, term: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crm_tui"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=os.environ | {"TERM": term},
        timeout=LIMIT,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "crm --help" in done.stderr


@pytest.mark.parametrize(
    ("term", "encoding", "glyphs", "refused"),
    [
        ("xterm", "UTF-8", "auto", False),
        ("vt220", "utf8", "auto", False),
        ("dumb", "UTF-8", "auto", True),
        ("", "UTF-8", "auto", True),
        ("xterm", "KOI8-R", "auto", True),
        ("xterm", "ANSI_X3.4-1968", "auto", True),
        ("xterm", "ISO-8859-1", "ascii", False),
    ],
)
def test_which_terminals_are_refused(term: str, encoding: str, glyphs: str, refused: bool) -> None:
    assert (tui.refuses({"TERM": term}, encoding, glyphs) is not None) is refused


@pytest.mark.parametrize(
    ("setting", "environment", "mouse"),
    [
        ("auto", {}, True),
        ("auto", {"SSH_TTY": "/dev/pts/3"}, False),
        ("on", {"SSH_TTY": "x"}, True),
        ("off", {}, False),
    ],
)
def test_the_mouse_is_the_terminals_own_over_ssh(
    setting: str, environment: dict[str, str], mouse: bool
) -> None:
    assert tui.wants_mouse(setting, environment) is mouse
