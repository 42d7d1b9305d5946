"""A random week of two devices at one mailbox, with faults, and what must be true at its end.

A port of the fuzzer of design/sync.md §4.6: crash points before and after every command and every commit,
connections cut after random bytes, the server forgetting its UIDs.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crm_tui.domain.errors import NetworkTrouble
from crm_tui.domain.flags import Flag
from crm_tui.store.engine import Store
from crm_tui.sync import engine
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.conversation import Conversation
from crm_tui.sync.passing import Listed, Pass
from tests.servers.chaos_proxy import ChaosProxy
from tests.servers.dovecot import Dovecot
from tests.sync.world import OtherSide, OurSide, letter, refusing

FOLDERS = ("INBOX", "Archive", "Sent", "Work")
BASE = "IMAP4rev1 LITERAL+"
PROFILES: dict[str, str | None] = {
    "full": None,
    "gmail": f"{BASE} UIDPLUS MOVE CONDSTORE ENABLE LIST-EXTENDED LIST-STATUS SPECIAL-USE ESEARCH",
    "exchange": f"{BASE} UIDPLUS MOVE",
    "no_move": f"{BASE} UIDPLUS",
    "bare": "IMAP4rev1",
}


FAULTS = ("none", "crash", "cut", "both", "uidvalidity", "shut", "meanwhile")


class Crash(BaseException):
    """The process ends here."""


class CrashPoints:
    """Ends the pass at the n-th point where something could be half done."""

    def __init__(self, after: int) -> None:
        self.left = after

    def point(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Crash

    @contextmanager
    def armed(self) -> Iterator[None]:
        """Points before and after each command, and before and after each commit."""
        write, unit = Conversation._write, Store._unit

        def crashing_write(conversation: Conversation, data: bytes) -> None:
            self.point()
            write(conversation, data)
            self.point()

        @contextmanager
        def crashing_unit(store: Store, engine: Any, work: Any) -> Iterator[Any]:
            self.point()
            with unit(store, engine, work):
                yield work
                self.point()
            self.point()

        Conversation._write, Store._unit = crashing_write, crashing_unit  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            Conversation._write, Store._unit = write, unit  # type: ignore[method-assign]


@dataclass
class Week:
    """The run of one seed; ``faults`` is one of ``FAULTS``."""

    server: Dovecot
    path: Path
    seed: int
    faults: str
    steps: int = 8
    alive: set[str] = field(default_factory=set)
    dead: set[str] = field(default_factory=set)
    ambiguous: set[str] = field(default_factory=set)
    ours: dict[str, int] = field(default_factory=dict)
    theirs: dict[str, int] = field(default_factory=dict)
    hits: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.user = self.server.account("week")
        self.other = OtherSide(self.server, self.user)
        self.other.make("Work")
        self.us = OurSide(self.path, self.server, self.user)

    def run(self) -> list[str]:
        """Live the week; what is wrong at its end, in words."""
        try:
            self.us.sync()
            for _ in range(self.steps):
                for _ in range(self.random.randint(0, 4)):
                    self.local_act()
                for _ in range(self.random.randint(0, 4)):
                    self.remote_act()
                if self.faults == "uidvalidity" and self.random.random() < 0.25:
                    self.forget_uids()
                self.sync(fault=self.random.random() < 0.8)
            for _ in range(4):
                self.us.through(self.server.imap_port)
                self.us.sync()
            return self.wrong()
        finally:
            self.other.close()
            self.us.close()

    def sync(self, *, fault: bool) -> None:
        """A pass, broken off by a fault when one is due."""
        self.us.through(self.server.imap_port)
        if not fault or self.faults in ("none", "uidvalidity"):
            self.us.sync()
        elif self.faults == "shut":
            self.hits += 1
            with refusing(self.random.choice(FOLDERS).encode()):
                self.us.sync()
        elif self.faults == "meanwhile":
            self.hits += 1
            with self.acts_meanwhile():
                self.us.sync()
        elif self.faults == "cut" or (self.faults == "both" and self.random.random() < 0.5):
            most = int(self.random.choice([300, 1000, 2500, 6000, 20000]) * self.random.random()) + 900
            with ChaosProxy(("127.0.0.1", self.server.imap_port), cut=(most, most)) as line:
                self.us.through(line.port)
                try:
                    self.us.sync()
                except NetworkTrouble:
                    self.hits += 1
                self.us.reopen()
        else:
            try:
                with CrashPoints(self.random.randint(1, 120)).armed():
                    self.us.sync()
            except Crash:
                self.hits += 1
                self.us.reopen()

    @contextmanager
    def acts_meanwhile(self) -> Iterator[None]:
        """The other device acts after we have looked and before we send."""
        settle = engine.settle  # type: ignore[attr-defined]

        def late(run: Pass, listed: Listed) -> None:
            self.remote_act()
            settle(run, listed)

        engine.settle = late  # type: ignore[attr-defined]
        try:
            yield
        finally:
            engine.settle = settle  # type: ignore[attr-defined]

    def local_act(self) -> None:
        chance, rows = self.random.random(), self.us.rows()
        if chance < 0.25 or not rows:
            key = self.new()
            flags = self.random.choice([0, Flag.FLAGGED])
            self.us.put(
                self.random.choice(FOLDERS),
                letter(f"<{key}>", body="x" * self.random.randint(1, 3000)),
                flags,
            )
            self.ours[key] = flags & Flag.FLAGGED
            return
        row = self.random.choice(rows)
        if chance < 0.55:
            self.us.set_flags(row.id, row.flags ^ Flag.FLAGGED)
            self.ours[row.message_id] = (row.flags ^ Flag.FLAGGED) & Flag.FLAGGED
        elif chance < 0.85:
            self.us.move(row.id, self.random.choice(FOLDERS))
        else:
            self.us.delete(row.id)
            self.dead.add(row.message_id)

    def remote_act(self) -> None:
        chance = self.random.random()
        state = self.other.state(*FOLDERS)
        single = sorted(key for key, places in state.items() if len(places) == 1)
        if chance < 0.3 or not single:
            key = self.new()
            raw = letter(f"<{key}>", body="y" * self.random.randint(1, 3000))
            self.other.append(self.random.choice(FOLDERS), raw, self.random.choice([[], [b"\\Seen"]]))
            return
        key = self.random.choice(single)
        folder, flags, uid = state[key][0]
        session, uids = self.other.open(folder), b"%d" % uid
        if chance < 0.55:
            session.store(uids, b"-" if flags & Flag.SEEN else b"+", [b"\\Seen"])
            self.theirs[key] = (flags ^ Flag.SEEN) & Flag.SEEN
        elif chance < 0.85:
            target = self.random.choice([name for name in FOLDERS if name != folder])
            session.command(b"UID MOVE %s %s" % (uids, tokens.quoted(tokens.mailbox(target))))
        else:
            session.store(uids, b"+", [b"\\Deleted"])
            session.command(b"UID EXPUNGE " + uids)
            self.dead.add(key)
            self.ambiguous |= {row.message_id for row in self.us.rows() if row.intent == "append"}

    def forget_uids(self) -> None:
        self.other.close()
        self.server.reset_uidvalidity(self.user, self.random.choice(FOLDERS[1:]))
        self.other = OtherSide(self.server, self.user)

    def wrong(self) -> list[str]:
        """What was lost, doubled, brought back, or differs."""
        there, here = self.other.state(*FOLDERS), self.us.state()
        found: list[str] = []
        for key in sorted(self.alive | there.keys() | here.keys()):
            places, mine = [(name, flags) for name, flags, _ in there.get(key, [])], here.get(key, [])
            if key in self.dead:
                # An append that ran and was deleted by the other device before we heard of it cannot be told
                # from one that never ran; it is uploaded again, on the side of never losing (sync.md §4.6).
                if (places or mine) and key not in self.ambiguous:
                    found.append(f"{key} was deleted and is back: {places} {mine}")
            elif len(places) != 1:
                found.append(f"{key} is {len(places)} times on the server: {places} {mine}")
            elif places != mine:
                found.append(f"{key} differs: server {places}, here {mine}")
            else:
                flags = places[0][1]
                if key in self.ours and flags & Flag.FLAGGED != self.ours[key]:
                    found.append(f"{key} lost a flag set here")
                if key in self.theirs and flags & Flag.SEEN != self.theirs[key]:
                    found.append(f"{key} lost a flag set there")
        return found

    def new(self) -> str:
        key = f"m{len(self.alive) + 1}.{self.seed}@week.example"
        self.alive.add(key)
        return key


def main(first: int, count: int) -> None:
    """Many seeds by hand: ``python -m tests.sync.model FIRST COUNT``."""
    import tempfile
    from itertools import product

    for (profile, capabilities), faults in product(PROFILES.items(), FAULTS):
        wrong, letters, hits = 0, 0, 0
        with Dovecot(imap_capability=capabilities) as server:
            for seed in range(first, first + count):
                with tempfile.TemporaryDirectory(prefix="crm-week-") as folder:
                    week = Week(server, Path(folder) / "crm.db", seed, faults, steps=25)
                    found = week.run()
                    letters, hits = letters + len(week.alive), hits + week.hits
                    if found:
                        wrong += 1
                        print(profile, faults, seed, found, flush=True)
        print(
            f"{profile:9} {faults:12} weeks {count} letters {letters} faults {hits} wrong {wrong}", flush=True
        )


if __name__ == "__main__":
    import sys

    main(int(sys.argv[1]), int(sys.argv[2]))
