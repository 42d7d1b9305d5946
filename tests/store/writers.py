"""Writers in two processes that read, think and write the same few rows (assurance row 6).

By hand: ``.venv/bin/python -m tests.store.writers 60``. Prints counts; exit code 1 for a lost update.
"""

import sys
import tempfile
import threading
import time
from pathlib import Path

from crm_tui.store import health
from crm_tui.store.engine import Store
from crm_tui.store.tables import Task, User
from crm_tui.store.work import Actor
from tests.store.killing import child
from tests.stores import lay

ROWS = 10
THREADS = 4


def prepare(path: Path) -> None:
    """The rows that everybody counts up."""
    store = Store(lay(path))
    with store.work(Actor.program("test"), "prepare") as work:
        work.add(User(login="me", name="Me"))
        for _ in range(ROWS):
            work.add(Task(title="0", title_fold="", assignee_id=1, created_at=work.now, changed_at=work.now))
    store.close()


def write(path: Path, seconds: float, tally: Path) -> None:
    """Count rows up from four threads, and write down how often and how long one waited at most."""
    store = Store(path)
    until = time.monotonic() + seconds
    counts, waits, errors = [0] * THREADS, [0.0] * THREADS, []

    def run(number: int) -> None:
        turn = number
        while time.monotonic() < until:
            turn += 1
            began = time.monotonic()
            try:
                with store.work(Actor("me", 1), "count") as work:
                    waits[number] = max(waits[number], time.monotonic() - began)
                    row = work.get(Task, turn % ROWS + 1)
                    work.change(row, title=str(int(row.title) + 1))
            except Exception as error:
                errors.append(repr(error))
                return
            counts[number] += 1

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.write_text(f"{sum(counts)} {max(waits)} {len(errors)} {errors[:1]}")


def main(seconds: float) -> int:
    """Let two processes write for so long; 0 when nothing was lost."""
    import os

    with tempfile.TemporaryDirectory(prefix="crm-writers-") as folder:
        path = Path(folder) / "crm.db"
        os.waitpid(child(prepare, path), 0)
        tallies = [Path(folder) / f"tally{number}" for number in range(2)]
        for pid in [child(write, path, seconds, tally) for tally in tallies]:
            os.waitpid(pid, 0)
        told = [tally.read_text().split(" ", 3) for tally in tallies]
        committed = sum(int(one[0]) for one in told)
        wait = max(float(one[1]) for one in told)
        errors = sum(int(one[2]) for one in told)
        store = Store(path)
        with store.work(Actor.program("test"), "look") as work:
            counted = sum(int(row.title) for row in work.all(Task))
        problems = health.check(path)
        store.close()
    print(
        f"{committed} commits in {seconds:g} s ({committed / seconds:.0f}/s), {committed - counted} lost, "
        f"{errors} errors, longest wait {wait:.2f} s, {len(problems)} problems {told[0][3]}"
    )
    return 0 if committed == counted and committed and not errors and not problems else 1


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
