"""Kill an upgrade at every so many statements (assurance row 13).

Makes a store with rows, then upgrades it by a migration that rebuilds ``customer``, a table that others refer to.
By hand: ``.venv/bin/python -m tests.store.migrating 40``. Prints counts; exit code 1 for a store that was spoilt.
"""

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from crm_tui.store import driver, health, schema
from crm_tui.store.engine import Store
from crm_tui.store.tables import Customer, Task, User, every_table
from crm_tui.store.work import Actor
from tests.store.killing import child
from tests.stores import lay

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    with op.batch_alter_table("customer") as batch:
        batch.add_column(sa.Column("segment", sa.String(), nullable=False, server_default="new"))
    op.create_table("tomorrows_own", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("UPDATE customer SET segment = 'old' WHERE id % 2 = 0")
"""
CUSTOMERS, TASKS = 40, 80


def fill(path: Path) -> None:
    """A store of the schema of today with rows that refer to each other."""
    store = Store(lay(path))
    with store.work(Actor.program("test"), "fill") as work:
        work.add(User(login="me", name="Me"))
        now = work.now
        for number in range(CUSTOMERS):
            work.add(Customer(name=f"Firm {number}", name_fold="", created_at=now, changed_at=now))
        for number in range(TASKS):
            work.add(
                Task(
                    title=f"Task {number}",
                    title_fold="",
                    assignee_id=1,
                    customer_id=number % CUSTOMERS + 1,
                    created_at=now,
                    changed_at=now,
                )
            )
    store.close()


def tomorrow(folder: Path) -> None:
    """Make this process the next version of the program."""
    versions = folder / "versions"
    today = schema.migrations_config()
    shipped = Path(today.get_main_option("script_location")) / "versions"
    if not versions.exists():
        versions.mkdir()
        (versions / "9999_next.py").write_text(NEXT.replace("{head}", schema.HEAD))
    today.set_main_option("version_locations", f"{shipped}{os.pathsep}{versions}")
    today.set_main_option("path_separator", "os")
    schema.migrations_config = lambda: today  # type: ignore[assignment]
    schema.HEAD = "9999"


def upgrade(path: Path, folder: Path, statements: int) -> list[str]:
    """Open the store with the next version, and die by SIGKILL when so many statements are done (0: never)."""
    tomorrow(folder)
    done = 0

    @event.listens_for(Engine, "after_cursor_execute")
    def _count(*_: Any) -> None:
        nonlocal done
        done += 1
        if done == statements:
            os.kill(os.getpid(), signal.SIGKILL)

    store = Store(path)
    problems = [str(one) for one in health.check(path)]
    with store.read() as connection:
        told = {
            "customers": connection.exec_driver_sql("SELECT count(*) FROM customer").scalar_one(),
            "tasks": connection.exec_driver_sql("SELECT count(*) FROM task").scalar_one(),
            "old": connection.exec_driver_sql(
                "SELECT count(*) FROM customer WHERE segment = 'old'"
            ).scalar_one(),
        }
    if told != {"customers": CUSTOMERS, "tasks": TASKS, "old": CUSTOMERS // 2}:
        problems.append(str(told))
    if not path.with_name(path.name + ".before-9999").exists():
        problems.append("no backup")
    return problems


def look(path: Path) -> list[str]:
    """A store after a kill: whole, of the old schema or of the new."""
    connection = driver.dbapi.connect(str(path))
    verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
    tasks = connection.execute("SELECT count(*) FROM task").fetchone()[0]
    connection.close()
    return [] if (verdict, tasks) == ("ok", TASKS) else [f"{verdict}, {tasks} tasks"]


def main(points: int) -> int:
    """Kill at so many points; how many stores were spoilt."""
    bad = killed = 0
    with tempfile.TemporaryDirectory(prefix="crm-migrating-") as name:
        folder = Path(name)
        os.waitpid(child(fill, folder / "crm.db"), 0)
        for point in range(1, points + 1):
            path = folder / str(point) / "crm.db"
            path.parent.mkdir()
            shutil.copyfile(folder / "crm.db", path)
            _, status = os.waitpid(child(upgrade, path, folder, point * 2), 0)
            killed += os.WIFSIGNALED(status)
            for act, arguments in ((look, (path,)), (upgrade, (path, folder, 0))):
                _, status = os.waitpid(child(act, *arguments), 0)
                bad += status != 0
    print(f"killed {killed} of {points} upgrades, {bad} stores spoilt")
    return bad


if __name__ == "__main__":
    # Alembic and the tables once here, not in every child.
    import alembic.command  # noqa: F401

    every_table()
    sys.exit(1 if main(int(sys.argv[1])) else 0)
