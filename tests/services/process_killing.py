"""Kill programs that complete steps of processes at random moments, and look at what they left (assurance row 4).

By hand: ``.venv/bin/python -m tests.services.process_killing 200 1 2`` (kills, seed, longest pause in seconds).
Prints one line; exit code 1 when a step, its task or its letter is missing or doubled. Forks before any store is open
in it: SQLite's handles must not cross a fork.
"""

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from crm_tui.domain.errors import CrmError, StoreBusy
from crm_tui.domain.route.process_moves import replay
from crm_tui.domain.route.route_map import (
    EndPoint,
    Outcome,
    Route,
    RuleAction,
    Step,
    StepEvent,
    StepRule,
)
from crm_tui.services import users
from crm_tui.services.account import accounts
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import leads
from crm_tui.services.process import process_state, processes
from crm_tui.services.writing import letter_templates
from crm_tui.store import health
from crm_tui.store.engine import Store
from crm_tui.store.tables import Interest, Outbox, Task, table_of
from crm_tui.store.tables.processes import Process, ProcessEvent, ProcessNotice, ProcessToken
from crm_tui.store.work import Actor
from tests.services.process_office import CREATED, enforce, route, way
from tests.store.killing import child
from tests.stores import lay

WORKERS = 3
ME = Actor("me", 1)
WELCOME = StepRule(StepEvent.ENTERING, RuleAction.EMAIL, None, "Welcome", to_client=True)


def drawn() -> Route:
    """Two steps that are gone through again and again; each entry writes a letter."""
    return route(
        Step(id="meeting", name="Meeting", state="meeting", rules=(WELCOME,)),
        Step(id="proposal", name="Proposal", state="proposal", rules=(WELCOME,),
             outcomes=(Outcome("again", "Again"), Outcome("done", "Done"))),
        EndPoint(id="sold", state="won"),
        flows=way(
            ("start", "meeting"), ("meeting", "proposal"),
            ("proposal", "meeting", "again"), ("proposal", "sold", "done"),
        ),
        **CREATED,
    )  # fmt: skip


def prepare(path: Path) -> None:
    """A store with the map in force and a lead to write to."""
    store = Store(lay(path))
    with store.facts("prepare") as work:
        users.ensure(work, "me")
        scenarios.ensure_shipped(work)
    with store.work(ME, "prepare") as work:
        accounts.add(work, "office", "sales@office.example", imap_host="127.0.0.1", smtp_host="127.0.0.1")
        letter_templates.add(work, "Welcome", subject="Welcome", body="Dear {{ contact.name }},")
        leads.add(work, "Olga Kim", infos=[("email", "olga@newco.example")])
        enforce(work, drawn())
    store.close()


def labour(path: Path, seed: int, said: int) -> None:
    """New Interests and completed steps for ever; what another was faster with is left. Each commit is said."""
    chance = random.Random(seed)
    store = Store(path)
    task = table_of(Task)
    while True:
        try:
            with store.read() as connection:
                some = select(task.c.id).where(task.c.status == "open").order_by(func.random()).limit(1)
                found = connection.execute(some).scalar_one_or_none()
            with store.work(ME, "labour") as work:
                if found is None or chance.random() < 0.1:
                    interests.add(work, "Pumps", owner_id=1, lead_id=1)
                else:
                    row = work.find(ProcessToken, task_id=found)
                    outcome = (
                        chance.choice(("again", "again", "done")) if row and row.point == "proposal" else ""
                    )
                    processes.complete_task(work, found, outcome)
            os.write(said, b".")
        except StoreBusy:
            raise
        except CrmError:
            continue


def look(path: Path) -> list[str]:
    """What is missing or doubled, in words; how much there was, on standard output."""
    problems = [str(problem) for problem in health.check(path)]
    store = Store(path)
    with store.work(ME, "look") as work:
        states = {one.key: one.state_id for one in work.all(Interest)}
        keys = {one.key: one.dedupe_key for one in work.all(Outbox)}
        for process in work.all(Process):
            told = f"process {process.key}"
            tokens = work.all(ProcessToken, process_id=process.key)
            numbers = [one.number for one in work.all(ProcessEvent, process_id=process.key)]
            if numbers != list(range(1, process.last_event + 1)):
                problems.append(f"{told}: its log has gaps or doubles: {numbers}")
            if [one.token for one in tokens] != list(range(1, process.last_token + 1)):
                problems.append(f"{told}: its step entries have gaps or doubles")
            log = process_state.events_of(work.connection, process.key)
            if replay(drawn(), log) != process_state.instance_of(work.connection, process):
                problems.append(f"{told}: the log tells otherwise")
            if process.held_state_id not in (None, states[process.interest_id or 0]):
                problems.append(f"{told}: the Interest stands elsewhere")
            notices = Counter(one.token for one in work.all(ProcessNotice, process_id=process.key))
            if notices != Counter(one.token for one in tokens):
                problems.append(f"{told}: letters are missing or doubled")
            for token in tokens:
                wanted = "open" if token.left_at is None else "done"
                if token.task_id is None or work.get(Task, token.task_id).status != wanted:
                    problems.append(f"{told}: the task of entry {token.token} is not {wanted}")
        queued = [one.outbox_id for one in work.all(ProcessNotice) if one.outbox_id is not None]
        if sorted(queued) != sorted(keys) or len(set(keys.values())) != len(keys):
            problems.append("letters in the outbox and in the log are not the same")
        of_steps = len(work.all(Task))
        if of_steps != len(work.all(ProcessToken)):
            problems.append("tasks and step entries are not the same")
        print(f"{len(work.all(ProcessEvent))} {len(keys)}", flush=True)
    store.close()
    return problems


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of it."""

    killed: int
    transitions: int
    letters: int
    sound: bool

    def __str__(self) -> str:
        found = "nothing missing or doubled" if self.sound else "NOT SOUND"
        return (
            f"{self.killed} of {WORKERS} workers killed in turn, {self.transitions} transitions, "
            f"{self.letters} letters: {found}"
        )


def prove(kills: int, seed: int = 1, longest: float = 0.3) -> Proof:
    """Kill so many times, each at most ``longest`` seconds after a commit."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="crm-processes-") as folder:
        path = Path(folder) / "crm.db"
        os.waitpid(child(prepare, path), 0)
        heard, said = os.pipe()
        workers = [child(labour, path, seed * 1000 + number, said) for number in range(WORKERS)]
        for number in range(kills):
            os.read(heard, 4096)  # somebody has committed since the last one was killed
            time.sleep(chance.uniform(0, longest))
            at = number % WORKERS
            os.kill(workers[at], signal.SIGKILL)
            os.waitpid(workers[at], 0)
            workers[at] = child(labour, path, seed * 1000 + WORKERS + number, said)
        os.read(heard, 4096)
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        os.close(heard)
        os.close(said)
        heard, said = os.pipe()
        looker = child(_look_and_say, path, said)
        os.close(said)
        with os.fdopen(heard) as lines:
            told = lines.read().split()
        _, status = os.waitpid(looker, 0)
        return Proof(kills + WORKERS, int(told[0]), int(told[1]), status == 0)


def _look_and_say(path: Path, said: int) -> list[str]:
    os.dup2(said, 1)
    problems = look(path)
    os.dup2(2, 1)
    return problems


if __name__ == "__main__":
    proof = prove(int(sys.argv[1]), *map(int, sys.argv[2:3]), *map(float, sys.argv[3:4]))
    print(proof)
    sys.exit(0 if proof.sound else 1)
