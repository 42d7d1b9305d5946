"""What the database driver reports, as errors that a person can be told about.

Only faults of the file, the disk and the lock are translated: a broken constraint or a wrong statement is the
caller's, and stays the driver's own exception.
"""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from crm_tui.domain.errors import CrmError, StoreBusy, StoreDamaged
from crm_tui.store import driver, files

BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB = 5, 6, 8, 10, 11, 13, 14, 26
"""Primary result codes (sqlite.org/rescode.html)."""

_MESSAGES = {
    "database is locked": BUSY,
    "database table is locked": LOCKED,
    "attempt to write a readonly database": READONLY,
    "disk I/O error": IOERR,
    "database disk image is malformed": CORRUPT,
    "malformed database schema": CORRUPT,
    "Could not decode to UTF-8": CORRUPT,
    "database or disk is full": FULL,
    "unable to open database file": CANTOPEN,
    "file is not a database": NOTADB,
}
_TOO_LITTLE = 1_000_000
"""Bytes of free disk below which an I/O error is taken for a full disk: without room for its shared memory a
WAL store cannot even be opened (assurance section 2, "disk full")."""


def fault(error: BaseException, path: Path) -> CrmError | None:
    """The error to raise instead of a driver's; None when it tells nothing of file, disk or lock.

    Codes: ``store_locked`` and ``disk_full`` (StoreBusy: trying later may help), ``store_corrupt``,
    ``store_io_error``, ``store_cannot_open`` and ``store_read_only`` (StoreDamaged; facts ``path``, ``detail`` and
    ``backups``).
    """
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreBusy("disk_full", path=str(path), free=files.free_bytes(path))
    if isinstance(error, UnicodeDecodeError):
        # What SQLite itself says of a damaged file can be bytes of the damage.
        return damaged("store_corrupt", path, repr(error.object[:200]))
    if not isinstance(error, driver.dbapi.DatabaseError):
        return None
    code = _code(error)
    detail = str(error)
    if code in (BUSY, LOCKED):
        return StoreBusy("store_locked", path=str(path), detail=detail)
    if code == FULL or (code in (IOERR, CANTOPEN) and files.free_bytes(path) < _TOO_LITTLE):
        return StoreBusy("disk_full", path=str(path), free=files.free_bytes(path))
    names = {
        CORRUPT: "store_corrupt",
        NOTADB: "store_corrupt",
        IOERR: "store_io_error",
        CANTOPEN: "store_cannot_open",
        READONLY: "store_read_only",
    }
    if code not in names or (code == READONLY and os.access(path, os.W_OK)):
        # To write through a reading connection is a fault of the program, not of the file.
        return None
    return damaged(names[code], path, detail)


def damaged(code: str, path: Path, detail: str) -> StoreDamaged:
    """The error of a store that cannot be used, with the backups that could take its place (newest first)."""
    return StoreDamaged(
        code, path=str(path), detail=detail, backups=[str(found) for found in files.backups(path)]
    )


def stops_writing(error: CrmError) -> bool:
    """Whether nothing more may be written through this process after the error."""
    return error.code in ("store_corrupt", "store_io_error")


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Translate what is raised inside by a file, or by a connection that is not an engine's of the store."""
    try:
        yield
    except (driver.dbapi.DatabaseError, DBAPIError, UnicodeDecodeError, OSError) as error:
        found = fault(getattr(error, "orig", error), path)
        if found is None:
            raise
        raise found from error


def _code(error: BaseException) -> int:
    """The primary result code; by its text where the driver does not pass it on (pysqlite3, text of a damaged
    row)."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return int(code) & 0xFF
    text = str(error)
    return next((code for start, code in _MESSAGES.items() if text.startswith(start)), 0)
