"""Row 45: 1,000 Interests get another owner; killed in the middle, all of them have the old one, or all the new."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select

from crm_tui.services.interest import interests, scenarios
from crm_tui.services.record import bulk
from crm_tui.store import health
from crm_tui.store.engine import Store
from crm_tui.store.tables import Interest, JournalEntry, User, table_of
from crm_tui.store.undo import undo
from crm_tui.store.work import Actor, Work
from tests.corpora import ROOT
from tests.stores import TestClock, new_store

COUNT, KILLED = 1000, 2
ME = Actor("me", 1)


def owners(store: Store) -> Counter[int]:
    with store.read() as connection:
        return Counter(connection.execute(select(table_of(Interest).c.owner_id)).scalars())


def act(path: str) -> None:
    """In a process of its own: it says after which record it is."""
    store = Store(Path(path))
    give = bulk.give("interest", 2)

    def told(work: Work, record_id: int) -> None:
        give(work, record_id)
        os.write(1, b".")

    with store.work(ME, "interest.owner") as work:
        bulk.each(work, range(1, COUNT + 1), told)
    os.write(1, b"!")


def test_a_bulk_act_killed_in_the_middle_leaves_no_half(tmp_path: Path) -> None:
    store = new_store(tmp_path, TestClock())
    with store.facts("setup") as work:
        scenarios.ensure_shipped(work)
        for login in ("one", "two"):
            work.add(User(login=login, name=login))
        for number in range(COUNT):
            interests.add(work, f"Interest {number}", owner_id=1)
    path = tmp_path / "crm.db"
    store.close()
    dice = random.Random(45)
    program = "import sys; from tests.assurance.test_assurance_45_bulk import act; act(sys.argv[1])"
    for _round in range(KILLED):
        child = subprocess.Popen([sys.executable, "-c", program, str(path)], cwd=ROOT, stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.read(dice.randrange(1, COUNT // 2))
        child.send_signal(signal.SIGKILL)
        child.communicate()
        assert not health.check(path)
        store = Store(path)
        assert owners(store) == {1: COUNT}
        store.close()
    store = Store(path)
    with store.work(ME, "interest.owner") as work:
        outcome = bulk.each(work, range(1, COUNT + 2), bulk.give("interest", 2))
    assert len(outcome.done) == COUNT
    assert [error.code for error in outcome.failed.values()] == ["no_such_record"]
    assert owners(store) == {2: COUNT}
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(table_of(JournalEntry))).scalar_one() == 1
    undo(store, ME)
    assert owners(store) == {1: COUNT}
    store.close()
