"""Keys pressed at the picture of a program that is still being loaded: the cursor follows, and none is lost."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from crm_tui.screens.shell.first_keys import FirstKeys, Track
from crm_tui.services import users
from crm_tui.services.ports import Ports
from crm_tui.services.session import StoredSession
from crm_tui.store.engine import Store
from tests.cli.test_start import Terminal
from tests.screens.mailbox import Mailbox
from tests.waiting import LIMIT, eventually

UP, DOWN = b"\x1b[A", b"\x1b[B"


@dataclass
class Line:
    """What the person types, what is written, and the other ends of both."""

    keyboard: int
    screen: int
    ends: tuple[int, int]


@pytest.fixture
def line() -> Iterator[Line]:
    read, keyboard = os.pipe()
    screen, write = os.pipe()
    os.set_blocking(screen, False)
    yield Line(keyboard, screen, (read, write))
    for end in (read, keyboard, screen, write):
        os.close(end)


def typed(keys: FirstKeys, so_far: bytes) -> bool:
    return keys._typed == so_far


def sign(row: int) -> bytes:
    return f"\x1b[{row + 3};7H>".encode()


@pytest.mark.parametrize(
    ("pieces", "rows"),
    [
        ([DOWN, DOWN, UP], [2, 3, 2]),
        ([b"\x1bOB"], [2]),
        ([b"\x1b", b"[", b"B"], [2]),
        ([DOWN + b"x" + DOWN], [2]),
        ([UP, UP, DOWN], [0]),
        ([DOWN * 5], [2, 3]),
        (["оч".encode()], []),
    ],
)
def test_the_sign_goes_with_the_arrows_and_every_byte_is_kept(
    line: Line, pieces: list[bytes], rows: list[int]
) -> None:
    keys = FirstKeys(Track(6, 2, 4, 1, ">", "."), *line.ends)
    for number, piece in enumerate(pieces, 1):
        os.write(line.keyboard, piece)
        eventually(partial(typed, keys, b"".join(pieces[:number])), "the keys are read")
    assert keys.stop() == b"".join(pieces)
    try:
        written = os.read(line.screen, 1 << 16)
    except BlockingIOError:
        written = b""
    assert [cell for cell in written.split(b"\x1b[m") if b">" in cell] == [sign(row) for row in rows]


def test_what_is_typed_at_the_picture_is_answered_by_the_program(crm_home: Path, store_file: Path) -> None:
    store = Store(store_file)
    user = users.current(store)
    session = StoredSession(store, user.key)
    mailbox = Mailbox(Ports(store, users.actor_of(user), clock=store.clock, zone="UTC", session=session))
    for number in range(5):
        mailbox.letter(f"Subject {number}", f"The text of letter {number}.")
    session.save("app", {"mode": "mail"})
    session.save("MailScreen", {"previews": {"normal": False, "horizontal": False, "vertical": False}})
    store.close()
    terminal = Terminal()
    try:
        terminal.wait_for(b"Subject 0")
        os.write(terminal.master, DOWN + DOWN + b"\r")
        terminal.wait_for(b"The text of letter 2.")
        os.write(terminal.master, b"Q")
        assert terminal.end() == 0
    finally:
        terminal.program.kill()
        terminal.program.wait(LIMIT)
        os.close(terminal.master)
        os.close(terminal.slave)
