"""The schema's version: checked with bare SQLite, brought up with Alembic only when it differs.

An upgrade backs the store up first and runs in one immediate transaction with foreign keys off, so that a kill at
any moment leaves the old schema or the new one (design/assurance.md finding 12).
"""

import contextlib
from pathlib import Path
from typing import Any

from crm_tui.domain.errors import StoreDamaged
from crm_tui.store import beside, driver, faults
from crm_tui.store.gate import WriteGate

HEAD = "0006"
"""The newest revision of ``store/migrations/versions``."""


def ensure(path: Path, gate: WriteGate) -> None:
    """Make or upgrade the tables where needed.

    Raises StoreDamaged when the file is corrupt or its schema is newer than this program knows.
    """
    if _found(path) == (HEAD, beside.VERSION):
        return
    with gate.hold("schema upgrade", wait=60):
        revision, version = _found(path)
        if (revision, version) == (HEAD, beside.VERSION):
            return
        if revision is not None and revision > HEAD:
            raise StoreDamaged("schema_newer", found=revision, known=HEAD)
        if revision is not None and revision != HEAD:
            from crm_tui.store.backup import backup

            backup(path, path.with_name(f"{path.name}.before-{HEAD}"))
        with faults.told(path):
            upgrade(path)


def revision(path: Path) -> str | None:
    """The schema revision in the file; None for an empty one. Raises StoreDamaged for a corrupt file."""
    return _found(path)[0]


def _found(path: Path) -> tuple[str | None, int]:
    """The revision of the tables, and the version of what stands beside them."""
    with faults.told(path), contextlib.closing(driver.dbapi.connect(str(path), timeout=10)) as connection:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        known = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
        ).fetchone()
        if known is None:
            return None, version
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return (None if row is None else str(row[0])), version


def upgrade(path: Path, target: str = "head") -> None:
    """Run the migrations, and make anew what stands beside the tables where need be, in one transaction."""
    from alembic import command
    from sqlalchemy import create_engine, event

    engine = create_engine(
        "sqlite://",
        module=driver.dbapi,
        creator=lambda: driver.dbapi.connect(str(path), isolation_level=None, timeout=10),
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.connect() as connection:
            raw: Any = connection.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                # A guard that stands on a table would be in the way of rebuilding that table.
                beside.take_away(connection)
                config = migrations_config()
                config.attributes["connection"] = connection
                command.upgrade(config, target)
                _check_foreign_keys(connection)
                beside.make(connection)
    finally:
        engine.dispose()


def migrations_config() -> Any:
    """Alembic's configuration, pointing at the migrations of this package."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


def _check_foreign_keys(connection: Any) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise StoreDamaged("migration_broke_references", tables=sorted({row[0] for row in broken}))
