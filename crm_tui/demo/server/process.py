"""Starting the demo's mail server as a process that ends with its parent."""

import contextlib
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from crm_tui.demo.server.delivery import ANSWER_SECONDS
from crm_tui.demo.server.serve import Ports, read_ports
from crm_tui.domain.errors import NetworkTrouble

LOCK_FILE = "server.lock"


@contextlib.contextmanager
def running(folder: Path, answer_seconds: float = ANSWER_SECONDS) -> Iterator[Ports]:
    """The server of this folder, listening while the block lasts; one that runs already is used.

    The server reads its standard input: it ends when this process does, however that happens. People outside answer
    a letter after ``answer_seconds``. Raises NetworkTrouble when it cannot start.
    """
    with _lock(folder) as lock:
        if lock is None:
            yield _ports(folder)
            return
        command = [sys.executable, "-m", "crm_tui.demo.server", str(folder), str(answer_seconds)]
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[lock],
        ) as server:
            assert server.stdin is not None
            assert server.stdout is not None
            try:
                if server.stdout.readline().strip() != b"ready":
                    raise NetworkTrouble("demo_server_failed", folder=str(folder))
                yield _ports(folder)
            finally:
                server.stdin.close()
                try:
                    server.wait(5)
                except subprocess.TimeoutExpired:
                    server.kill()


def is_running(folder: Path) -> bool:
    """Whether a server runs in this folder: somebody has the demo open."""
    if not (folder / LOCK_FILE).exists():
        return False
    with _lock(folder) as lock:
        return lock is None


@contextlib.contextmanager
def _lock(folder: Path) -> Iterator[int | None]:
    """The server's lock, None when a server holds it. The server inherits it and so holds it as long as it lives."""
    descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            free = True
        except BlockingIOError:
            free = False
        yield descriptor if free else None
    finally:
        os.close(descriptor)


def _ports(folder: Path) -> Ports:
    ports = read_ports(folder)
    if ports is None:
        raise NetworkTrouble("demo_server_failed", folder=str(folder))
    return ports
