"""The write gate: one writer at a time across threads and processes, and a name for whoever holds it.

SQLite's own busy handler lets writers starve for seconds and says nothing about the holder; an flock is dropped by
the kernel when its holder dies, and its file names the holder (design/assurance.md 3). Threads of a process queue
in order; of several processes the one that waits next holds the turn, so that a busy writer cannot take the gate
again before it.
"""

import contextlib
import fcntl
import json
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from crm_tui.domain.errors import StoreBusy

WAIT_SECONDS = 10.0
TURN_SECONDS = 1.0
"""How long the turn is waited for before the gate itself is tried."""
_PAUSE = 0.002
_NOTE_BYTES = 1024


class WriteGate:
    """A lock file beside the store, and one more for whose turn is next."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = path.with_name(path.name + ".turn")
        self._local = threading.local()
        self._queue = _Queue()

    @contextlib.contextmanager
    def hold(self, label: str, wait: float | None = None) -> Iterator[None]:
        """Hold the gate; ``label`` is what others are told about us.

        Raises StoreBusy with the holder's pid and label after ``wait`` seconds (``WAIT_SECONDS`` when None).
        """
        if getattr(self._local, "held", False):
            raise RuntimeError("a unit of work inside a unit of work")
        deadline = time.monotonic() + (WAIT_SECONDS if wait is None else wait)
        with contextlib.ExitStack() as held:
            if not self._queue.enter(deadline):
                with _opened(self._path) as descriptor:
                    raise self._busy(descriptor)
            held.callback(self._queue.leave)
            descriptor = held.enter_context(_opened(self._path))
            with _opened(self._turn) as turn:
                # A process that is frozen while its turn is next must not stop all others: then we go without.
                _locked(turn, min(deadline, time.monotonic() + TURN_SECONDS))
                if not _locked(descriptor, deadline):
                    raise self._busy(descriptor)
            note = json.dumps({"pid": os.getpid(), "op": label[:80]}).encode()
            os.pwrite(descriptor, note.ljust(_NOTE_BYTES), 0)
            self._local.held = True
            try:
                yield
            finally:
                self._local.held = False

    def _busy(self, descriptor: int) -> StoreBusy:
        try:
            holder = dict(json.loads(os.pread(descriptor, _NOTE_BYTES, 0)))
        except (ValueError, TypeError):
            holder = {}
        return StoreBusy("store_busy", pid=holder.get("pid"), operation=holder.get("op"))


class _Queue:
    """A lock that is given to threads in the order in which they came."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._busy = False
        self._waiting: deque[threading.Event] = deque()

    def enter(self, deadline: float) -> bool:
        """Wait for our turn; False when it did not come in time."""
        with self._guard:
            if not self._busy:
                self._busy = True
                return True
            called = threading.Event()
            self._waiting.append(called)
        if called.wait(max(0.0, deadline - time.monotonic())):
            return True
        with self._guard:
            if called.is_set():
                return True
            self._waiting.remove(called)
        return False

    def leave(self) -> None:
        """Call the next."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._busy = False


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _locked(descriptor: int, deadline: float) -> bool:
    """Lock the file until it is closed; False when another held it too long."""
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
        time.sleep(_PAUSE)
