"""How much may follow by itself in one unit of work: what goes beyond is going in circles (assurance 20)."""

import contextlib
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from crm_tui.store.tables.processes import Process
from crm_tui.store.work import Work

MOST_DEPTH = 20
"""So many processes may have started each other, within or without (design/assurance.md section 1.8)."""

_running: "WeakKeyDictionary[Work, list[int]]" = WeakKeyDictionary()


@contextlib.contextmanager
def counting(work: Work) -> Iterator[list[int]]:
    """How deep processes have started each other in this unit of work, and the actions carried out so far."""
    counted = _running.setdefault(work, [0, 0])
    counted[0] += 1
    try:
        yield counted
    finally:
        counted[0] -= 1
        if not counted[0]:
            del _running[work]


def depth(work: Work, process: Process) -> int:
    """How many processes it is nested in."""
    found = 0
    while process.parent_id is not None and found <= MOST_DEPTH:
        process = work.get(Process, process.parent_id)
        found += 1
    return found
