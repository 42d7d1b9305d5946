"""The board of Interests over a pipeline of thousands, and a bulk move: python -m benchmarks.board [--interests N]

It imports the deals of the corpus ``crm`` (8,800, most of them closed), opens their board in the program itself on a
pty (closed ones shown), and holds it to the budgets of ``design/terminal.md``: first page ≤ 200 ms, a key ≤ 30 ms
(p95). In a store of as many Interests made up, a move of 500 cards is one journal entry, and one undo brings the
store back. It says what it measured, beside it the processor time of one key, and exits with 1 where a budget is
missed.
"""

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from benchmarks.screen import crm, told
from crm_tui.services import users
from crm_tui.services.exchange import import_plan, imports
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.session import StoredSession
from crm_tui.store import undo
from crm_tui.store.engine import Store
from crm_tui.store.queries import interests as interests_read
from crm_tui.store.tables import (
    Customer,
    Interaction,
    Interest,
    JournalEntry,
    Scenario,
    State,
    StateChange,
    Task,
    table_of,
)
from tests.corpora import folder

SHARES = {"meeting": 6, "proposal": 6, "waiting": 6, "contract": 3, "control": 3, "won": 48, "lost": 28}
"""Of a hundred Interests so many stand in the state."""
CUSTOMERS = 400
MOVED = 500
FIRST_PAGE_MS, KEY_MS = 200.0, 30.0
SIZES = (("120x40", "xterm-256color"), ("80x24", "vt220"))
KEYS = ("j*30", "k*10", "l*3", "h*3", "pagedown*20", "pageup*10", "end*3", "home*3")


def fill(store: Store, count: int) -> None:
    """Customers and Interests with what their cards show, in bulk: the verbs are measured elsewhere."""
    user, chance = users.current(store), random.Random(20261122)
    with store.facts("fill") as work:
        scenarios.ensure_shipped(work)
        scenario = scenarios.by_code(work, "sale")
        states = {one.code: one for one in work.all(State, scenario_id=scenario.key)}
        now, connection = work.now, work.connection
        connection.execute(
            insert(table_of(Customer)),
            [
                {"name": f"Customer {n}", "name_fold": f"customer {n}", "created_at": now, "changed_at": now}
                for n in range(CUSTOMERS)
            ],
        )
        rows = []
        for number in range(count):
            state = states[chance.choices(list(SHARES), list(SHARES.values()))[0]]
            since = now - timedelta(hours=chance.randrange(24 * 400))
            rows.append(
                {
                    "name": f"Deal {number} of pumps and valves",
                    "name_fold": f"deal {number} of pumps and valves",
                    "scenario_id": scenario.key,
                    "state_id": state.key,
                    "customer_id": chance.randrange(CUSTOMERS) + 1,
                    "owner_id": user.key,
                    "amount_minor": chance.randrange(10_000, 90_000_000),
                    "currency": chance.choice(("USD", "KZT")),
                    "state_since": since,
                    "closed_at": None if state.outcome == "open" else since,
                    "created_at": since,
                    "changed_at": since,
                }
            )
        connection.execute(insert(table_of(Interest)), rows)
        ids = list(connection.scalars(select(table_of(Interest).c.id)))
        base = {"created_at": now, "changed_at": now}
        connection.execute(
            insert(table_of(Task)),
            [
                {
                    "title": "Call", "title_fold": "call", "assignee_id": user.key, "interest_id": one,
                    "due_at": now + timedelta(hours=chance.randrange(-100, 500)), **base,
                }
                for one in chance.sample(ids, len(ids) // 5)
            ],
        )  # fmt: skip
        connection.execute(
            insert(table_of(Interaction)),
            [
                {
                    "kind": "call", "status": "held", "interest_id": one,
                    "starts_at": now - timedelta(hours=chance.randrange(9000)), **base,
                }
                for one in chance.choices(ids, k=2 * len(ids))
            ],
        )  # fmt: skip
        work.touch(Interest, ids)


def pipeline(home: Path) -> None:
    """The deals of the corpus ``crm`` in a store of their own, as the import brings them; once."""
    path = home / "sales_pipeline.csv"
    if path.exists():
        return
    (home / "data").mkdir(mode=0o700, parents=True)
    store = Store(home / "data" / "crm.db")
    me = users.actor_of(users.current(store))
    given = folder("crm") / "crm-sales-opportunities" / path.name
    with store.work(me, "scenario.add") as work:
        scenarios.ensure_shipped(work)
        scenarios.add(work, "Pipeline", ["Prospecting", "Engaging"])
    with store.read() as connection:
        plan = import_plan.proposed(connection, "interests", given, given.name).plan
    print(imports.run(store, me, given, replace(plan, fixed={"scenario": "Pipeline"})).counts())
    store.close()
    shutil.copyfile(given, path)


def show_list(home: Path) -> None:
    """Interests as the list, closed ones too; the board will be that of the deals."""
    store = Store(home / "data" / "crm.db")
    session = StoredSession(store, users.current(store).key)
    with store.read() as connection:
        (deals,) = (key for key, _code, name in interests_read.scenarios(connection) if name == "Pipeline")
    session.save("InterestsScreen", {"scenario": deals, "closed": True})
    session.save("app", {"mode": "interests"})
    store.close()


def measure_board(home: Path, size: str, term: str) -> bool:
    """Print from the key to the board with its cards, and each key on it; whether both are within the budget."""
    show_list(home)
    keys = ["wait:4000", *(["v", "wait:700"] * 9), *KEYS]
    found = crm(home, "Interest", ",".join(keys), size, term, "--quiet", "100")["keys"]
    opened = found[1:19:4]  # the others show the list again
    name = f"{size} {term}"
    first = statistics.median(one["last_ms"]["p50"] for one in opened)
    good = told(f"{name}: first page, ms", first, FIRST_PAGE_MS, opened[0]["cpu_ms"])
    for one in found[-len(KEYS) :]:
        if one["last_ms"]["p95"] is not None:
            what = f"{name}: {one['key']}, p95 ms"
            good &= told(what, one["last_ms"]["p95"], KEY_MS, one["cpu_ms"])
    return good


def measure_move(store: Store) -> tuple[float, float, bool]:
    """Milliseconds of a move of many and of its undo; whether it was one entry, and everything is back."""
    actor = users.actor_of(users.current(store))
    interest, entry, change = table_of(Interest), table_of(JournalEntry), table_of(StateChange)

    def seen() -> tuple[list[object], int]:
        with store.read() as connection:
            rows = connection.execute(select(interest).order_by(interest.c.id)).all()
            return [tuple(row) for row in rows], connection.scalar(
                select(func.count()).select_from(change)
            ) or 0

    with store.facts("look") as work:
        scenario = work.all(Scenario, code="sale")[0]
        source, target = (
            scenarios.state_by_code(work, scenario.key, code) for code in ("proposal", "waiting")
        )
        chosen = [one.key for one in work.all(Interest, state_id=source.key, limit=MOVED)]
        before_entries = work.connection.scalar(select(func.count()).select_from(entry)) or 0
    before = seen()
    begun = time.perf_counter()
    with store.work(actor, "interest.change_state") as work:
        moved = interests.move_many(work, chosen, target.key, "the price is agreed", short_status="agreed")
    move_ms = (time.perf_counter() - begun) * 1000
    with store.read() as connection:
        entries = connection.scalar(select(func.count()).select_from(entry)) or 0
    begun = time.perf_counter()
    undo.undo(store, actor)
    undo_ms = (time.perf_counter() - begun) * 1000
    one = entries == before_entries + 1 and len(moved.changes) == len(chosen) == MOVED
    return move_ms, undo_ms, one and seen() == before


def main() -> int:
    """Measure and say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interests", type=int, default=8800, help="of the store for the move")
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / f"crm-bench-{os.getuid()}"
    )
    options = parser.parse_args()
    options.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.pop("COLORTERM", None)
    home = options.folder / "home-board"
    pipeline(home)
    found = [measure_board(home, size, term) for size, term in SIZES]
    good = all(found)
    with tempfile.TemporaryDirectory(prefix="crm-board-") as scratch:
        store = Store(Path(scratch) / "crm.db")
        fill(store, options.interests)
        move_ms, undo_ms, whole = measure_move(store)
        print(
            f"{MOVED} cards moved in {move_ms:.0f} ms, undone in {undo_ms:.0f} ms, one entry, all back: {whole}"
        )
        store.close()
    return 0 if good and whole else 1


if __name__ == "__main__":
    sys.exit(main())
