"""Is the store sound: checks of the file and of the rows."""

import contextlib
from pathlib import Path

from crm_tui.store import driver, faults


def refuse_damage(path: Path) -> None:
    """Raise StoreDamaged when SQLite's quick check of the file finds something."""
    with faults.told(path), contextlib.closing(driver.dbapi.connect(str(path), timeout=10)) as connection:
        verdict = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    if verdict != "ok":
        raise faults.damaged("store_corrupt", path, verdict)
