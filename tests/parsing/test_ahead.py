"""Of letters parsed ahead in a second process comes the same gist; a child that dies costs nothing but time."""

import fcntl
import os
import signal
import subprocess
import sys
import termios

from crm_tui.parsing.gist import gist_of
from crm_tui.parsing.letter import parse
from crm_tui.parsing.pool import ParserPool
from tests.waiting import eventually

LETTERS = [
    f"Subject: s{n}\nFrom: a@b.example\n\nтекст {n} http://x.example/{n}\n".encode() for n in range(30)
]
LETTERS.append(
    b"Subject: r\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nbelow\n--b\nContent-Type: text/csv\n"
    b"Content-Disposition: attachment; filename*=utf-8''%D0%BE%0A.csv\n\n1;2\n--b--\n"
)
STRANGE = b"Subject: huge\n\n" + b"x" * (2 << 20)


def test_gists_made_ahead_are_those_of_the_letters() -> None:
    with ParserPool() as pool:
        first, second = pool.begin(LETTERS[:15]), pool.begin([*LETTERS[15:], STRANGE])
        assert first() == [gist_of(parse(raw)) for raw in LETTERS[:15]]
        assert second() == [*(gist_of(parse(raw)) for raw in LETTERS[15:]), None]


def test_a_child_that_dies_leaves_its_letters_to_us_and_another_one_follows() -> None:
    with ParserPool() as pool:
        pool.begin(LETTERS)()
        child = pool._ahead._dialogue and pool._ahead._dialogue.child
        assert child is not None
        os.kill(child.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, child.pid, os.WSTOPPED | os.WNOWAIT)
        waiting = pool.begin(LETTERS)
        eventually(lambda: _unread(child), "the letters are on their way to the child")
        os.kill(child.pid, signal.SIGKILL)
        assert waiting() == [None] * len(LETTERS)
        assert pool.begin(LETTERS)() == [gist_of(parse(raw)) for raw in LETTERS]


def _unread(child: subprocess.Popen[bytes]) -> int:
    """Bytes that the child was given and has not read."""
    assert child.stdin is not None
    return int.from_bytes(fcntl.ioctl(child.stdin, termios.FIONREAD, bytes(4)), sys.byteorder)
