"""The write gate: one writer at a time across threads and processes, and a name for whoever holds it.

SQLite's own busy handler lets writers starve for seconds and says nothing about the holder; an flock is fair
enough, is dropped by the kernel when its holder dies, and its file names the holder (design/assurance.md 3).
"""

import contextlib
import fcntl
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from crm_tui.domain.errors import StoreBusy

WAIT_SECONDS = 10.0
_NOTE_BYTES = 1024


class WriteGate:
    """A lock file beside the store."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    @contextlib.contextmanager
    def hold(self, label: str, wait: float | None = None) -> Iterator[None]:
        """Hold the gate; ``label`` is what others are told about us.

        Raises StoreBusy with the holder's pid and label after ``wait`` seconds (``WAIT_SECONDS`` when None).
        """
        if getattr(self._local, "held", False):
            raise RuntimeError("a unit of work inside a unit of work")
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            self._acquire(descriptor, WAIT_SECONDS if wait is None else wait)
            self._local.held = True
            note = json.dumps({"pid": os.getpid(), "op": label[:80]}).encode()
            os.pwrite(descriptor, note.ljust(_NOTE_BYTES), 0)
            try:
                yield
            finally:
                self._local.held = False
        finally:
            os.close(descriptor)

    def _acquire(self, descriptor: int, wait: float) -> None:
        deadline = time.monotonic() + wait
        pause = 0.001
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise self._busy(descriptor) from None
            time.sleep(pause)
            pause = min(pause * 1.5, 0.02)

    def _busy(self, descriptor: int) -> StoreBusy:
        try:
            holder = dict(json.loads(os.pread(descriptor, _NOTE_BYTES, 0)))
        except (ValueError, TypeError):
            holder = {}
        return StoreBusy("store_busy", pid=holder.get("pid"), operation=holder.get("op"))
