"""Row 8: a sync killed at any moment leaves a store that opens, and the next one converges."""

import hashlib
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_tui.domain.errors import NetworkTrouble
from crm_tui.domain.letter.flags import Flag
from crm_tui.store.health import check
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.responses import as_int
from tests.servers.chaos_proxy import ChaosProxy
from tests.servers.dovecot import Dovecot
from tests.sync.killed import Killer
from tests.sync.world import PLACEMENT, RAW, OtherSide, OurSide, letter

FOLDERS = ("INBOX", "Archive")


def digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def theirs(other: OtherSide) -> Counter[tuple[str, int, str]]:
    """Folder, UID and digest of every letter on the server."""
    found: Counter[tuple[str, int, str]] = Counter()
    for name in FOLDERS:
        other.session.select(tokens.mailbox(name), write=False)
        for each in other.session.fetch(b"1:*", b"(UID BODY.PEEK[])", expected=1 << 24):
            raw = each[b"BODY"]
            assert isinstance(raw, bytes)
            found[name, as_int(each[b"UID"]), digest(raw)] += 1
    return found


def ours(us: OurSide) -> Counter[tuple[str, int, str]]:
    """The same here."""
    names = {folder_id: name for name, folder_id in us.folders().items()}
    query = select(PLACEMENT.c.srv_folder_id, PLACEMENT.c.srv_uid, RAW.c.raw).join(
        RAW, RAW.c.letter_id == PLACEMENT.c.letter_id
    )
    with us.store.read() as connection:
        return Counter((names[row[0]], row[1], digest(row[2])) for row in connection.execute(query))


@pytest.mark.timeout(300)
def test_a_killed_sync_loses_and_doubles_nothing(
    dovecot: Dovecot, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    killed = kill_and_converge(dovecot, tmp_path, letters=120, kills=10, seed=8)
    assert killed >= 3  # a quick machine ends some of them in time
    figure(f"{killed} syncs killed, nothing lost or doubled")


def kill_and_converge(
    dovecot: Dovecot, folder: Path, *, letters: int, kills: int, seed: int,
    tell: Callable[[str], None] = lambda text: None,
) -> int:  # fmt: skip
    """Kill a sync so many times, with changes on both sides between; how many were really killed.

    Every other one is killed at a chosen point of its work, the rest at a moment of the clock.
    """
    chance = random.Random(seed)
    user = dovecot.account("killed")
    for number, name in enumerate(FOLDERS):
        raws = [
            letter(f"<{n}.{number}@x.example>", body="z" * chance.randint(1, 9000))
            for n in range(letters // 2)
        ]
        dovecot.seed(user, name, raws)
    other = OtherSide(dovecot, user)
    us = OurSide(folder / "crm.db", dovecot, user)
    killed = 0
    with Killer(us.path, us.account.key, dovecot.password) as killer:
        for turn in range(kills):
            points = {"point": chance.randint(3, 30)} if turn % 2 else {"seconds": chance.uniform(0.01, 0.2)}
            killed += killer.run(**points)  # type: ignore[arg-type]
            assert check(us.path) == []
            rows = us.rows()
            for row in chance.sample(rows, min(3, len(rows))):
                us.set_flags(row.id, row.flags ^ Flag.FLAGGED)
            for row in chance.sample(rows, min(2, len(rows))):
                us.move(row.id, chance.choice(FOLDERS))
            us.put("Archive", letter(f"<new.{turn}@x.example>")) if us.folders() else None
            other.append("INBOX", letter(f"<there.{turn}@x.example>"))
            if turn % 20 == 19:
                tell(f"{turn + 1} syncs, {killed} killed, {len(rows)} letters here")
    for _ in range(3):
        us.sync()
    assert ours(us) == theirs(other)
    state = other.state(*FOLDERS)
    assert {key: [place[:2] for place in places] for key, places in state.items()} == us.state()
    assert all(len(places) == 1 for places in state.values())
    tell(f"{killed} of {kills} syncs killed; {len(state)} letters, none lost, none twice, flags equal")
    other.close()
    us.close()
    return killed


@pytest.mark.timeout(300)
def test_a_bad_line_only_takes_longer(dovecot: Dovecot, tmp_path: Path) -> None:
    user = dovecot.account("badline")
    for name in FOLDERS:
        dovecot.seed(user, name, [letter(f"<{n}@{name}.example>", body="z" * 3000) for n in range(150)])
    us = OurSide(tmp_path / "crm.db", dovecot, user)
    other = OtherSide(dovecot, user)
    passes = 0
    with ChaosProxy(("127.0.0.1", dovecot.imap_port), seed=3, cut=(2_000, 400_000), chunk=700) as line:
        us.through(line.port)
        while ours_are_missing(us, other) and passes < 60:
            passes += 1
            with suppress(NetworkTrouble):
                us.sync()
        assert line.traffic.cuts > 0
    assert ours(us) == theirs(other)
    other.close()
    us.close()


def ours_are_missing(us: OurSide, other: OtherSide) -> bool:
    return ours(us) != theirs(other)


if __name__ == "__main__":  # python -m tests.assurance.test_assurance_08_killed_sync [KILLS] [SEED]
    given = [int(word) for word in sys.argv[1:]]
    with Dovecot() as made, tempfile.TemporaryDirectory(prefix="crm-killed-") as place:
        kill_and_converge(
            made, Path(place), letters=200, kills=(given or [200])[0], seed=(given[1:] or [2026])[0],
            tell=lambda text: print(text, flush=True),
        )  # fmt: skip
