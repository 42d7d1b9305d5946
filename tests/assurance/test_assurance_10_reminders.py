"""Row 10: each reminder fires exactly once, within five seconds of its time or of the wake, and none is lost."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crm_tui.services import users
from crm_tui.services.task import reminder_answers, reminders, tasks
from crm_tui.services.task.reminder_clock import ReminderClock
from crm_tui.store.engine import Store
from crm_tui.store.tables import Reminder
from tests.stores import TestClock, lay, new_store

SESSIONS = 4
WITHIN = timedelta(seconds=5)


class Session:
    """What a running program does of this: a look every second, claims when it is time, a popup that is seen."""

    def __init__(self, path: Path, clock: TestClock, user_id: int) -> None:
        self.store = Store(path, clock)
        self.clock = ReminderClock(self.store, user_id)

    def tick(self) -> list[int]:
        self.store.feed.poll()
        if "reminder" in self.store.feed.drain():
            self.clock.ledger_changed()
        if not self.clock.is_time():
            return []
        fired = [due.id for due in self.clock.claim()]
        with self.store.facts("reminder.seen") as work:
            reminders.seen(work, fired)
        return fired


class Person:
    """A person with up to four sessions, whose machine sleeps, dies and has its clock set."""

    def __init__(self, path: Path, clock: TestClock, chance: random.Random) -> None:
        self.path, self.clock, self.chance = path, clock, chance
        store = Store(lay(path), clock)
        user = users.current(store, zone="Asia/Almaty")
        self.user_id, self.actor = user.key, users.actor_of(user)
        store.close()
        self.sessions: list[Session] = []
        self.fired: Counter[int] = Counter()
        self.expected: Counter[int] = Counter()

    def start(self) -> None:
        self.sessions = [Session(self.path, self.clock, self.user_id) for _ in range(SESSIONS)]

    def stop(self) -> None:
        for session in self.sessions:
            session.store.close()
        self.sessions = []

    def plan(self, due_at: datetime) -> None:
        """Another task with a reminder, written down in any of the sessions."""
        with self.chance.choice(self.sessions).store.work(self.actor, "task.add") as work:
            task = tasks.add(
                work, "Call", assignee_id=self.user_id, due_at=due_at + tasks.REMIND_BEFORE
            )  # fmt: skip
            (reminder,) = work.all(Reminder, subject_kind="task", subject_id=task.key)
            assert reminder.due_at == due_at
            self.expected[reminder.key] += 1

    def snooze(self) -> None:
        """One that has fired is put off by ten minutes: it is to fire once more."""
        there = [key for key, times in self.fired.items() if times == self.expected[key]]
        if there:
            chosen = self.chance.choice(there)
            with self.sessions[0].store.work(self.actor, "reminder.snooze") as work:
                reminder_answers.snooze(work, [chosen], work.now + timedelta(minutes=10))
            self.expected[chosen] += 1

    def look_around(self) -> None:
        """Every session looks, in any order: afterwards nothing is left that was due."""
        for session in self.chance.sample(self.sessions, SESSIONS):
            self.fired.update(session.tick())
        assert not self.left(), "due, and not fired"

    def left(self) -> list[int]:
        with self.sessions[0].store.facts("look") as work:
            return [one.key for one in work.all(Reminder, fired_at=None) if one.due_at <= self.clock.now]


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def person(tmp_path: Path, clock: TestClock, request: pytest.FixtureRequest) -> Iterator[Person]:
    path = tmp_path / "data" / "crm.db"
    new_store(path.parent, clock).close()
    made = Person(path, clock, random.Random(getattr(request, "param", 10)))
    made.start()
    yield made
    made.stop()


def jump(**by: float) -> Callable[[Person], None]:
    def jumped(person: Person) -> None:
        person.clock.move(**by)

    return jumped


def down(person: Person) -> None:
    """All programs end, and are started two hours later."""
    person.stop()
    person.clock.move(hours=2)
    person.start()


EVENTS = {
    "sleep": jump(hours=8),
    "hour on": jump(hours=1),
    "hour back": jump(hours=-1),
    "down": down,
    "snooze": Person.snooze,
}


@pytest.mark.parametrize("person", [1, 2, 3], indirect=True)
def test_assurance_10_once_whatever_the_clock_does(person: Person, figure: Callable[[str], None]) -> None:
    chance, begin = person.chance, person.clock.now
    for _ in range(40):
        person.plan(begin + timedelta(seconds=chance.randint(1, 12 * 3600)))
    for _ in range(150):
        happening = chance.choice([*EVENTS, *["tick"] * 15])
        if happening == "tick":
            person.clock.move(seconds=chance.choice([1, 1, 2, 4, 60]))
        else:
            EVENTS[happening](person)
        if chance.random() < 0.1:
            person.plan(person.clock.now + timedelta(seconds=chance.randint(-60, 3600)))
        person.look_around()
    person.clock.move(hours=48)
    person.look_around()
    assert person.fired == person.expected
    figure(
        f"{person.fired.total()} firings in {SESSIONS} sessions, each once, at the first look after its time"
    )


@pytest.mark.parametrize("event", ["sleep", "hour on", "hour back", "down"])
def test_assurance_10_nothing_is_lost_or_doubled_by_a_jump(person: Person, event: str) -> None:
    begin = person.clock.now
    for minutes in (5, 30, 65, 120, 480, 600):
        person.plan(begin + timedelta(minutes=minutes))
    person.clock.move(minutes=31)
    person.look_around()
    before = person.fired.copy()
    assert before.total() == 2
    EVENTS[event](person)
    person.clock.move(seconds=WITHIN.total_seconds())
    person.look_around()
    now = person.clock.now
    due = sum(begin + timedelta(minutes=minutes) <= now for minutes in (5, 30, 65, 120, 480, 600))
    assert person.fired.total() == max(2, due)
    assert set(person.fired.values()) == {1}


def test_assurance_10_four_at_the_same_moment(person: Person) -> None:
    for number in range(20):
        person.plan(person.clock.now + timedelta(seconds=number))
    person.clock.move(hours=1)
    together = threading.Barrier(SESSIONS)
    fired: list[list[int]] = []

    def look(session: Session) -> None:
        together.wait()
        fired.append(session.tick())

    threads = [threading.Thread(target=look, args=(session,)) for session in person.sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(key for some in fired for key in some) == person.expected


def test_assurance_10_a_session_that_dies_with_its_popup_is_stood_in_for(person: Person) -> None:
    person.plan(person.clock.now + timedelta(seconds=1))
    person.clock.move(seconds=1)
    (claimed,) = person.sessions[0].clock.claim()
    assert [session.tick() for session in person.sessions[1:]] == [[], [], []]
    person.clock.move(seconds=reminders.CLAIM_LEASE.total_seconds() + 30)
    fired = [key for session in person.sessions[1:] for key in session.tick()]
    assert fired == [claimed.id]
    assert [session.tick() for session in person.sessions] == [[], [], [], []]


def test_assurance_10_is_of_one_person_only(person: Person) -> None:
    person.plan(person.clock.now + timedelta(seconds=1))
    person.clock.move(seconds=1)
    with person.sessions[0].store.facts("another") as work:
        other = users.ensure(work, "other")
    assert reminders.claim_due(person.sessions[1].store, other.key, "there") == []
    person.look_around()
    assert person.fired == person.expected
