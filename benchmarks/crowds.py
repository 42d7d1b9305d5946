"""500 reminders, a month of 5,000 events, 100,000 customers on a pty: python -m benchmarks.crowds

Held to the budgets of ``design/terminal.md``: first page ≤ 200 ms, a key ≤ 30 ms (p95). The first page is measured at
the first visit, which loads what the screen needs, and at later ones. The store is made anew, since events stand in
the month of today. It says what it measured, beside it the processor time of one key, and exits with 1 where a
budget is missed.
"""

import os
import random
import statistics
import sys
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, select

from benchmarks.screen import READY, crm, told
from crm_tui.services import users
from crm_tui.services.session import StoredSession
from crm_tui.store.engine import Store
from crm_tui.store.tables import Customer, Event, Reminder, Task, table_of

CUSTOMERS, EVENTS, REMINDERS = 100_000, 5_000, 500
DAYS = 31
FIRST_PAGE_MS, KEY_MS = 200.0, 30.0
SIZES = (("120x40", "xterm-256color"), ("80x24", "vt220"))
CITIES = ("Алматы", "Астана", "Караганда", "Шымкент", "Атырау", "Актобе")
VISITS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """What is crowded, how to come to it and away again, and what is pressed there."""

    name: str
    coming: str
    going: str
    keys: tuple[str, ...]


MOVES = ("down*60", "pagedown*20", "pageup*10", "up*30", "end*3", "home*3")
PLACES = (
    Place("customers", "g,c", "1", MOVES),
    Place("calendar", "3", "1", ("down*60", "l*10", "h*10", "L*4", "H*4", "v", *MOVES, "v")),
    Place("reminders", "ctrl+g", "esc", (*MOVES, "space*20")),
)


def fill(store: Store) -> None:
    """Customers, events of a month around today, and fired reminders of tasks, in bulk."""
    user, chance = users.current(store), random.Random(20261122)
    with store.facts("fill") as work:
        now = work.now
        made = {"created_at": now, "changed_at": now}
        work.connection.execute(
            insert(table_of(Customer)),
            [
                {
                    "name": f"ТОО Насос {number}", "name_fold": f"тоо насос {number}",
                    "city": chance.choice(CITIES), **made,
                }
                for number in range(CUSTOMERS)
            ],
        )  # fmt: skip
        events = []
        for number in range(EVENTS):
            days, minutes = chance.randrange(DAYS) - DAYS // 2, 15 * chance.randrange(32, 72)
            start = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days, minutes=minutes)
            events.append(
                {
                    "uid": f"{number}@benchmark", "summary": f"Встреча {number}", "location": "Офис",
                    "dtstart": start.replace(tzinfo=None), "dtend": (start + timedelta(hours=1)).replace(tzinfo=None),
                    "zone": "UTC", "starts_at": start, "until_at": start + timedelta(hours=1),
                    "exdates": [], "reminder_minutes": None, "owner_id": user.key, **made,
                }
            )  # fmt: skip
        work.connection.execute(insert(table_of(Event)), events)
        tasks = [
            {"title": f"Позвонить {n}", "title_fold": f"позвонить {n}", "assignee_id": user.key, **made}
            for n in range(REMINDERS)
        ]
        work.connection.execute(insert(table_of(Task)), tasks)
        reminders = []
        for task in work.connection.scalars(select(table_of(Task).c.id)):
            due = now - timedelta(minutes=chance.randrange(60 * 24 * 20))
            reminders.append(
                {
                    "user_id": user.key, "subject_kind": "task", "subject_id": task, "occurrence": "",
                    "text": f"Позвонить {task}", "due_at": due, "subject_at": due,
                    "fired_at": now, "fired_by": "benchmark", "seen_at": now, "snoozes": 0,
                }
            )  # fmt: skip
        work.connection.execute(insert(table_of(Reminder)), reminders)
    StoredSession(store, user.key).save("app", {"mode": "mail"})


def measure(home: Path, place: Place, size: str, term: str) -> bool:
    """Print from the key to the first page, at the first visit and later, and each key; whether all are in time."""
    visit = f"{place.coming},wait:1500,{place.going},wait:700"
    pressed = ["wait:4000", *([visit] * VISITS), place.coming, "wait:1500", *place.keys]
    found = crm(home, READY, ",".join(pressed), size, term, "--quiet", "150")["keys"]
    steps, last = len(visit.split(",")), len(place.coming.split(",")) - 1
    visits = [found[1 + steps * number + last] for number in range(VISITS)]
    name = f"{size} {term}: {place.name}"
    first, *later = (one["last_ms"]["p50"] for one in visits)
    good = told(f"{name}, first page, ms", first, FIRST_PAGE_MS, visits[0]["cpu_ms"])
    good &= told(f"{name}, again", statistics.median(later), FIRST_PAGE_MS, visits[1]["cpu_ms"])
    for one in found[-len(place.keys) :]:
        if one["last_ms"]["p95"] is not None:
            good &= told(f"{name}, {one['key']}, p95", one["last_ms"]["p95"], KEY_MS, one["cpu_ms"])
    return good


def main() -> int:
    """Make the store and measure."""
    os.environ.pop("COLORTERM", None)
    with tempfile.TemporaryDirectory(prefix="crm-crowds-") as scratch:
        home = Path(scratch)
        (home / "data").mkdir(mode=0o700)
        store = Store(home / "data" / "crm.db")
        fill(store)
        store.close()
        found = [measure(home, place, size, term) for size, term in SIZES for place in PLACES]
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main())
