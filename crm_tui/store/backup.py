"""Backups: taken from a store in use, verified before they count, kept for seven days, and put back."""

import contextlib
import fcntl
import os
import struct
from datetime import datetime
from pathlib import Path

from crm_tui import whole_file
from crm_tui.domain.errors import NotFound, StoreBusy, StoreDamaged
from crm_tui.store import driver, faults, files
from crm_tui.store.gate import WriteGate

DAYS_KEPT = 7
_DEAD_MAN_SWITCH = 128
"""Byte of the ``-shm`` file that every process at a WAL store holds a lock on (sqlite.org/walformat.html 2.3)."""
_FLOCK = "hhqqi"
"""``struct flock``: type, whence, start, length, pid."""


def backup(source: Path, target: Path) -> Path:
    """Copy the store, also while others write it, and check the copy; ``target`` appears only when it is whole.

    Uses SQLite's own backup: copying the file by hand would drop the locks of this process. Raises StoreDamaged
    when the source or the copy is damaged, StoreBusy when the disk is full.
    """
    files.private_folder(target.parent)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
        with faults.told(source):
            _copy(source, part)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(target)
        whole_file.sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)
    return target


def daily(path: Path, now: datetime, *, anew: bool = False) -> Path:
    """The backup of this day, made if it is not there, or (``anew``) made in the place of it; the seven newest are
    kept. Raises like ``backup``."""
    target = path.parent / "backups" / f"{path.stem}-{now:%Y-%m-%d}.db"
    if anew or not target.exists():
        backup(path, target)
        for old in files.backups(path)[DAYS_KEPT:]:
            old.unlink(missing_ok=True)
    return target


def restore(source: Path, path: Path, now: datetime) -> Path | None:
    """Put a backup in the place of the store; what was there is set aside and its new name returned.

    Raises NotFound when there is no such backup, StoreDamaged when it is damaged (nothing is changed then), and
    StoreBusy while another process has the store open. This process must not have it open.
    """
    if not source.is_file():
        raise NotFound("no_such_backup", path=str(source))
    fresh = path.with_name(path.name + ".restored")
    backup(source, fresh)
    try:
        with WriteGate(path.with_name(path.name + ".lock")).hold("restore"):
            pid = _holder(path)
            if pid:
                raise StoreBusy("store_in_use", pid=pid, operation="")
            aside = _set_aside(path, f"{now:%Y%m%d-%H%M%S}")
            fresh.replace(path)
            whole_file.sync_folder(path.parent)
    finally:
        fresh.unlink(missing_ok=True)
    return aside


def _copy(source: Path, part: Path) -> None:
    with (
        contextlib.closing(
            driver.dbapi.connect(source.as_uri() + "?mode=ro", uri=True, timeout=10)
        ) as reader,
        contextlib.closing(driver.dbapi.connect(str(part))) as writer,
    ):
        reader.backup(writer)
        # The copy travels alone, so it must not need a WAL beside it.
        writer.execute("PRAGMA journal_mode=DELETE")
        verdict = str(writer.execute("PRAGMA quick_check(1)").fetchone()[0])
        tables = writer.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if verdict != "ok" or not tables:
        raise StoreDamaged("backup_failed_check", path=str(source), detail=verdict if tables else "empty")


def _set_aside(path: Path, stamp: str) -> Path | None:
    if not path.exists():
        return None
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    for ending in ("", "-wal", "-shm", "-journal"):
        found = path.with_name(path.name + ending)
        if found.exists():
            found.replace(aside.with_name(aside.name + ending))
    return aside


def _holder(path: Path) -> int:
    """The process that has the store open; 0 for none."""
    try:
        descriptor = os.open(path.with_name(path.name + "-shm"), os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return 0
    try:
        wanted = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, _DEAD_MAN_SWITCH, 1, 0)
        kind, _, _, _, pid = struct.unpack(_FLOCK, fcntl.fcntl(descriptor, fcntl.F_GETLK, wanted))
    finally:
        os.close(descriptor)
    return 0 if kind == fcntl.F_UNLCK else int(pid)
