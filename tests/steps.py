"""What SQLite does for an act, counted in its own steps, which no busy machine changes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection

from crm_tui.store.engine import Store

STEP = 20
"""Instructions of SQLite between two counts."""


def steps_of(store: Store, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> int:
    """Instructions that SQLite carries out for it where it reads, in units of STEP."""
    count = 0
    read = store.read

    def counted() -> int:
        nonlocal count
        count += 1
        return 0

    @contextmanager
    def reading() -> Iterator[Connection]:
        with read() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.set_progress_handler(counted, STEP)
            try:
                yield connection
            finally:
                raw.set_progress_handler(None, 0)

    with monkeypatch.context() as patch:
        patch.setattr(store, "read", reading)
        act()
    return count
