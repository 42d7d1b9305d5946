"""Somebody else who holds the store, as another program does."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from crm_tui.store.engine import Store

LIMIT = 30
"""Seconds after which a test that fails is not waited for."""


@contextmanager
def held(store: Store) -> Iterator[threading.Event]:
    """Nobody can write until the event is set, or the block is left."""
    is_held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with store.gate.hold("somebody else"):
            is_held.set()
            let_go.wait(LIMIT)

    holder = threading.Thread(target=hold)
    holder.start()
    is_held.wait(LIMIT)
    try:
        yield let_go
    finally:
        let_go.set()
        holder.join()
