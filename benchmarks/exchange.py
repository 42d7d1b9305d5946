"""Import and export of 100,000 contact persons: rows a second of CPU, and what the memory grows by.

Usage: .venv/bin/python -m benchmarks.exchange [ROWS]

Each row has a name, one of 5,000 firms, two addresses and a number; every hundredth is there twice. The import is
tried (dry run), carried out, exported as CSV and XLSX, taken back and done again.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch
from zoneinfo import ZoneInfo

from crm_tui.services import users
from crm_tui.services.exchange import export_rows, exports, import_plan, imports
from crm_tui.store import undo
from crm_tui.store.engine import Store
from crm_tui.store.work import Work

Answer = TypeVar("Answer")


def main(rows: int = 100_000) -> None:
    """Make the file and measure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        write(path, rows)
        store = Store(Path(folder) / "crm.db")
        actor = users.actor_of(users.current(store))
        with store.read() as connection:
            plan = import_plan.proposed(connection, "contacts", path, path.name).plan
        # What is imported but once (phone numbers, SQL) counts for nothing.
        imports.run(store, actor, small(Path(folder)), plan, dry_run=True)
        tried = told("dry run", rows, lambda: imports.run(store, actor, path, plan, dry_run=True))
        with held(store) as seconds:
            done = told("import", rows, lambda: imports.run(store, actor, path, plan))
        print(f"the store was held for {max(seconds):.2f} s of it")
        assert tried.counts() == done.counts()
        print(done.counts())
        told("export csv", done.new, lambda: export(store, Path(folder) / "out", "csv"))
        told("export xlsx", done.new, lambda: export(store, Path(folder) / "out", "xlsx"))
        told("undo", rows, lambda: undo.undo(store, actor))
        told("redo", rows, lambda: undo.redo(store, actor))
        store.close()


@contextmanager
def held(store: Store) -> Iterator[list[float]]:
    """For how long the store is held, by unit of work, in seconds of CPU."""
    seconds: list[float] = []
    real = store.work

    @contextmanager
    def watched(*given: Any, **named: Any) -> Iterator[Work]:
        begun = time.process_time()
        with real(*given, **named) as work:
            yield work
        seconds.append(time.process_time() - begun)

    with patch.object(store, "work", watched):
        yield seconds


def write(path: Path, rows: int) -> None:
    """The file."""
    with path.open("w", encoding="cp1251") as file:
        file.write("ФИО;Компания;Тел.;E-mail;E-mail 2;Примечание\n")
        for at in range(rows):
            one = at - 1 if at % 100 == 99 else at
            file.write(
                f"Иванов Пётр {one};ТОО Насос {one % 5000};+7 701 {one // 10000:03d} {one % 10000:04d};"
                f"p{one}@nasos.example;q{one}@home.example;просил звонить после обеда\n"
            )


def small(folder: Path) -> Path:
    """A few rows of the same."""
    path = folder / "small.csv"
    write(path, 10)
    return path


def export(store: Store, path: Path, file_format: str) -> int:
    """Write all contact persons."""
    with store.read() as connection:
        ids = export_rows.all_ids(connection, "contacts")
        found = export_rows.rows(connection, "contacts", ids, ZoneInfo("UTC"))
        return exports.write(path, file_format, export_rows.columns(connection, "contacts"), found)


def told(what: str, rows: int, act: Callable[[], Answer]) -> Answer:
    """Do it, and print what it took."""
    memory, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    answer = act()
    seconds = time.process_time() - begun
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    print(
        f"{what}: {seconds:.1f} s of CPU, {rows / seconds:,.0f} rows a second, memory +{grown:.0f} MB",
        flush=True,
    )
    return answer


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
