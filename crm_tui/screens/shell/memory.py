"""What the program takes of the machine's memory, and how soon it gives it back (docs/adr/0016)."""

import contextlib

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
LARGE = 256 << 10
"""Bytes from which a block is the system's again as soon as it is freed: the vector of a list of 32,000 rows."""


def share_heap() -> None:
    """Let every thread allocate from one heap, and large blocks outside it; call it before a second thread starts.

    The C library gives each thread a heap of its own, and by and by puts large blocks into them, too. Here one thread
    works at a time, and what a query took in one heap is of no use in the next. Libraries other than glibc know no
    such heaps, and nothing is done.
    """
    import ctypes  # a millisecond, after the first picture

    with contextlib.suppress(AttributeError, OSError):
        library = ctypes.CDLL(None)
        library.mallopt(_M_ARENA_MAX, 1)
        library.mallopt(_M_MMAP_THRESHOLD, LARGE)
