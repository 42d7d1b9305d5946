"""Kill a process that writes at random moments, and look at what it left (issue 2, done when 7).

By hand: ``.venv/bin/python -m tests.store.killing 200``. Prints one line; exit code 1 when something was lost.
Forks before any store is open in it: SQLite's handles must not cross a fork.
"""

import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from crm_tui.domain.errors import Conflict, NotFound
from crm_tui.store import health
from crm_tui.store.engine import Store
from crm_tui.store.tables import JournalEntry, table_of
from crm_tui.store.undo import redo, undo
from crm_tui.store.work import Actor
from tests.store import verbs
from tests.stores import lay

ME = Actor("me", 1)


def write(path: Path, seed: int, said: int) -> None:
    """Commands, undo and redo for ever; the id of each entry is said once its commit has returned."""
    chance = random.Random(seed)
    store = Store(path)
    os.write(said, b"0\n")
    while True:
        try:
            act = chance.random()
            if act < 0.15:
                undo(store, ME)
            elif act < 0.2:
                redo(store, ME)
            else:
                with store.work(ME, "command") as work:
                    for step in verbs.random_steps(chance):
                        verbs.take(work, step)
        except (IntegrityError, Conflict, NotFound):
            continue
        os.write(said, f"{_last_entry(store)}\n".encode())


def look(path: Path, acknowledged: int) -> list[str]:
    """What is wrong with the store, in words."""
    problems = [str(problem) for problem in health.check(path)]
    store = Store(path)
    with store.read() as connection:
        if verbs.snapshot(connection) != verbs.by_journal(connection):
            problems.append("the rows are not what the journal tells")
    if _last_entry(store) < acknowledged:
        problems.append(f"lost: {acknowledged} was committed, {_last_entry(store)} is the last")
    store.close()
    return problems


def prepare(path: Path) -> None:
    """An empty store with the rows that others refer to."""
    store = Store(lay(path))
    with store.work(Actor.program("test"), "prepare") as work:
        verbs.prepare(work)
    store.close()


def child(act, *arguments) -> int:  # type: ignore[no-untyped-def]
    """The pid of a child that does the act; its exit code is the number of problems found."""
    pid = os.fork()
    if pid:
        return pid
    try:
        found = act(*arguments) or []
        for problem in found:
            print(problem, flush=True)
        os._exit(min(len(found), 100))
    except BaseException as error:
        print(repr(error), flush=True)
        os._exit(101)


def main(rounds: int, seed: int = 1) -> int:
    """Kill ``rounds`` times; the number of rounds after which something was wrong."""
    chance = random.Random(seed)
    bad = commits = 0
    with tempfile.TemporaryDirectory(prefix="crm-killing-") as folder:
        path = Path(folder) / "crm.db"
        os.waitpid(child(prepare, path), 0)
        for number in range(rounds):
            heard, said = os.pipe()
            writer = child(write, path, seed * 1000 + number, said)
            os.close(said)
            with os.fdopen(heard) as lines:
                lines.readline()
                time.sleep(chance.uniform(0, 0.4))
                os.kill(writer, signal.SIGKILL)
                os.waitpid(writer, 0)
                acknowledged = [int(line) for line in lines if line.endswith("\n")]
            commits += len(acknowledged)
            _, status = os.waitpid(child(look, path, max(acknowledged, default=0)), 0)
            bad += status != 0
    print(f"killed {rounds} times, {commits} commits acknowledged, {bad} stores with a problem")
    return bad


def _last_entry(store: Store) -> int:
    with store.read() as connection:
        return int(
            connection.execute(select(func.coalesce(func.max(table_of(JournalEntry).c.id), 0))).scalar_one()
        )


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]), *map(int, sys.argv[2:3])) else 0)
