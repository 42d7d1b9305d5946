"""Kill -9 at random moments of a mixed load: python -m benchmarks.kill [KILLS] [SEED]

The program runs as in the office: scheduler, IDLE and passes, letters going out, verbs of a person, while another
program changes the same mailbox. After each kill the store is checked; every ``COMPARED``-th time, and at the end,
the program starts again and both sides of the mailbox must come to the same.
"""

import multiprocessing
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks import kill_load
from crm_tui.domain.letter.flags import Flag
from crm_tui.sync.imap import tokens
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.sync.world import OtherSide, letter

FOLDERS = ("INBOX", "Archive", "Trash", "Sent", "Junk", "Drafts", "Processed")
BUSY = ("INBOX", "Archive", "Processed")
LETTERS = 120
MOST_SHOWN = 30
COMPARED = 5
LONGEST = 1.2
"""Seconds from the start of the program to its end, at most."""

_never = threading.Event()


class Killing:
    """One store and one mailbox, through all kills."""

    def __init__(self, folder: Path, server: Dovecot, sink: SmtpSink, seed: int) -> None:
        self.path = folder / "crm.db"
        self.server, self.sink = server, sink
        self.chance = random.Random(seed)
        self.seed = seed
        self.children = multiprocessing.get_context("forkserver")
        self.user = server.account("kill")
        self.other = OtherSide(server, self.user)
        self.expected: set[str] = set()
        self.round = self.commits = self.letters = self.uncertain = 0
        self.problems: list[str] = []
        for name in ("INBOX", "Archive"):
            raws = [self._letter() for _ in range(LETTERS // 2)]
            server.seed(self.user, name, raws)
        self.ask("prepare", self.path, f"{self.user}@office.example", server.imap_port, sink.port)

    def ask(self, act: str, *arguments: Any) -> Any:
        """Let a fresh process do the act."""
        here, there = self.children.Pipe(duplex=False)
        child = self.children.Process(target=kill_load.answer, args=(act, there, *arguments))
        child.start()
        there.close()
        answer = here.recv()
        child.join()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def kill_once(self) -> None:
        """Start the program, change the other side, kill, look."""
        self.round += 1
        here, there = self.children.Pipe(duplex=False)
        seed = self.chance.getrandbits(32)
        child = self.children.Process(
            target=kill_load.work, args=(self.path, self.server.password, self.round, seed, there)
        )
        child.start()
        there.close()
        here.recv()
        deadline = time.monotonic() + self.chance.uniform(0, LONGEST)
        try:
            while (left := deadline - time.monotonic()) > 0:
                self.elsewhere()
                _never.wait(min(left, self.chance.expovariate(10)))
        finally:
            child.kill()
            child.join()
        if child.exitcode != -signal.SIGKILL:
            self.problems.append(f"round {self.round}: the program ended by itself: {child.exitcode}")
        acknowledged = said(here)
        self.commits += len(acknowledged)
        found = self.ask("look", self.path, self.round, max(acknowledged, default=0))
        self.problems += [f"round {self.round}: {problem}" for problem in found]

    def elsewhere(self) -> None:
        """The other program at the mailbox: a new letter, flags, a move, a letter deleted for good."""
        there = self.folders(BUSY)
        folder = self.chance.choice(there)
        act = self.chance.random()
        if act < 0.3:
            self.other.append(folder, self._letter())
            return
        uids = self._uids(folder)
        if not uids:
            return
        session = self.other.open(folder)
        uid = self.chance.choice(sorted(uids))
        if act < 0.75:
            flag = self.chance.choice((b"\\Seen", b"\\Flagged"))
            session.store(str(uid).encode(), self.chance.choice((b"+", b"-")), [flag])
        elif act < 0.92:
            session.move(str(uid).encode(), tokens.mailbox(self.chance.choice(there)))
        else:
            self.expected.discard(uids[uid])
            session.store(str(uid).encode(), b"+", [b"\\Deleted"])
            session.expunge(str(uid).encode())

    def compare(self) -> None:
        """The program starts again: the next sync converges."""
        self.round += 1
        ours = self.ask("converge", self.path, self.server.password, self.round, 2)
        theirs = {
            key: [(name, flags & ~Flag.DELETED) for name, flags, _uid in places]
            for key, places in self.other.state(*self.folders(FOLDERS)).items()
        }
        where = f"round {self.round}"
        self.problems += [f"{where}: {error}" for error in ours["errors"]]
        for key in sorted(ours["state"].keys() | theirs.keys()):
            if ours["state"].get(key) != theirs.get(key):
                self.problems.append(
                    f"{where}: {key}: {ours['state'].get(key)} here, {theirs.get(key)} there"
                )
            elif len(theirs[key]) != 1:
                self.problems.append(f"{where}: {key} lies {theirs[key]}")
        lost = self.expected - theirs.keys()
        self.problems += [f"{where}: lost {key}" for key in sorted(lost)]
        self.problems += [f"{where}: no body: {key}" for key in ours["bodiless"]]
        self.problems += [f"{where}: {problem}" for problem in self.sendings(ours["outbox"])]

    def sendings(self, outbox: dict[str, str]) -> list[str]:
        """Every letter that went out went out once; one that may have gone twice is said to be uncertain."""
        arrived: Counter[str] = Counter()
        for delivery in self.sink.deliveries:
            line = next(row for row in delivery.raw.splitlines() if row.lower().startswith(b"message-id:"))
            arrived[line.partition(b":")[2].strip().decode().strip("<>")] += 1
        found = [f"{key} was sent {number} times" for key, number in arrived.items() if number > 1]
        for key, status in outbox.items():
            wrong = arrived[key] != 1 if status == "sent" else status != "uncertain"
            if wrong:
                found.append(f"outbox {key} is {status}, {arrived[key]} arrived")
        self.uncertain = sum(status == "uncertain" for status in outbox.values())
        return found

    def folders(self, names: tuple[str, ...]) -> list[str]:
        """Those of the folders that are on the server: Processed is made by the program."""
        listed = {one.name for one in self.other.session.list_folders()}
        return [name for name in names if name in listed]

    def _letter(self) -> bytes:
        self.letters += 1
        key = f"{self.letters}@there.example"
        self.expected.add(key)
        return letter(f"<{key}>", f"letter {self.letters}", "z" * self.chance.randint(1, 5000))

    def _uids(self, folder: str) -> dict[int, str]:
        found = self.other.state(folder)
        return {uid: key for key, places in found.items() for _name, _flags, uid in places}


def said(pipe: Any) -> list[int]:
    """What the killed program had said."""
    heard = []
    try:
        while pipe.poll():
            heard.append(pipe.recv())
    except (EOFError, OSError):
        pass
    return heard


def main(kills: int, seed: int) -> int:
    """Kill so many times; 1 when something was found."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(["benchmarks.kill_load"])
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="crm-kill-") as folder,
        Dovecot() as server,
        SmtpSink() as sink,
    ):
        killing = Killing(Path(folder), server, sink, seed)
        for number in range(1, kills + 1):
            killing.kill_once()
            if number % COMPARED == 0 or number == kills:
                killing.compare()
        killing.other.close()
        sent = len(sink.deliveries)
    for problem in killing.problems[:MOST_SHOWN]:
        print(problem)
    print(
        f"seed {seed}: killed {kills} times in {time.monotonic() - began:.0f} s, {killing.commits} commits "
        f"acknowledged, {killing.letters} letters, {sent} sent, {killing.uncertain} uncertain, "
        f"{len(killing.problems)} problems"
    )
    return 1 if killing.problems else 0


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in (*sys.argv[1:], *("200", "7")[len(sys.argv) - 1 :]))))
