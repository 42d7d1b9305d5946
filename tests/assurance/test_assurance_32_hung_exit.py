"""Row 32: a server that hangs keeps nobody in the program."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_tui.services import users
from crm_tui.store.tables import MailAccount
from crm_tui.store.work import Actor
from tests.stores import new_store
from tests.sync.hostile import GREETING, HostileServer, Line, hostile
from tests.widgets.pty_program import on_pty

TIMES = 2
PATIENCE = 10.0
"""Seconds, for a busy machine; what the program itself would wait for without a server's answer is longer."""


class Hung:
    """A server that says ``greeting`` and nothing more; ``asked`` is set once it is waited for."""

    def __init__(self, greeting: bytes) -> None:
        self.greeting = greeting
        self.asked = threading.Event()

    def __call__(self, line: Line) -> None:
        line.say(self.greeting)
        if self.greeting:
            line.hear()
        self.asked.set()
        while True:
            line.hear()


def add_accounts(home: Path, server: HostileServer, password_command: list[str] | None) -> None:
    """Two accounts there."""
    store = new_store(home / "data")
    users.current(store)
    with store.work(Actor.program("test"), "account.add") as work:
        for name in ("work", "sales"):
            work.add(
                MailAccount(
                    name=name,
                    address=f"{name}@example.org",
                    imap_host="localhost",
                    imap_port=server.port,
                    imap_security="none",
                    imap_user=name,
                    password_command=password_command,
                    smtp_host="localhost",
                    smtp_port=server.port,
                    smtp_security="none",
                    smtp_user=name,
                )
            )
    store.close()


@pytest.mark.parametrize("greeting", [b"", GREETING], ids=["no greeting", "no answer to a command"])
def test_assurance_32_the_program_ends_while_a_server_hangs(
    crm_home: Path, greeting: bytes, figure: Callable[[str], None]
) -> None:
    hung = Hung(greeting)
    with hostile(hung) as server:
        add_accounts(crm_home, server, ["echo", "secret"])
        for _time in range(TIMES):
            hung.asked.clear()
            with on_pty("crm_tui", size=(100, 30)) as program:
                program.until(hung.asked.is_set, "the server is waited for")
                program.press("Q")
                assert program.ended(PATIENCE) == 0
                assert b"\x1b[?1049l" in program.raw
    figure(f"left {TIMES} times while two accounts waited")


def test_assurance_32_the_program_ends_while_a_child_hangs(crm_home: Path, tmp_path: Path) -> None:
    began = tmp_path / "began"
    command = ["sh", "-c", f"touch {began}; exec sleep 60"]
    with hostile(Hung(b"")) as server:
        add_accounts(crm_home, server, command)
        with on_pty("crm_tui", size=(100, 30)) as program:
            program.until(began.exists, "the password command runs")
            program.press("Q")
            assert program.ended(PATIENCE) == 0


def test_assurance_32_the_program_ends_while_a_typed_password_is_tried(crm_home: Path) -> None:
    hung = Hung(b"")
    with hostile(hung) as server:
        add_accounts(crm_home, server, None)
        with on_pty("crm_tui", size=(100, 30)) as program:
            program.until_shown("4 Interests")
            program.press(":password work\r")
            program.until_shown("Password of work")
            program.press("secret\x13")
            program.until(hung.asked.is_set, "the server is waited for")
            program.press("\x1b\x11")
            assert program.ended(PATIENCE) == 0
