"""Row 17: the line drops or the system ends us while something is typed: it is there at the next start."""

import os
import signal
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crm_tui.services import users
from crm_tui.store.tables import MailAccount
from crm_tui.store.work import Actor
from tests.stores import new_store
from tests.waiting import eventually
from tests.widgets.pty_program import PtyProgram, on_pty

TYPED = "Call Olga about the ka"
CODES = {"SIGHUP": 128 + signal.SIGHUP, "SIGTERM": 128 + signal.SIGTERM}


@contextmanager
def program() -> Iterator[PtyProgram]:
    """The program, ready to be typed at."""
    with on_pty("crm_tui", size=(100, 30)) as started:
        started.until_shown("4 Interests")
        yield started


def begin_task(started: PtyProgram) -> None:
    started.press("2n")
    started.until_shown("New task")


def begin_letter(started: PtyProgram) -> None:
    started.press("1w")
    started.until_shown("Subject")


@pytest.fixture(autouse=True)
def account(crm_home: Path) -> None:
    """An account to write from, that is never reached."""
    store = new_store(crm_home / "data")
    users.current(store)
    with store.work(Actor.program("test"), "account.add") as work:
        work.add(
            MailAccount(
                name="work",
                address="me@example.org",
                imap_host="localhost",
                imap_port=1,
                imap_user="me",
                smtp_host="localhost",
                smtp_user="me",
            )
        )
    store.close()


@pytest.mark.parametrize("begin", [begin_task, begin_letter])
@pytest.mark.parametrize("way", ["SIGHUP", "SIGTERM", "line"])
def test_assurance_17_what_was_typed_is_there_again(way: str, begin: Callable[[PtyProgram], None]) -> None:
    with program() as first:
        cooked = termios.ECHO | termios.ICANON | termios.ISIG
        assert not termios.tcgetattr(first.master)[3] & termios.ECHO
        begin(first)
        first.press(TYPED)
        first.until_shown(TYPED)
        if way == "line":
            os.close(first.master)
            first.master = os.open(os.devnull, os.O_RDONLY)
            eventually(lambda: first.process.poll() is not None, "the program ends")
        else:
            first.process.send_signal(getattr(signal, way))
            assert first.ended() == CODES[way]
            assert termios.tcgetattr(first.master)[3] & cooked == cooked
            for leave in (b"\x1b[?1049l", b"\x1b[?2004l", b"\x1b[?25h"):
                enter = leave[:-1] + (b"l" if leave.endswith(b"h") else b"h")
                assert first.raw.rfind(leave) > first.raw.rfind(enter), leave
    with program() as second:
        begin(second)
        second.until_shown(TYPED)
