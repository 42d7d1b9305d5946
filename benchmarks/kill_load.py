"""What the program does until it is killed, and what is looked at afterwards: the children of ``benchmarks.kill``."""

import itertools
import random
import threading
from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import IntegrityError

from crm_tui.domain.clock import utc_now
from crm_tui.domain.errors import CrmError
from crm_tui.services import users
from crm_tui.services.account import accounts
from crm_tui.services.event import calendar
from crm_tui.services.inquiry import inquiries
from crm_tui.services.inquiry.inquiries import Acceptance
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.letter import mail
from crm_tui.services.task import reminders, tasks
from crm_tui.store import health
from crm_tui.store.engine import Store
from crm_tui.store.tables import (
    Folder,
    Inquiry,
    Interaction,
    Interest,
    JournalEntry,
    Letter,
    LetterLink,
    Outbox,
    Placement,
    Reminder,
    State,
    Task,
    User,
    table_of,
)
from crm_tui.store.undo import redo, undo
from crm_tui.store.work import Actor, Work
from crm_tui.sync import scheduler
from crm_tui.sync.accounts import sync_once
from crm_tui.sync.credentials import Credentials
from crm_tui.sync.outbox import send_due
from crm_tui.sync.scheduler import Scheduler
from crm_tui.sync.vault import Vault
from tests.calls import log_call

ROUND = timedelta(minutes=20)
"""The clock goes on by so much from kill to kill: longer than a claim of the outbox holds."""
_never = threading.Event()


def opened(path: Path, round_no: int) -> Store:
    """The store as the program of this round opens it."""
    return Store(path, lambda: utc_now() + round_no * ROUND)


def prepare(path: Path, address: str, imap_port: int, smtp_port: int) -> None:
    """A person, the shipped scenarios, an account whose letters come from loopback."""
    store = opened(path, 0)
    user = users.current(store)
    with store.facts("prepare") as work:  # not a command: no undo takes it back
        scenarios.ensure_shipped(work)
        accounts.add(
            work, "office", address, owner_id=user.key,
            imap_host="localhost", imap_port=imap_port, imap_security="none", imap_user=address.partition("@")[0],
            smtp_host="localhost", smtp_port=smtp_port, smtp_security="none", smtp_user="", move_accepted=True,
        )  # fmt: skip
    store.close()


def secrets(path: Path, password: str) -> Credentials:
    """The account's password, without a keyring."""
    return Credentials(Vault(path.with_name("vault")), None, lambda name: password)


def work(path: Path, password: str, round_no: int, seed: int, said: Any) -> None:
    """The scheduler at work and verbs at random for ever; the journal's end is said after each commit."""
    scheduler.QUIET_SECONDS = 0.05
    store = opened(path, round_no)
    running = Scheduler(store, secrets(path, password), every_minutes=0.004)
    running.start()
    person = Person(store, random.Random(seed))
    said.send(0)
    while True:
        with suppress(CrmError, IntegrityError, LookupError):
            person.act()
            said.send(person.last_entry())
        _never.wait(person.chance.expovariate(100))


class Person:
    """Does what a person does, at random."""

    def __init__(self, store: Store, chance: random.Random) -> None:
        self.store = store
        self.chance = chance
        with store.facts("look") as look:
            user = look.all(User)[0]
        self.actor = Actor(user.login, user.key)
        self.user_id = user.key
        self._numbers = itertools.count()

    def act(self) -> None:
        """One command, undo or redo."""
        kind = self.chance.random()
        if kind < 0.08:
            undo(self.store, self.actor)
        elif kind < 0.1:
            redo(self.store, self.actor)
        elif kind < 0.15:
            reminders.claim_due(self.store, self.user_id, self.store.origin)
        else:
            verb = self.chance.choice(
                (self.accept, self.decline, self.flag, self.flag, self.move, self.move, self.delete, self.add_task,
                 self.finish_task, self.call, self.change_state, self.add_event, self.write)
            )  # fmt: skip
            with self.store.work(self.actor, verb.__name__) as work:
                verb(work)

    def last_entry(self) -> int:
        """The journal's end."""
        with self.store.read() as connection:
            return last_entry(connection)

    def accept(self, work: Work) -> None:
        place = self._some(work, Placement, 1)[0]
        inquiries.accept(work, place.letter_id, Acceptance(name="Somebody", phone="+7 701 555 12 34"))

    def decline(self, work: Work) -> None:
        inquiries.decline(work, self._some(work, Placement, 1)[0].letter_id, "not for us")

    def flag(self, work: Work) -> None:
        ids = [place.key for place in self._some(work, Placement, 5)]
        verb = self.chance.choice((mail.mark_read, mail.mark_important))
        verb(work, ids, **{"read" if verb is mail.mark_read else "important": self.chance.random() < 0.5})

    def move(self, work: Work) -> None:
        folder = self._some(work, Folder, 1)[0]
        mail.move(work, [place.key for place in self._some(work, Placement, 4)], folder.key)

    def delete(self, work: Work) -> None:
        """Into the trash only: what is lost must have been lost by us."""
        trash = work.find(Folder, role="trash")
        mail.delete(
            work,
            [one.key for one in self._some(work, Placement, 2) if trash and one.folder_id != trash.key],
        )

    def add_task(self, work: Work) -> None:
        due = work.now + timedelta(minutes=self.chance.randint(-60, 600))
        tasks.add(work, f"task {next(self._numbers)}", assignee_id=self.user_id, due_at=due)

    def finish_task(self, work: Work) -> None:
        tasks.done(work, self._some(work, Task, 1)[0].key, "done")

    def call(self, work: Work) -> None:
        interest = self._some(work, Interest, 1)[0]
        again = work.now + timedelta(hours=self.chance.randint(1, 50))
        log_call(work, interest.key, result="spoken", phone="+7 701 555 12 34", next_contact_at=again)

    def change_state(self, work: Work) -> None:
        interest = self._some(work, Interest, 1)[0]
        states = work.all(State, scenario_id=interest.scenario_id)
        interests.move(work, interest.key, self.chance.choice(states).key, "so it is")

    def add_event(self, work: Work) -> None:
        begin = work.now.replace(tzinfo=None) + timedelta(hours=self.chance.randint(0, 40))
        calendar.add(
            work, "Meeting", dtstart=begin, dtend=begin + timedelta(hours=1), zone="Asia/Almaty",
            owner_id=self.user_id, rrule=self.chance.choice(("", "FREQ=WEEKLY;COUNT=5")),
        )  # fmt: skip

    def write(self, work: Work) -> None:
        """A letter that is due at once."""
        key = f"out.{self.chance.getrandbits(64):x}@office.example"
        raw = f"From: me@office.example\r\nTo: c@x.example\r\nMessage-ID: <{key}>\r\nSubject: s\r\n\r\nx\r\n".encode()
        work.add(
            Outbox(account_id=1, message_id=key, raw=raw, envelope_from="me@office.example",
                   recipients=["c@x.example"], next_try_at=work.now, created_at=work.now)
        )  # fmt: skip

    def _some(self, work: Work, model: Any, most: int) -> list[Any]:
        there = work.all(model, deleted=False) if model is Placement else work.all(model)
        if not there:
            raise LookupError(model)
        return self.chance.sample(there, min(len(there), self.chance.randint(1, most)))


def look(path: Path, round_no: int, acknowledged: int) -> list[str]:
    """What is wrong with the store that a kill left, in words."""
    problems = [str(problem) for problem in health.check(path)]
    store = opened(path, round_no)
    with store.read() as connection:
        if last_entry(connection) < acknowledged:
            problems.append(
                f"lost: entry {acknowledged} was acknowledged, {last_entry(connection)} is the last"
            )
    with store.facts("look") as facts:
        problems += halves(facts)
    store.close()
    return problems


def halves(work: Work) -> list[str]:
    """Commands of which only a part is there."""
    problems = []
    for inquiry in work.all(Inquiry, status="accepted"):
        assert inquiry.interest_id is not None
        letter_id, interest_id = inquiry.letter_id, inquiry.interest_id
        parts = {
            "interest": work.find(Interest, id=interest_id),
            "link": work.find(LetterLink, letter_id=letter_id, kind="interest", record_id=interest_id),
            "interaction": work.find(Interaction, letter_id=letter_id, kind="letter"),
            "task": work.find(Task, letter_id=letter_id),
        }
        problems += [f"inquiry {inquiry.key} has no {name}" for name, part in parts.items() if part is None]
    waiting = {row.subject_id for row in work.all(Reminder, subject_kind="task")}
    for task in work.all(Task, status="open"):
        if task.due_at is not None and task.key not in waiting:
            problems.append(f"task {task.key} has no reminder")
    return problems


def converge(path: Path, password: str, round_no: int, passes: int) -> dict[str, Any]:
    """Start once more, send and sync; what this side then has, by Message-ID, and the outbox."""
    store = opened(path, round_no)
    credentials = secrets(path, password)
    send_due(store, credentials)
    for _ in range(passes):
        errors = sync_once(store, credentials=credentials).errors
    send_due(store, credentials)
    placement, letter, folder = table_of(Placement), table_of(Letter), table_of(Folder)
    query = (
        select(letter.c.message_id, folder.c.srv_name, placement.c.flags, letter.c.body_state)
        .join(letter, letter.c.id == placement.c.letter_id)
        .join(folder, folder.c.id == placement.c.folder_id)
        .where(~placement.c.deleted)
    )
    state: dict[str, list[tuple[str, int]]] = defaultdict(list)
    with store.read() as connection:
        rows = connection.execute(query).all()
        sent = {row.message_id: row.status for row in connection.execute(select(table_of(Outbox)))}
    for row in rows:
        state[row.message_id].append((row.srv_name, row.flags))
    store.close()
    return {
        "errors": [repr(error) for error in errors],
        "state": {key: sorted(places) for key, places in state.items()},
        "bodiless": [row.message_id for row in rows if row.body_state != "full"],
        "outbox": sent,
    }


def last_entry(connection: Connection) -> int:
    """Id of the last entry of the journal."""
    return int(
        connection.execute(select(func.coalesce(func.max(table_of(JournalEntry).c.id), 0))).scalar_one()
    )


def answer(act: str, pipe: Any, *arguments: Any) -> None:
    """The main function of a child: does one of the above and sends what it answers."""
    try:
        pipe.send(globals()[act](*arguments))
    except BaseException as error:
        pipe.send(error if isinstance(error, Exception) else RuntimeError(repr(error)))
        raise
    finally:
        pipe.close()
