"""Search and lists on a large store: python -m benchmarks.search [LETTERS] [FOLDER]

Prints the median and the longest of seven runs in milliseconds, and what was found; at the end, for comparison, the
same word by ``LIKE``, which knows no word forms and reads every text.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

from sqlalchemy import Connection

from benchmarks.letters import FOLDERS, NEWEST, fill
from crm_tui.domain.query import parse
from crm_tui.store import files
from crm_tui.store.finding import search_letters, search_records

LINES = (
    "договор",
    "договорами поставки",
    "дог",
    "д",
    "invoice payment",
    '"invoice payment"',
    "ОБ-77",
    "from:user17",
    "subject:насосы",
    "is:unread",
    "договор is:important",
    "договор folder:archive",
    "договор is:unread folder:sent has:attachment",
    "договор after:2026-10-01",
    "договор before:2020-01-01",
    "-договор",
    "договор -поставка",
    "нетакогослова",
)
RUNS = 7
VECTOR = "SELECT id FROM placement WHERE folder_id = 1 AND deleted = 0 ORDER BY date_key DESC, id DESC"


def main(number: int, folder: Path) -> None:
    """Fill the store, ask, print."""
    began = time.perf_counter()
    store = fill(folder / "crm.db", number)
    seconds = time.perf_counter() - began
    print(f"{number} letters in {FOLDERS[0][0]} and others, {seconds:.0f} s to fill and index")
    print(f"store {store.path.stat().st_size / 1e6:.0f} MB, WAL {files.wal_bytes(store.path) / 1e6:.0f} MB")
    with store.read() as connection:
        for line in LINES:
            _row(line, lambda line=line: len(_search(connection, line)))  # type: ignore[misc]
        _row("records: насос", lambda: len(search_records(connection, "насос")))
        _row("first page by date", lambda: len(_rows(connection, VECTOR + " LIMIT 50")))
        _row("whole id vector", lambda: len(_rows(connection, VECTOR)))
        _row("LIKE %договор% (peer)", lambda: len(_rows(connection, _LIKE)))
    store.close()


_LIKE = (
    "SELECT p.id FROM letter_text t JOIN placement p ON p.letter_id = t.letter_id "
    "WHERE t.text LIKE '%договор%' ORDER BY p.date_key DESC LIMIT 200"
)


def _search(connection: Connection, line: str) -> "list[int]":
    return list(search_letters(connection, parse(line, NEWEST, UTC), limit=200))


def _rows(connection: Connection, statement: str) -> list[int]:
    return list(connection.exec_driver_sql(statement).scalars())


def _row(name: str, act: Callable[[], int]) -> None:
    found, times = 0, []
    for _ in range(RUNS):
        began = time.perf_counter()
        found = act()
        times.append((time.perf_counter() - began) * 1000)
    print(f"{name:<48}{statistics.median(times):>9.2f} ms {max(times):>9.2f} ms {found:>9}")


if __name__ == "__main__":
    letters = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    if len(sys.argv) > 2:
        main(letters, Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory(prefix="crm-search-") as name:
            main(letters, Path(name))
