"""The program itself on a pty, its Mail screen over many letters, held to the budgets of ``design/terminal.md``.

    .venv/bin/python -m benchmarks.screen [--letters N …] [--full] [--folder DIR]

It measures with ``../shared/tools/ttyprobe.py``: start with and without the last frame, keys, opening, search, sort,
memory, and idling (60 s with ``--full``), at 120×40, 80×24 and as a vt220. Beside it neomutt, where installed, over a
Maildir of as many letters with a warm header cache. Stores and Maildirs stay in the folder for the next run.
"""

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Any

from benchmarks.letters import fill

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(os.environ.get("CRM_TOOLS") or ROOT.parent / "shared" / "tools")
PROBE = TOOLS / "ttyprobe.py"
OPENED = "20KB20KB"
"""A word at the head of the letter of 20 KB, which is the newest of the Inbox."""
NEWEST = "19.11"
"""The date of the first rows: once it is shown, the list is filled."""
READY = "Help"
"""What only the program itself shows, at the foot, and the picture of the first page does not."""
FOUND = "PO2376"
"""A word of a few letters."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is pressed, and its budget: p50 and p95 in ms, bytes."""

    title: str
    keys: str
    p50: float | None = None
    p95: float | None = None
    size: float | None = None
    peer: str = ""
    """The same in neomutt."""


def steps(page: int, idle: int) -> tuple[Step, ...]:
    """The keys pressed on a list of so many rows a page."""
    return (
        Step("", "wait:2500"),
        Step("cursor down", f"down*{page - 4}", 6, 16, 60, f"j*{page - 4}"),
        Step("", "down*10", peer="j*10"),
        Step("down, scrolling", "down*60", 6, 16, 300, "j*60"),
        Step("page down", "pagedown*20", None, None, None, "pagedown*20"),
        Step("end", "end", peer="end"),
        Step("home", "home", peer="home"),
        Step("open a letter of 20 KB", "enter", 60),
        Step("back", "q"),
        Step("sort by another column", "O", 100),
        Step("", "wait:1000"),
        Step("", "O,wait:1000,O,wait:1000,home,wait:500"),
        Step("", "/,wait:500"),
        Step("", f"text:{FOUND[:-1]},wait:1000"),
        Step("quick search, the last key", FOUND[-1], 150),
        Step("", "esc,wait:2000"),
        Step(f"idle {idle} s", f"wait:{idle * 1000}", None, None, 0, f"wait:{idle * 1000}"),
    )


def home_of(folder: Path, number: int) -> Path:
    """A ``CRM_HOME`` with so many letters, one of them of 20 KB."""
    from sqlalchemy import update

    from crm_tui.store.tables import Letter, LetterText, table_of

    home = folder / f"home-{number}"
    data = home / "data"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = fill(data / "crm.db", number)
    text = table_of(LetterText)
    long = OPENED + " " + "Договор поставки, счёт и акт сверки. " * 300
    with store.arrivals("benchmark") as work:
        inbox = work.connection.exec_driver_sql("SELECT id FROM folder WHERE role = 'inbox'").scalar_one()
        newest = work.connection.exec_driver_sql(
            f"SELECT letter_id FROM placement WHERE folder_id = {inbox} ORDER BY date_key DESC LIMIT 1"
        ).scalar_one()
        work.connection.execute(update(text).where(text.c.letter_id == newest).values(text=long))
        work.touch(Letter, [newest])
    store.close()
    return home


def reset(home: Path, *, preview: bool) -> None:
    """The Mail screen as at the first start, with the letter under the cursor shown in every view or in none."""
    from sqlalchemy import select

    from crm_tui.services import users
    from crm_tui.services.session import StoredSession
    from crm_tui.store.engine import Store
    from crm_tui.store.tables import Folder, table_of

    store = Store(home / "data" / "crm.db")
    folder = table_of(Folder)
    with store.read() as connection:
        inbox = connection.execute(select(folder.c.id).where(folder.c.role == "inbox")).scalar_one()
    views = dict.fromkeys(("normal", "horizontal", "vertical"), preview)
    session = StoredSession(store, users.current(store).key)
    session.save("MailScreen", {"folder": inbox, "previews": views})
    session.save("app", {"mode": "mail"})
    store.close()


def probe(command: Sequence[str], until: str, keys: str, *options: str, **environment: str) -> dict[str, Any]:
    """One run of ttyprobe."""
    given = [f"--env={name}={value}" for name, value in environment.items()]
    whole = [sys.executable, str(PROBE), "--json", "--timeout", "300", "--modes", "2026", *options, *given]
    done = subprocess.run(
        [*whole, "--until", until, "--keys", keys, "--", *command], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def crm(
    home: Path, until: str, keys: str, size: str, term: str, *options: str, through: Sequence[str] = ()
) -> dict[str, Any]:
    """The program over a ``CRM_HOME``, behind what it goes ``through``."""
    environment = {"CRM_HOME": str(home), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    command = [*through, sys.executable, "-m", "crm_tui"]
    return probe(command, until, keys, "--size", size, "--term", term, *options, **environment)


def told(what: str, value: float, limit: float, processor: float | None = None) -> bool:
    """Print a figure beside its limit, and the processor time of one key in milliseconds."""
    beside = "" if processor is None else f"   CPU {processor:.1f}"
    print(f"{what:50}{value:10.1f}   (≤ {limit:g}){'' if value <= limit else '  over'}{beside}", flush=True)
    return value <= limit


def starts(home: Path, size: str, term: str, runs: int) -> dict[str, float]:
    """Medians of a start without a kept frame (ms to the letters, to the program itself, its CPU), and with one."""
    found: dict[str, list[float]] = {"letters": [], "program": [], "cpu": [], "frame": []}
    for _ in range(runs):
        (home / "cache" / "frame").unlink(missing_ok=True)
        start = crm(home, NEWEST, "wait:100", size, term)["start"]
        found["letters"].append(start["until_ms"])
        start = crm(home, READY, "wait:1500,ctrl+q", size, term)["start"]
        found["program"].append(start["until_ms"])
        found["cpu"].append(start["cpu_ms"])
        found["frame"].append(crm(home, NEWEST, "wait:2500,ctrl+q", size, term)["start"]["until_ms"])
    return {name: statistics.median(values) for name, values in found.items()}


def maildir(folder: Path, number: int) -> Path:
    """The peer's mailbox: the letters of our Inbox, without their texts."""
    box = folder / f"maildir-{number}"
    if not (box / "ready").exists():
        shutil.rmtree(box, ignore_errors=True)
        for part in ("cur", "new", "tmp"):
            (box / part).mkdir(parents=True)
        store = sqlite3.connect(folder / f"home-{number}" / "data" / "crm.db")
        for row in store.execute(
            "SELECT letter.id, subject, sender_name, sender_address, date_key FROM placement "
            "JOIN letter ON letter.id = letter_id JOIN folder ON folder.id = folder_id WHERE role = 'inbox'"
        ):
            letter_id, subject, name, address, date = row
            (box / "cur" / f"{letter_id}.bench:2,S").write_text(
                f"From: {name} <{address}>\nTo: me@example.org\nSubject: {subject}\n"
                f"Message-ID: <{letter_id}@example.com>\nDate: {formatdate(date)}\n"
                "Content-Type: text/plain; charset=utf-8\n\nТекст.\n",
                "utf-8",
            )
        store.close()
        (box / "ready").touch()
    return box


def neomutt(folder: Path, number: int, size: str, keys: str) -> dict[str, Any] | None:
    """The peer, run twice: the first run fills its header cache."""
    if shutil.which("neomutt") is None:
        return None
    settings = folder / "neomuttrc"
    settings.write_text(
        f'set header_cache="{folder}/hcache-{number}"\nset folder="{folder}"\nset sort=reverse-date\n'
        "set mail_check=0\nset timeout=600\nset sleep_time=0\nset quit=yes\nset maildir_header_cache_verify=no\n"
    )
    command = ["neomutt", "-n", "-F", str(settings), "-f", str(maildir(folder, number))]
    environment = {"HOME": str(folder), "LC_ALL": "C.UTF-8"}
    probe(command, "NeoMutt:", "wait:500,q", "--size", size, **environment)
    return probe(command, "NeoMutt:", keys, "--size", size, **environment)


def measure(home: Path, folder: Path, number: int, size: str, term: str, options: argparse.Namespace) -> None:
    """Print one table."""
    columns, lines = map(int, size.split("x"))
    pressed = steps(lines - 3, 60 if options.full else 5)
    print(f"\n{number:,} letters · {columns}×{lines} · {term}")
    peer = None
    if term != "vt220":
        peer = neomutt(folder, number, size, ",".join(step.peer for step in pressed if step.peer))
    reset(home, preview=True)
    start = starts(home, size, term, options.runs)
    beside = f"   neomutt, cache warm: {peer['start']['until_ms']:.0f} ms" if peer else ""
    print(f"start to the last frame {start['frame']:.0f} ms (budget 100)")
    print(f"start to the letters, without a last frame {start['letters']:.0f} ms (budget 600){beside}")
    print(f"start to the first key answered {start['program']:.0f} ms, {start['cpu']:.0f} ms of CPU")
    reset(home, preview=False)
    ours = crm(home, NEWEST, ",".join(step.keys for step in pressed), size, term, "--quiet", "150")
    _table(pressed, ours, peer)
    memory = ours["peak_rss_mb"]
    limit = 110 if number <= 100_000 else 130
    theirs = f", neomutt {peer['peak_rss_mb']} MB" if peer else ""
    print(f"RSS {memory} MB (budget {limit}{theirs}){_over(memory, limit)}")
    reset(home, preview=True)
    rest = crm(home, NEWEST, "wait:2500,down*12", size, term, "--quiet", "250")["keys"][-1]
    print(f"preview on, after the cursor rests: one update of {rest['bytes']['p50']} bytes")


def _table(pressed: Sequence[Step], ours: dict[str, Any], peer: dict[str, Any] | None) -> None:
    """Keys, their figures, their budgets and the peer's."""
    heads = f"{'p50 ms':>9}{'p95 ms':>9}{'bytes':>8}{'CPU ms':>8}{'budget':>16}"
    print(f"{'':28}{heads}{'neomutt ms/bytes':>20}{'ratio':>7}")
    rows = iter(ours["keys"])
    peers = iter(peer["keys"] if peer else ())
    for step in pressed:
        row = [next(rows) for _ in step.keys.split(",")][-1]
        theirs = next(peers, None) if step.peer else None
        if not step.title:
            continue
        times, sent = row["last_ms"], row["bytes"]["p50"]
        size = step.size
        if step.title == "page down" and theirs:
            size = round(1.1 * theirs["bytes"]["p50"])
        budget = "/".join("-" if limit is None else f"{limit:g}" for limit in (step.p50, step.p95, size))
        over = _over(times["p50"], step.p50) or _over(times["p95"], step.p95) or _over(sent, size)
        beside = f"{_ms(theirs['last_ms']['p50'])}/{theirs['bytes']['p50']}" if theirs else "-"
        ratio = f"{sent / theirs['bytes']['p50']:.2f}" if theirs and theirs["bytes"]["p50"] else "-"
        print(
            f"{step.title:28}{_ms(times['p50']):>9}{_ms(times['p95']):>9}{sent:>8}{row['cpu_ms']:>8.1f}{budget:>16}{beside:>20}{ratio:>7}{over}"
        )
        if step.title.startswith("idle"):
            print(f"{'':28}CPU {row['cpu_ms']:.0f} ms")


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _over(value: float | None, limit: float | None) -> str:
    return "  over budget" if limit is not None and value is not None and value > limit else ""


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="The Mail screen on a pty, held to its budgets.")
    parser.add_argument("--letters", type=int, nargs="+", default=[100_000])
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / f"crm-bench-{os.getuid()}"
    )
    parser.add_argument("--runs", type=int, default=3, help="starts, of which the median is taken")
    parser.add_argument("--full", action="store_true", help="idle for 60 s, and all sizes for every number")
    options = parser.parse_args()
    if not PROBE.exists():
        print(f"{PROBE} is not there", file=sys.stderr)
        return 1
    options.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.pop("COLORTERM", None)
    for number in options.letters:
        home = home_of(options.folder, number)
        for size, term in (("120x40", "xterm-256color"), ("80x24", "xterm-256color"), ("120x40", "vt220")):
            measure(home, options.folder, number, size, term, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
