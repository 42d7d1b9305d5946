"""The daemon beside the screens: of both exactly one reminds (L-24, assurance 10)."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from crm_tui.services import users
from crm_tui.services.task import reminders, tasks
from crm_tui.services.task.reminder_clock import ReminderClock
from crm_tui.services.task.reminders import CLAIM_LEASE, Due
from crm_tui.store.engine import Store
from crm_tui.sync.reminding import PATIENCE, tell_due
from tests.stores import TestClock, new_store


def test_assurance_10_l_24_screens_go_first_and_nobody_reminds_twice(tmp_path: Path) -> None:
    clock = TestClock()
    screen = new_store(tmp_path, clock)
    daemon = Store(tmp_path / "crm.db", clock)
    me = users.current(screen).key
    with screen.work(users.actor_of(users.current(screen)), "setup") as work:
        for number in range(4):
            task = tasks.add(work, f"task {number}", assignee_id=me)
            due_at = work.now + timedelta(minutes=number)
            reminders.schedule(
                work, user_id=me, subject_kind="task", subject_id=task.key, text=task.title, due_at=due_at,
                subject_at=due_at,
            )  # fmt: skip
    told: list[str] = []
    hears = True

    def tell(due: Sequence[Due]) -> bool:
        told.extend(one.text for one in due)
        return hears

    of_screen, of_daemon = ReminderClock(screen, me), ReminderClock(daemon, me, PATIENCE)

    def look() -> None:
        of_daemon.ledger_changed()
        tell_due(daemon, of_daemon, tell)

    # While a screen is open it is the screen that reminds.
    look()
    assert told == []
    assert [one.text for one in of_screen.claim()] == ["task 0"]
    clock.move(seconds=PATIENCE.total_seconds())
    look()
    assert told == []
    # It is closed: the daemon does, within five seconds.
    clock.move(minutes=1)
    look()
    look()
    assert told == ["task 1"]
    assert [one.text for one in of_screen.claim()] == []
    # What the screen claimed and nobody saw is told, too, and what nobody heard, again.
    hears = False
    clock.move(seconds=CLAIM_LEASE.total_seconds())
    look()
    look()
    assert told == ["task 1", "task 0", "task 2", "task 3"]
    hears = True
    clock.move(seconds=CLAIM_LEASE.total_seconds() + 1)
    look()
    look()
    assert sorted(told[4:]) == ["task 0", "task 2", "task 3"]
    daemon.close()
    screen.close()
