"""Many random weeks of two devices at one mailbox; each prints a seed that brings it back when it went wrong.

python -m tests.sync.model --runs 1000 --seed N [--server dovecot|cyrus|own] [--profile …] [--faults …]
"""

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import ExitStack
from itertools import product
from pathlib import Path

from tests.servers.cyrus import Cyrus
from tests.servers.dovecot import Dovecot
from tests.servers.own import OwnServer
from tests.sync.week import FAULTS, Week
from tests.sync.world import MailServer

BASE = "IMAP4rev1 LITERAL+"
PROFILES: dict[str, str | None] = {
    "full": None,
    "gmail": f"{BASE} UIDPLUS MOVE CONDSTORE ENABLE LIST-EXTENDED LIST-STATUS SPECIAL-USE ESEARCH",
    "exchange": f"{BASE} UIDPLUS MOVE",
    "no_move": f"{BASE} UIDPLUS",
    "bare": "IMAP4rev1",
}
"""What a Dovecot tells of itself (``imap_capability``)."""
_PLAIN = "QRESYNC CONDSTORE LIST-STATUS LIST-EXTENDED SPECIAL-USE ENABLE OBJECTID"
SUPPRESSED = {
    "full": "",
    "gmail": "QRESYNC",
    "exchange": _PLAIN,
    "no_move": f"{_PLAIN} MOVE",
    "bare": f"{_PLAIN} MOVE UIDPLUS LITERAL+ IDLE ESEARCH",
}
"""The same for Cyrus, which is told what to leave out."""


def main() -> int:
    """Run weeks over all profiles and faults in turn, or over those asked for; 1 when one went wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=45)
    parser.add_argument("--seed", type=int, default=1, help="of the first run; each later one has the next")
    parser.add_argument("--server", choices=("dovecot", "cyrus", "own"), default="dovecot")
    parser.add_argument("--profile", choices=tuple(PROFILES), action="append")
    parser.add_argument("--faults", choices=FAULTS, action="append")
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument(
        "--diary", action="store_true", help="print all that happened in a week that went wrong"
    )
    asked = parser.parse_args()
    profiles = asked.profile or (list(PROFILES) if asked.server != "own" else ["full"])
    faults = [name for name in asked.faults or FAULTS if name != "uidvalidity" or asked.server == "dovecot"]
    return run(
        asked.server, list(product(profiles, faults)), asked.runs, asked.seed, asked.steps, asked.diary
    )


def run(kind: str, kinds: list[tuple[str, str]], runs: int, first: int, steps: int, diary: bool) -> int:
    """The weeks, one after the other; a kind of week (profile, faults) is given by its seed."""
    counts: Counter[str] = Counter()
    start = time.monotonic()
    with ExitStack() as stack:
        servers: dict[str, MailServer] = {}
        for number in range(first, first + runs):
            profile, faults = kinds[number % len(kinds)]
            if profile not in servers:
                servers[profile] = stack.enter_context(_server(kind, profile))
            with tempfile.TemporaryDirectory(prefix="crm-week-", dir=_memory()) as folder:
                week = Week(servers[profile], Path(folder) / "crm.db", number, faults, steps)
                try:
                    found = week.run()
                except Exception:  # the next week is to be lived all the same
                    found = [" | ".join(traceback.format_exc().split("\n")[-8:-1])[-700:]]
            counts.update(runs=1, letters=len(week.told), faults=week.hits, wrong=bool(found))
            for line in [*(week.diary if found and diary else []), *found]:
                print(f"seed {number} {kind} {profile} {faults}: {line}", flush=True)
    seconds = time.monotonic() - start
    print(f"{kind}, seeds {first}–{first + runs - 1}: {dict(counts)} in {seconds:.0f} s")
    return 1 if counts["wrong"] else 0


def _server(kind: str, profile: str) -> "Dovecot | Cyrus | OwnServer":
    """A server that tells only of what the profile has."""
    if kind == "cyrus":
        return Cyrus(suppress=SUPPRESSED[profile])
    if kind == "own":
        return OwnServer()
    return Dovecot(imap_capability=PROFILES[profile])


def _memory() -> str | None:
    """A folder in memory where there is one: a week commits thousands of times."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


if __name__ == "__main__":
    sys.exit(main())
