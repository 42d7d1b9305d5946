"""The record list on a pty: time and bytes a key, at 100,000 and 1,000,000 rows, by our driver and by Textual's.

    .venv/bin/python benchmarks/list.py [--rows N …]

It makes a table of N rows in a temporary folder and measures with ``../shared/tools/ttyprobe.py`` against the budgets
of ``design/terminal.md``: key down p50 6 ms, p95 16 ms, 60 bytes, scrolling 300 bytes, page down 4.6 KB, idle 0.
"""

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from crm_tui.widgets.row_source import Column, Order, Row, RowFlag  # noqa: E402

PROBE = ROOT.parent / "shared" / "tools" / "ttyprobe.py"
# what is pressed, and the budget it is held to: p50 and p95 of the last byte in ms, bytes
STEPS = (
    ("down*30", "cursor down", 6.0, 16.0, 60),
    ("down*60", "down, scrolling", 6.0, 16.0, 300),
    ("pagedown*20", "page down", None, None, 4600),
    ("end", "end", None, None, None),
    ("home", "home", None, None, None),
    ("s", "sort by subject", 100.0, None, None),
    ("wait:1500", "the rest of the vector", None, None, None),
    ("wait:3000", "3 s idle", None, None, 0),
)
WORDS = (
    "договор",
    "счёт",
    "поставка",
    "встреча",
    "offer",
    "invoice",
    "delivery",
    "contract",
    "нарада",
    "шот",
)
ORDERS = {"date": "date", "sender": "sender", "subject": "subject"}


class Letters:
    """Rows of the generated table."""

    columns = (
        Column("date", "Date", width=12),
        Column("sender", "From", width=22, drop=2),
        Column("subject", "Subject", flex=1, min_width=20),
        Column("size", "Size", width=6, align="right", drop=1, sortable=False),
    )

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection = self._open()

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        found = self._connection.execute(f"SELECT id {self._tail(order)} LIMIT ?", (limit,)).fetchall()
        return list(self.rows([row[0] for row in found]).values())

    def ids(self, order: Order, needle: str) -> "array[int]":
        connection = self._open()
        try:
            return array("q", (row[0] for row in connection.execute(f"SELECT id {self._tail(order)}")))
        finally:
            connection.close()

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        marks = ",".join("?" * len(ids))
        query = f"SELECT id, date, sender, subject, size, unread FROM letter WHERE id IN ({marks})"
        found = {row[0]: row for row in self._connection.execute(query, tuple(ids))}
        return {row_id: self._row(*found[row_id]) for row_id in ids if row_id in found}

    def _row(self, row_id: int, date: int, sender: str, subject: str, size: int, unread: int) -> Row:
        day = f"{date % 28 + 1:02} Nov {date // 60 % 24:02}:{date % 60:02}"
        return Row(row_id, (day, sender, subject, f"{size}K"), RowFlag.UNREAD if unread else RowFlag.NONE)

    def _tail(self, order: Order) -> str:
        way = "DESC" if order.descending else "ASC"
        return f"FROM letter ORDER BY {ORDERS[order.column]} {way}, id {way}"

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, check_same_thread=False)


def generate(path: Path, rows: int) -> None:
    """A table of letters, the same every time."""
    chance = random.Random(rows)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("CREATE TABLE letter (id INTEGER PRIMARY KEY, date, sender, subject, size, unread)")
    connection.executemany(
        "INSERT INTO letter VALUES (?, ?, ?, ?, ?, ?)",
        (
            (
                number,
                number * 7,
                f"{chance.choice(WORDS).title()} {number % 997}",
                " ".join(chance.choices(WORDS, k=chance.randint(3, 9))),
                chance.randint(1, 400),
                chance.random() < 0.15,
            )
            for number in range(1, rows + 1)
        ),
    )
    for column in ORDERS.values():
        connection.execute(f"CREATE INDEX letter_{column} ON letter ({column}, id)")
    connection.commit()
    connection.close()


def show(path: str, driver: str) -> None:
    """The program under the probe: the list and nothing else."""
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    from textual.app import App
    from textual.binding import Binding

    from crm_tui.widgets import strip_guard
    from crm_tui.widgets.driver import driver_class
    from crm_tui.widgets.record_list import RecordList

    class ListOnly(App[None]):
        ENABLE_COMMAND_PALETTE = False
        BINDINGS = [
            Binding(key, f"do('{method}')", show=False)
            for key, method in (
                ("down", "cursor_down"),
                ("up", "cursor_up"),
                ("pagedown", "page_down"),
                ("pageup", "page_up"),
                ("home", "home"),
                ("end", "end"),
                ("space", "toggle_mark"),
            )
        ] + [Binding("s", "sort", show=False), Binding("q", "quit", show=False)]

        def compose(self):
            yield RecordList(Letters(path), Order("date", descending=True))

        def action_do(self, method: str) -> None:
            getattr(self.query_one(RecordList), method)()

        def action_sort(self) -> None:
            self.query_one(RecordList).sort_by("subject")

    strip_guard.install()
    ListOnly(driver_class=driver_class(driver), ansi_color=True).run()


def measure(path: Path, driver: str, size: str) -> dict[str, Any]:
    """One run of the probe."""
    program = [sys.executable, __file__, "--show", str(path), "--driver", driver]
    keys = ",".join(step[0] for step in STEPS)
    command = [sys.executable, str(PROBE), "--json", "--size", size, "--until", "Subject", "--keys", keys]
    done = subprocess.run([*command, "--", *program], capture_output=True, text=True, check=True, timeout=300)
    return json.loads(done.stdout)


def report(rows: int, wire: dict[str, Any], stock: dict[str, Any]) -> None:
    """One table: our driver, its budget, and how many times more Textual's own driver sends."""
    start = wire["start"]
    print(f"\n{rows:,} rows · list visible after {start['until_ms']:.0f} ms, {start['bytes']} bytes", end="")
    print(f" · peak RSS {wire['peak_rss_mb']} MB (Textual's driver: {stock['peak_rss_mb']} MB)")
    print(f"{'':24}{'p50 ms':>8}{'p95 ms':>8}{'bytes':>8}{'budget':>18}{'stock bytes':>13}{'ratio':>7}  ")
    for (_, title, p50, p95, size), ours, theirs in zip(STEPS, wire["keys"], stock["keys"], strict=True):
        middle, late, sent = ours["last_ms"]["p50"], ours["last_ms"]["p95"], ours["bytes"]["p50"]
        budget = " / ".join("-" if limit is None else f"{limit:g}" for limit in (p50, p95, size))
        pairs = ((middle, p50), (late, p95), (sent, size))
        kept = all(limit is None or value is None or value <= limit for value, limit in pairs)
        times = "".join(f"{'-' if value is None else format(value, '.1f'):>8}" for value in (middle, late))
        ratio = f"{theirs['bytes']['p50'] / sent:.1f}" if sent else "-"
        verdict = "" if kept else "  over budget"
        print(f"{title:24}{times}{sent:>8}{budget:>18}{theirs['bytes']['p50']:>13}{ratio:>7}{verdict}")


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="The record list on a pty: time and bytes a key.")
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--size", default="120x40")
    parser.add_argument("--show", metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("--driver", default="wire", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.show:
        show(options.show, options.driver)
        return 0
    if not PROBE.exists():
        print(f"{PROBE} is not there", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as folder:
        for rows in options.rows:
            path = Path(folder) / f"{rows}.db"
            generate(path, rows)
            report(rows, *(measure(path, driver, options.size) for driver in ("wire", "stock")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
