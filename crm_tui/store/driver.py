"""The SQLite in use: the newest one at hand.

Python on Debian 12 brings SQLite 3.40.1, whose WAL-reset race can lose acknowledged rows under heavy concurrent
checkpoints (fixed in 3.51.3, 3.50.7 and 3.44.6). The ``sqlite`` extra brings a newer one; with an older one the
write gate, which also covers checkpoints, keeps the file safe (docs/adr/0002). One process never mixes two.
"""

import importlib
import sqlite3
from typing import Any


def _choose() -> Any:
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3


dbapi: Any = _choose()
"""The DB-API module that every connection of this process is made with."""


def version() -> tuple[int, ...]:
    """Version of the SQLite library in use."""
    return tuple(int(part) for part in str(dbapi.sqlite_version).split("."))


def has_wal_reset_race(found: tuple[int, ...] | None = None) -> bool:
    """Whether this SQLite can corrupt a WAL store without the write gate (sqlite.org/wal.html)."""
    found = version() if found is None else found
    if found >= (3, 51, 3):
        return False
    fixed: dict[tuple[int, ...], tuple[int, ...]] = {(3, 44): (3, 44, 6), (3, 50): (3, 50, 7)}
    return found < fixed.get(found[:2], (3, 51, 3))
