"""Every letter arrives once: a server that hangs up anywhere, two senders that are killed again and again.

``python -m tests.sync.send_proof [LETTERS] [SEED]`` shows it at length, first with a server that files what it sends
in Sent, then with one that does not: there the documented window (docs/sending.md) is seen.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from crm_tui.services.writing import outbox as verbs
from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount, Outbox
from crm_tui.sync.outbox_claim import OUTBOX
from tests.servers.breaking_sink import BreakingSink, HangUp
from tests.servers.dovecot import Dovecot
from tests.sync.world import ME, OurSide, letter

SPEED = 120.0
"""Seconds of the letters' clock in one of ours: a lease of a minute ends after half a second."""
SENDERS = 2
PATIENCE = 1200.0
IN_MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None
"""A kill is not a power cut: nothing is lost by a disk that is fast."""


@dataclass(frozen=True)
class Clock:
    """A ``domain.clock.Clock`` that runs faster, the same in all processes."""

    began: float

    def __call__(self) -> datetime:
        passed = (time.time() - self.began) * SPEED
        return datetime.fromtimestamp(self.began, UTC) + timedelta(seconds=passed)


@dataclass(frozen=True)
class Proof:
    """What came of it."""

    letters: int
    killed: int
    hung_up: int
    asked: int
    """Letters about which a person was asked."""
    lost: tuple[str, ...]
    twice: tuple[str, ...]
    twice_by_hand: tuple[str, ...]
    """Those of them that a person had written."""


def prove(
    dovecot: Dovecot, folder: Path, *, letters: int, kills: int, seed: int, files: bool,
    tell: Callable[[str], None] = lambda text: None,
) -> Proof:  # fmt: skip
    """Send so many letters, half of them automatic; kill a sender so many times. ``files``: the server keeps Sent."""
    chance = random.Random(seed)
    user = dovecot.account("proof")
    us = OurSide(folder / "crm.db", dovecot, user)
    us.sync()
    us.close()
    clock = Clock(time.time())
    store = Store(us.path, clock)
    ends = [HangUp.NEVER] * 7 + [end for end in HangUp if end is not HangUp.NEVER]
    with BreakingSink(lambda: chance.choice(ends)) as sink:
        if files:
            sink.on_keep = lambda raw: _file(dovecot, user, raw)
        _queue(store, us.account.key, sink.port, letters, "server" if files else "append")
        killed, asked = _send(store, us, sink, clock, random.Random(seed + 1), kills, tell)
        hung_up = sum(command == "MAIL" for command in sink.commands)
        kept = Counter(sink.message_ids())
    store.close()
    wanted = [f"{number}@proof.example" for number in range(letters)]
    twice = tuple(key for key in wanted if kept[key] > 1)
    by_hand = tuple(key for key in twice if int(key.partition("@")[0]) % 2)
    return Proof(
        letters, killed, hung_up - letters, asked, tuple(key for key in wanted if not kept[key]), twice, by_hand
    )  # fmt: skip


def _file(dovecot: Dovecot, user: str, raw: bytes) -> None:
    dovecot.seed(user, "Sent", [raw])


def _queue(store: Store, account_id: int, port: int, letters: int, sent_copy: str) -> None:
    with store.work(ME, "test") as work:
        account = work.get(MailAccount, account_id)
        work.change(account, smtp_host="localhost", smtp_port=port, smtp_security="none", sent_copy=sent_copy)
        for number in range(letters):
            key = f"{number}@proof.example"
            work.add(
                Outbox(
                    account_id=account_id, message_id=key, raw=letter(f"<{key}>", body="z\r\n" * 50),
                    envelope_from="me@x.example", recipients=["you@x.example"], next_try_at=work.now,
                    created_at=work.now, automatic=not number % 2, dedupe_key=f"rule:{number}",
                )
            )  # fmt: skip


def _send(
    store: Store, us: OurSide, sink: BreakingSink, clock: Clock, chance: random.Random, kills: int,
    tell: Callable[[str], None],
) -> tuple[int, int]:  # fmt: skip
    """Let the senders work, and be killed, until all is sent; how many were killed, how often a person was asked."""
    killed = asked = 0
    told = {"store": str(us.path), "began": clock.began, "password": us.server.password}
    deadline = time.monotonic() + PATIENCE
    with senders() as start:
        lives: list[tuple[int, float]] = []
        while True:
            while len(lives) < SENDERS:
                dies = time.monotonic() + (chance.uniform(0.02, 0.8) if killed < kills else PATIENCE)
                lives.append((start(told), dies))
            time.sleep(0.05)
            for pid, dies in list(lives):
                if time.monotonic() > dies:
                    os.kill(pid, signal.SIGKILL)
                    lives.remove((pid, dies))
                    killed += 1
            asked += _answer(store, set(sink.message_ids()))
            with store.read() as connection:
                left = connection.scalar(select(func.count()).where(OUTBOX.c.status != "sent"))
            if not left or time.monotonic() > deadline:
                break
            if killed % 20 == 19:
                tell(f"{killed} killed, {left} letters left")
        for pid, _dies in lives:
            os.kill(pid, signal.SIGKILL)
    return killed, asked


def _answer(store: Store, kept: set[str]) -> int:
    """What a person does about letters that were looked for and not found: finds out, and says it."""
    query = select(OUTBOX.c.id, OUTBOX.c.message_id).where(
        OUTBOX.c.status == "uncertain", OUTBOX.c.attempts >= 3, OUTBOX.c.resent | ~OUTBOX.c.automatic
    )
    with store.read() as connection:
        rows = list(connection.execute(query))
    for row in rows:
        with store.work(ME, "outbox.resolve") as work:
            if work.get(Outbox, row.id).status == "uncertain":
                verbs.resolve_uncertain(work, row.id, sent=row.message_id in kept)
    return len(rows)


@contextmanager
def senders() -> Iterator[Callable[[dict[str, object]], int]]:
    """A process with all modules in memory that forks a sender for each line it is told."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.sync.send_proof", "--senders"], cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdin is not None
    assert server.stdout is not None

    def start(told: dict[str, object]) -> int:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps(told) + "\n")
        server.stdin.flush()
        return int(server.stdout.readline())

    try:
        yield start
    finally:
        server.stdin.close()
        server.wait()
        server.stdout.close()


def _serve_senders() -> None:
    from crm_tui.parsing import html, pool
    from crm_tui.sync import outbox, vault

    assert all((html, pool, outbox, vault))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if os.fork() == 0:
            _sender(json.loads(line))


def _sender(told: dict[str, object]) -> None:
    """The life of a sender; it never returns."""
    import ctypes

    from crm_tui.sync import outbox, outbox_claim
    from crm_tui.sync.credentials import Credentials
    from crm_tui.sync.vault import Vault

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: none outlives the proof
    outbox_claim.RENEW_SECONDS = 0.15
    outbox.OFFLINE_PAUSE = timedelta(seconds=5)  # the proof would mostly wait
    try:
        path = Path(str(told["store"]))
        store = Store(path, Clock(float(str(told["began"]))))
        secrets = Credentials(Vault(path.with_name("vault")), None, lambda name: str(told["password"]))
        print(os.getpid(), flush=True)  # it is at work from now on
        while True:
            outbox.send_due(store, secrets)
            time.sleep(0.05)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(1)


def main() -> None:
    """By hand."""
    if "--senders" in sys.argv:
        _serve_senders()
        return
    given = [int(word) for word in sys.argv[1:]]
    letters, seed = (given or [500])[0], (given[1:] or [2026])[0]
    with Dovecot() as dovecot:
        for files in (True, False):
            print("the server files what it sends" if files else "the server files nothing", flush=True)
            with tempfile.TemporaryDirectory(prefix="crm-proof-", dir=IN_MEMORY) as place:
                print(
                    prove(dovecot, Path(place), letters=letters, kills=letters // 8, seed=seed, files=files,
                          tell=lambda text: print(text, flush=True)), flush=True,
                )  # fmt: skip


if __name__ == "__main__":
    main()
