"""What the threads of the program take from the system, and give back."""

import contextlib
import ctypes

_M_ARENA_MAX = -8


def share_heap() -> None:
    """Let every thread allocate from one heap; to be called before the second thread starts.

    The C library gives each thread a heap of its own. Here one works at a time, and what a query took in one heap
    is of no use in the next: 5 MB lie idle. Libraries other than glibc know no such heaps, and nothing is done.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
