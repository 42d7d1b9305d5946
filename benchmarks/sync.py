"""A mailbox on Dovecot: the first sync, one without news, one with a hundredth changed; beside mbsync.

    .venv/bin/python benchmarks/sync.py [--letters N …]

The letters are made up (median 9 KB, mean 20 KB). mbsync writes files and parses nothing; we parse every letter and
index it for search, so its first sync is a lower bound and ours has more to show for it.
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from crm_tui.sync.imap import tokens  # noqa: E402
from crm_tui.sync.passing import Progress  # noqa: E402
from tests.servers.chaos_proxy import ChaosProxy  # noqa: E402
from tests.servers.dovecot import Dovecot  # noqa: E402
from tests.sync.world import OtherSide, OurSide, letter  # noqa: E402

WORDS = (
    "договор",
    "счёт",
    "поставка",
    "встреча",
    "offer",
    "invoice",
    "delivery",
    "contract",
    "зустріч",
    "шот",
)
MBSYNC = """\
IMAPAccount a
Host 127.0.0.1
Port {port}
User {user}
Pass {password}
SSLType None

IMAPStore far
Account a

MaildirStore near
Path {folder}/mail/
Inbox {folder}/mail/INBOX
Subfolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Near
Expunge Both
SyncState *
"""


def letters(number: int) -> Iterator[bytes]:
    """Letters of words, some of them long."""
    chance = random.Random(1)
    for one in range(number):
        size = min(int(chance.lognormvariate(9.1, 1.2)), 2_000_000)
        line = " ".join(chance.choice(WORDS) for _ in range(9))
        body = "\r\n".join([line] * max(1, size // len(line.encode())))
        yield letter(f"<{one}@bench.example>", f"{chance.choice(WORDS)} {one}", body)


def timed(what: Callable[[], object]) -> float:
    """Seconds of wall clock."""
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


class Ours:
    """This program, and when its first letters and its last headers were there."""

    def __init__(self, server: Dovecot, user: str, folder: Path) -> None:
        self.us = OurSide(folder / "crm.db", server, user)
        self.first = self.headers = 0.0

    def sync(self) -> None:
        start = time.perf_counter()

        def report(progress: Progress) -> None:
            if progress.stage == "headers" and progress.done:
                self.headers = time.perf_counter() - start
                self.first = self.first or self.headers

        self.us.sync(report=report)


class Mbsync:
    """isync's mbsync, with its defaults."""

    def __init__(self, server: Dovecot, user: str, folder: Path) -> None:
        self.config = folder / "mbsyncrc"
        (folder / "mail").mkdir()
        self.config.write_text(
            MBSYNC.format(port=server.imap_port, user=user, password=server.password, folder=folder)
        )

    def sync(self) -> None:
        subprocess.run(["mbsync", "-q", "-c", str(self.config), "-a"], check=True)


def change(server: Dovecot, user: str, number: int, seed: int) -> None:
    """A hundredth of the flags changed, a hundredth deleted, a hundredth new."""
    other = OtherSide(server, user)
    session = other.open("INBOX")
    uids = random.Random(seed).sample(sorted(session.all_uids()), 2 * number)
    session.store(tokens.compact(uids[:number]), b"+", [b"\\Flagged"])
    session.expunge(tokens.compact(uids[number:]))
    for one in range(number):
        other.append("INBOX", letter(f"<new{seed}.{one}@bench.example>", body="x" * 9000))
    other.close()


def run(number: int) -> None:
    """Measure one size and print its table."""
    with Dovecot() as server, tempfile.TemporaryDirectory(prefix="crm-bench-") as scratch:
        user = server.account("bench")
        total = server.seed(user, "INBOX", letters(number))
        ours = Ours(server, user, Path(scratch))
        peer = Mbsync(server, user, Path(scratch)) if shutil.which("mbsync") else None
        rows: list[tuple[str, float, float | None]] = []
        steps: list[tuple[str, Callable[[], None]]] = [
            ("first sync", lambda: None),
            ("nothing changed", lambda: None),
            ("1 % changed", lambda: change(server, user, max(1, number // 100), 1)),
        ]
        for name, prepare in steps:
            prepare()
            mine = timed(ours.sync)
            rows.append((name, mine, timed(peer.sync) if peer else None))
            if name == "first sync":
                rows.append(("  first letters listed", ours.first, None))
                rows.append(("  all headers listed", ours.headers, None))
        print(f"\n{total:,} letters on loopback      ours s   mbsync s   ratio")
        for name, mine, theirs in rows:
            other = f"{theirs:10.2f} {mine / theirs:7.2f}" if theirs is not None else ""
            print(f"{name:28} {mine:10.2f} {other}")
        with ChaosProxy(("127.0.0.1", server.imap_port), delay=0.025) as line:
            ours.us.through(line.port)
            seconds = timed(ours.sync)
            print(
                f"nothing changed, 50 ms line  {seconds:10.2f}   "
                f"{line.traffic.round_trips} round trips, {line.traffic.down:,} bytes"
            )
        ours.us.close()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--letters", type=int, nargs="*", default=[10_000])
    for number in parser.parse_args().letters:
        run(number)


if __name__ == "__main__":
    main()
