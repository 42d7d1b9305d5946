"""Stores for tests: the schema is made once, every test gets a copy."""

import atexit
import functools
import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from crm_tui.domain.clock import Clock, utc_now
from crm_tui.store.engine import Store

TEMPLATE = "CRM_TESTS_TEMPLATE"
"""The variable of the environment that tells the programs of a test where an empty store lies."""
START = datetime(2026, 11, 19, 11, 40, tzinfo=UTC)
"""Thursday 16:40 in Almaty, where the stories begin."""


class TestClock:
    """A clock that stands still until it is moved."""

    __test__ = False

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        """Move on by the fields of a timedelta and return the new instant."""
        self.now += timedelta(**by)
        return self.now


@functools.cache
def _template() -> Path:
    if made := os.environ.get(TEMPLATE):
        return Path(made)
    folder = Path(tempfile.mkdtemp(prefix=f"crm-template-{os.getpid()}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "crm.db"
    Store(path).close()
    os.environ[TEMPLATE] = str(path)
    return path


def lay(path: Path) -> Path:
    """Put an empty store there and return its path: to open one that is not there yet runs every migration."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(_template(), path)
    return path


def new_store(folder: Path, clock: Clock = utc_now) -> Store:
    """An empty store in ``folder``."""
    return Store(lay(folder / "crm.db"), clock)


_compiled: LRUCache[object, object] = LRUCache(5_000)


def share_statements() -> None:
    """Compile a statement once in a process: each of a thousand stores would compile all of its own anew."""
    Engine._compiled_cache = property(lambda _engine: _compiled, lambda _engine, _own: None)  # type: ignore[assignment]
    # What is compiled is kept by dialect, and those of all our stores are alike.
    SQLiteDialect_pysqlite.__hash__ = lambda self: hash(type(self))  # type: ignore[assignment, method-assign]
    SQLiteDialect_pysqlite.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[assignment, method-assign]


share_statements()
