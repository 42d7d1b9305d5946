"""A large store on a pty: 200,000 letters, 20,000 contact persons, 5,000 Interests (assurance row 33).

    .venv/bin/python -m benchmarks.large [--letters N] [--folder DIR]

Start, moving in each long list, search in each, and memory, held to row 33: start ≤ 2 s, scrolling p95 < 50 ms,
search p95 < 300 ms, RSS < 400 MB; beside it the processor time. It exits with 1 where one is missed. The store stays
in the folder for the next run.
"""

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, insert, select

from benchmarks import board
from benchmarks.screen import NEWEST, crm, home_of, reset, told
from crm_tui.store.engine import Store
from crm_tui.store.tables import Contact, ContactInfo, Interest, table_of

CONTACTS, INTERESTS = 20_000, 5_000
START_MS, SCROLL_MS, SEARCH_MS, MEMORY_MB = 2000, 50, 300, 400
SCROLLED = "down*60,pagedown*20"


@dataclass(frozen=True, slots=True)
class Place:
    """A long list: how to come to it, what is typed into its search."""

    name: str
    keys: str
    """What is pressed to come there, and to wait until it stands."""
    search: str


PLACES = (
    Place("Mail", "1,wait:1500", "насос"),
    Place("contact persons", "text:gC,wait:1500", "person 123"),
    Place("Interests", "4,wait:1500", "deal 49"),
)


def fill(store: Store) -> None:
    """Contact persons with address and number, customers, Interests with what their rows show; once."""
    contact, info = table_of(Contact), table_of(ContactInfo)
    with store.read() as connection:
        if connection.execute(select(func.count()).select_from(table_of(Interest))).scalar_one() >= INTERESTS:
            return
    board.fill(store, INTERESTS)
    with store.facts("fill") as work:
        made = {"created_at": work.now, "changed_at": work.now}
        work.connection.execute(
            insert(contact),
            [
                {
                    "name": f"Person {n} Ivanov", "name_fold": f"person {n} ivanov",
                    "customer_id": n % board.CUSTOMERS + 1, **made,
                }
                for n in range(CONTACTS)
            ],
        )  # fmt: skip
        ids = list(work.connection.scalars(select(contact.c.id)))
        rows = []
        for one in ids:
            of = {"owner_kind": "contact", "owner_id": one}
            rows.append(
                {**of, "kind": "email", "value": f"p{one}@firm.example", "normal": f"p{one}@firm.example"}
            )
            rows.append({**of, "kind": "mobile", "value": f"+7701{one:07d}", "normal": f"+7701{one:07d}"})
        work.connection.execute(insert(info), rows)
        work.touch(Contact, ids)


def measure(home: Path, size: str) -> bool:
    """Print one table; whether everything stayed within its budget."""
    reset(home, preview=False)
    start = crm(home, NEWEST, "wait:300", size, "xterm-256color")["start"]
    good = told("start to the letters, ms", start["until_ms"], START_MS)
    for place in PLACES:
        typed = f"/,wait:500,text:{place.search},wait:1500,esc,wait:500,esc,wait:500"
        keys = f"{place.keys},{SCROLLED},{typed}"
        reset(home, preview=False)
        found = crm(home, NEWEST, keys, size, "xterm-256color", "--quiet", "300")
        coming = len(place.keys.split(","))
        down, page = found["keys"][coming : coming + 2]
        letters = found["keys"][coming + 4]
        good &= told(f"{place.name}: down, p95 ms", down["last_ms"]["p95"], SCROLL_MS, down["cpu_ms"])
        good &= told(f"{place.name}: page down, p95 ms", page["last_ms"]["p95"], SCROLL_MS, page["cpu_ms"])
        good &= told(
            f"{place.name}: search, a letter typed, p95 ms",
            letters["last_ms"]["p95"],
            SEARCH_MS,
            letters["cpu_ms"],
        )
        good &= told(f"{place.name}: RSS, MB", found["peak_rss_mb"], MEMORY_MB)
    return good


def main() -> int:
    """Make the store and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=200_000)
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / f"crm-bench-{os.getuid()}"
    )
    options = parser.parse_args()
    options.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.pop("COLORTERM", None)
    home = home_of(options.folder, options.letters)
    store = Store(home / "data" / "crm.db")
    fill(store)
    store.close()
    good = True
    for size in ("120x40", "80x24"):
        reset(home, preview=False)
        print(
            f"\n{options.letters:,} letters, {CONTACTS:,} contact persons, {INTERESTS:,} Interests · {size}"
        )
        good &= measure(home, size)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
