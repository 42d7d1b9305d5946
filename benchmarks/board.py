"""The board of Interests over a pipeline of thousands, and a bulk move: python -m benchmarks.board [--interests N]

It makes a store of as many Interests as the corpus ``crm`` has deals (8,800, most of them closed), opens its board in
the program itself without a terminal, and holds it to the budgets of ``design/terminal.md``: first page ≤ 200 ms,
a key ≤ 30 ms (p95). A move of 500 cards is one journal entry, and one undo brings the store back. It says what it
measured, beside it the processor time alone, and exits with 1 where a budget is not met.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, insert, select
from textual.pilot import Pilot

from crm_tui.app import CrmApp
from crm_tui.screens.interest.interests import InterestsScreen
from crm_tui.services import users
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.ports import Ports
from crm_tui.store import undo
from crm_tui.store.engine import Store
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

SHARES = {"meeting": 6, "proposal": 6, "waiting": 6, "contract": 3, "control": 3, "won": 48, "lost": 28}
"""Of a hundred Interests so many stand in the state."""
CUSTOMERS = 400
MOVED = 500
FIRST_PAGE_MS, KEY_MS = 200.0, 30.0
KEYS = ("j", "k", "l", "h", "pagedown", "pageup", "end", "home")


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


Took = tuple[float, float]
"""Milliseconds by the clock, and of the processor."""


def ticks() -> Took:
    """Now."""
    return time.perf_counter() * 1000, time.process_time() * 1000


def since(begun: Took) -> Took:
    """What it took."""
    now = ticks()
    return now[0] - begun[0], now[1] - begun[1]


async def measure_board(ports: Ports, size: tuple[int, int]) -> tuple[Took, list[Took]]:
    """From the key to the board with its cards, and each key on it."""
    app = CrmApp(ports)
    async with app.run_test(size=size) as pilot:
        await pilot.press("4")
        await pilot.pause(1)
        screen = app.screen
        assert isinstance(screen, InterestsScreen)
        screen.cards.closed = True
        begun = ticks()
        await pilot.press("v")
        while screen.board.current_id is None:
            await pilot.pause(0.001)
        await pilot.pause()
        first = since(begun)
        return first, [await pressed(pilot, key) for key in KEYS * 25]


async def pressed(pilot: Pilot[int], key: str) -> Took:
    """From a key until it is drawn."""
    begun = ticks()
    await pilot.press(key)
    await pilot.pause()
    return since(begun)


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
    parser.add_argument("--interests", type=int, default=8800)
    options = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory(prefix="crm-board-") as folder:
        store = Store(Path(folder) / "crm.db")
        fill(store, options.interests)
        user = users.current(store)
        for size in ((120, 40), (80, 24)):
            ports = Ports(store, users.actor_of(user))
            first, keys = asyncio.run(measure_board(ports, size))
            clock, processor = ([took[place] for took in keys] for place in (0, 1))
            p95, p95_processor = (statistics.quantiles(one, n=20)[-1] for one in (clock, processor))
            print(
                f"{size[0]}x{size[1]}: first page {first[0]:.0f} ms (≤ {FIRST_PAGE_MS:.0f}; processor "
                f"{first[1]:.0f}), a key {statistics.median(clock):.1f} ms, p95 {p95:.1f} ms "
                f"(≤ {KEY_MS:.0f}; processor {p95_processor:.1f})"
            )
            good &= first[0] <= FIRST_PAGE_MS and p95 <= KEY_MS
        move_ms, undo_ms, whole = measure_move(store)
        print(
            f"{MOVED} cards moved in {move_ms:.0f} ms, undone in {undo_ms:.0f} ms, one entry, all back: {whole}"
        )
        store.close()
    return 0 if good and whole else 1


if __name__ == "__main__":
    sys.exit(main())
