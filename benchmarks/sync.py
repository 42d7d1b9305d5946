"""A mailbox on Dovecot: the first sync, one without news, one with a hundredth changed; beside mbsync.

    .venv/bin/python -m benchmarks.sync [--letters N …] [--folders]

Wall times are of the machine as it is just then, so the processor time of each stands beside the first sync: of the
program, of its child that parses, and of mbsync.

The letters are made up (median 9 KB, mean 20 KB). mbsync writes files and parses nothing; we parse every letter and
index it for search. ``--folders``: 55 folders without news and with 50 changed, in turns and bytes of the wire.
"""

import argparse
import gc
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from crm_tui.cli.tui import YOUNG_OBJECTS  # noqa: E402
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
{extra}

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


def processor() -> tuple[float, float]:
    """Seconds of CPU that this process took, and those of its children that have ended."""
    mine, theirs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return mine.ru_utime + mine.ru_stime, theirs.ru_utime + theirs.ru_stime


def timed(what: Callable[[], object]) -> float:
    """Seconds of wall clock."""
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


class Ours:
    """This program, and when its first letters and its last headers were there."""

    def __init__(self, server: Dovecot, user: str, folder: Path) -> None:
        self.us = OurSide(folder / "crm.db", server, user)
        self.first = self.headers = self.headers_cpu = 0.0

    def sync(self) -> None:
        start, begun = time.perf_counter(), processor()[0]

        def report(progress: Progress) -> None:
            if progress.stage == "headers" and progress.done:
                self.headers = time.perf_counter() - start
                self.headers_cpu = processor()[0] - begun
                self.first = self.first or self.headers

        self.us.sync(report=report)


class Mbsync:
    """isync's mbsync, with its defaults or without compression on the wire."""

    def __init__(
        self, server: Dovecot, user: str, folder: Path, *, plain: bool = False, port: int | None = None
    ) -> None:
        folder = folder / ("plain" if plain else "mbsync")
        (folder / "mail").mkdir(parents=True)
        self.config = folder / "mbsyncrc"
        self.config.write_text(
            MBSYNC.format(
                port=port or server.imap_port,
                user=user,
                password=server.password,
                folder=folder,
                extra="DisableExtension COMPRESS=DEFLATE" if plain else "",
            )
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
    with Dovecot() as server, tempfile.TemporaryDirectory(prefix="crm-bench-", dir=memory()) as scratch:
        user = server.account("bench")
        total = server.seed(user, "INBOX", letters(number))
        ours = Ours(server, user, Path(scratch))
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG_OBJECTS)  # as the program does
        peers = [Mbsync(server, user, Path(scratch), plain=plain) for plain in (False, True)]
        rows: list[tuple[str, list[float]]] = []
        steps: list[tuple[str, Callable[[], None]]] = [
            ("first sync", lambda: None),
            ("nothing changed", lambda: None),
            ("1 % changed", lambda: change(server, user, max(1, number // 100), 1)),
        ]
        for name, prepare in steps:
            prepare()
            before = processor()
            took, spent = [timed(ours.sync)], [processor()]
            for peer in peers:
                took.append(timed(peer.sync))
                spent.append(processor())
            rows.append((name, took))
            if name == "first sync":
                children = [after[1] - first[1] for first, after in pairwise([before, *spent])]
                rows.append(("  CPU; ours without its child", [spent[0][0] - before[0], *children[1:]]))
                rows.append(("  CPU of our child", [children[0]]))
                rows.append(("  first letters listed", [ours.first]))
                rows.append(("  all headers listed", [ours.headers]))
                rows.append(("  all headers listed, CPU", [ours.headers_cpu]))
                rows.append(("  peak RSS, MB", [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
        print(f"\n{total:,} letters on loopback, seconds   ours   mbsync   mbsync without COMPRESS")
        for name, seconds in rows:
            print(f"{name:34}" + "".join(f"{each:9.2f}" for each in seconds))
        ours.us.close()


def run_folders(folders: int = 55, changed: int = 50) -> None:
    """A look at many folders, without and with news: turns and bytes, at 50 ms a turn."""
    with Dovecot() as server, tempfile.TemporaryDirectory(prefix="crm-bench-", dir=memory()) as scratch:
        user = server.account("bench")
        other = OtherSide(server, user)
        names = [f"Folder {one:02}" for one in range(folders - 6)]
        other.make(*names)
        for name in names:
            server.seed(user, name, letters(20))
        ours = Ours(server, user, Path(scratch))
        with ChaosProxy(("127.0.0.1", server.imap_port)) as line:
            peer = Mbsync(server, user, Path(scratch), port=line.port)
            ours.us.through(line.port)
            ours.sync()
            ours.sync()
            peer.sync()
            line.delay = 0.025
            print(f"\n{folders} folders at 50 ms a turn            seconds   turns   bytes from the server")
            for name, prepare in (
                ("nothing changed", lambda: None),
                (
                    f"{changed} folders changed",
                    lambda: [other.append(one, letter(f"<n.{one}>")) for one in names[:changed]],
                ),
            ):
                prepare()
                for who, sync in (("ours", ours.sync), ("mbsync", peer.sync)):
                    before = line.traffic.round_trips, line.traffic.down
                    seconds = timed(sync)
                    turns, down = line.traffic.round_trips - before[0], line.traffic.down - before[1]
                    print(f"{name:24} {who:10} {seconds:9.2f} {turns:7} {down:10,}")
        other.close()
        ours.us.close()


def memory() -> str | None:
    """A folder in memory where there is one: what is measured is the program, not the disk."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--letters", type=int, nargs="*", default=[10_000])
    parser.add_argument("--folders", action="store_true")
    asked = parser.parse_args()
    if shutil.which("mbsync") is None:
        sys.exit("mbsync is what this is measured beside: apt-get install isync")
    if asked.folders:
        run_folders()
    for number in asked.letters:
        run(number)


if __name__ == "__main__":
    main()
