"""What keeps memory low is counted, never weighed: heaps of the C library, connections in use."""

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stores import TestClock, new_store

HEAPS = """
import ctypes, os, sys, threading
library = ctypes.CDLL(None)
library.fopen.restype = ctypes.c_void_p
if sys.argv[1] == "shared":
    from crm_tui.screens.shell import memory
    memory.share_heap()
wait = threading.Barrier(5)
def take():
    kept = bytes(4096)
    wait.wait()
threads = [threading.Thread(target=take) for _ in range(4)]
for one in threads:
    one.start()
wait.wait()
for one in threads:
    one.join()
file = library.fopen(b"/dev/stdout", b"w")
library.malloc_info(0, ctypes.c_void_p(file))
library.fflush(ctypes.c_void_p(file))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="heaps of glibc")
def test_threads_share_one_heap() -> None:
    def heaps(how: str) -> int:
        done = subprocess.run([sys.executable, "-c", HEAPS, how], capture_output=True, text=True, check=True)
        return done.stdout.count("<heap nr=")

    if heaps("apart") < 2:
        pytest.skip("another C library than glibc, or one told from outside to have one heap")
    assert heaps("shared") == 1


def test_what_is_read_one_after_another_is_read_by_one_connection(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store", TestClock())

    def used() -> int:
        with store.read() as connection:
            return id(connection.connection.driver_connection)

    with contextlib.ExitStack() as several:
        for _ in range(3):
            several.enter_context(store.read())
    assert len({used() for _ in range(6)}) == 1, "and only that one keeps pages"
    store.close()
