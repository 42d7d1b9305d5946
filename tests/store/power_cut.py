"""Power cuts replayed: every state a disk could be in after one, rebuilt from what a program wrote (strace).

The model: what was written to a file is on the disk once that file was synced; of what was written since, any part
may be there, in any order, torn at 512 bytes. Syncs of folders are not modelled: names are taken as kept.
By hand: ``.venv/bin/python -m tests.store.power_cut 1000``.
"""

import random
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from crm_tui.store import driver, health
from tests.corpora import ROOT
from tests.store.committing import COMMITS

CALLS = "openat,close,pwrite64,write,fsync,fdatasync,ftruncate,unlink"
Image = dict[str, bytearray]


@dataclass(frozen=True)
class Act:
    """Something the program did: ``write``, ``truncate``, ``sync``, ``unlink`` of a file, or ``ack``."""

    kind: str
    file: str = ""
    offset: int = 0
    data: bytes = b""


def record(folder: Path) -> list[Act]:
    """What the workload did to the files of its store."""
    log = folder / "strace.log"
    watched = [sys.executable, "-m", "tests.store.committing", str(folder / "written" / "crm.db")]
    subprocess.run(
        ["strace", "-f", "-xx", "-s", "200000", "-e", f"trace={CALLS}", "-o", str(log), *watched],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=100,
    )
    files: dict[int, str] = {}
    acts: list[Act] = []
    for line in log.read_text().splitlines():
        match = re.match(r"^\d+\s+(\w+)\((.*)\)\s*=\s*(-?\d+)", line)
        if match is not None and int(match[3]) >= 0:
            _act(match[1], match[2], int(match[3]), files, acts)
    return acts


def survivors(acts: list[Act], chance: random.Random) -> Image:
    """The files after a power cut behind the last of these acts."""
    synced = {act.file: number for number, act in enumerate(acts) if act.kind == "sync"}
    image: Image = {}
    policy = chance.choice(["none", "all", "some", "torn"])
    for number, act in enumerate(acts):
        if act.kind in ("ack", "sync"):
            continue
        data = act.data
        if number >= synced.get(act.file, -1) and act.kind != "unlink":
            if policy == "none" or (policy == "some" and chance.random() < 0.5):
                continue
            if policy == "torn" and chance.random() < 0.5:
                data = data[: chance.randrange(len(data) // 512 + 1) * 512]
        _apply(image, act, data)
    return image


def wrong(image: Image, folder: Path, acknowledged: int) -> str:
    """What is wrong with a store whose files are these; empty when all is well."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in image.items():
        (folder / name).write_bytes(data)
    path = folder / "crm.db"
    if not image.get("crm.db"):
        return "" if acknowledged < 0 else "the store is gone"
    connection = driver.dbapi.connect(str(path))
    try:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'outbox'").fetchone():
            return "" if acknowledged < 0 else "the tables are gone"
        counts = [
            connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("task", "outbox", "journal_entry")
        ]
    except driver.dbapi.DatabaseError as error:
        return str(error)
    finally:
        connection.close()
    prepared = counts[2] > 0
    if verdict != "ok" or counts[0] != counts[1] or counts[2] != counts[0] + prepared:
        return f"{verdict}, half a commit: {counts}"
    if counts[0] < acknowledged:
        return f"{acknowledged} commits acknowledged, {counts[0]} there"
    return "; ".join(map(str, health.check(path)))


def main(states: int, seed: int = 7) -> int:
    """Replay so many power cuts; how many stores were spoilt."""
    chance = random.Random(seed)
    bad: list[str] = []
    with tempfile.TemporaryDirectory(prefix="crm-power-") as name:
        folder = Path(name)
        acts = record(folder)
        said = [number for number, act in enumerate(acts) if act.kind == "ack"]
        assert len(said) == COMMITS + 1, "the log of strace is not understood"
        for _ in range(states):
            # Half of the cuts while the tables are made, they are most of the writing; half while rows are.
            end = (
                chance.randrange(1, len(acts))
                if chance.random() < 0.3
                else chance.randrange(said[0], len(acts))
            )
            acknowledged = sum(number < end for number in said) - 1
            found = wrong(survivors(acts[:end], chance), folder / "after", acknowledged)
            if found:
                bad.append(f"cut behind act {end}: {found}")
    print(f"{len(acts)} acts, {states} power cuts, {len(bad)} stores spoilt {bad[:3]}")
    return len(bad)


def _act(call: str, arguments: str, result: int, files: dict[int, str], acts: list[Act]) -> None:
    if call == "openat":
        name = Path(_text(arguments).decode(errors="replace")).name
        files[result] = name if re.fullmatch(r"crm\.db(-wal|-journal)?", name) else ""
        return
    if call == "unlink":
        acts.append(Act("unlink", Path(_text(arguments).decode(errors="replace")).name))
        return
    descriptor = int(arguments.split(",")[0])
    file = files.get(descriptor, "")
    if call == "close":
        files.pop(descriptor, None)
    elif call == "write":
        if descriptor == 1:
            acts.append(Act("ack"))
    elif not file:
        return
    elif call in ("fsync", "fdatasync"):
        acts.append(Act("sync", file))
    elif call == "pwrite64":
        acts.append(Act("write", file, int(arguments.rsplit(",", 1)[1]), _text(arguments)))
    elif call == "ftruncate":
        acts.append(Act("truncate", file, int(arguments.split(",")[1])))


def _apply(image: Image, act: Act, data: bytes) -> None:
    if act.kind == "unlink":
        image.pop(act.file, None)
        return
    content = image.setdefault(act.file, bytearray())
    if act.kind == "truncate":
        del content[act.offset :]
    end = act.offset + len(data)
    if len(content) < end:
        content.extend(b"\0" * (end - len(content)))
    content[act.offset : end] = data


def _text(arguments: str) -> bytes:
    match = re.search(r'"([^"]*)"', arguments)
    assert match is not None
    return bytes.fromhex(match[1].replace("\\x", ""))


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]), *map(int, sys.argv[2:3])) else 0)
