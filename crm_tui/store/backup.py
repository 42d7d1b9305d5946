"""Backups: taken from a store in use, and verified before they count."""

import contextlib
import os
from pathlib import Path

from crm_tui.domain.errors import StoreDamaged
from crm_tui.store import driver


def backup(source: Path, target: Path) -> Path:
    """Copy the store, also while others write it, and check the copy; ``target`` appears only when it is whole.

    Uses SQLite's own backup: copying the file by hand would drop the locks of this process.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
    with (
        contextlib.closing(driver.dbapi.connect(str(source), timeout=10)) as reader,
        contextlib.closing(driver.dbapi.connect(str(part))) as writer,
    ):
        reader.backup(writer)
        # The copy travels alone, so it must not need a WAL beside it.
        writer.execute("PRAGMA journal_mode=DELETE")
        verdict = writer.execute("PRAGMA quick_check").fetchone()[0]
    if verdict != "ok":
        raise StoreDamaged("backup_failed_check", path=str(part), detail=str(verdict))
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.replace(target)
    return target
