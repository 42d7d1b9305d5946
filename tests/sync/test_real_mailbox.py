"""A real mailbox of 5,214 letters comes whole, changes nothing on the server, and stays equal both ways."""

import gzip
import mailbox
from collections import Counter
from pathlib import Path

import pytest

from crm_tui.domain.letter.flags import Flag
from crm_tui.sync import plan
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.responses import as_int
from tests import corpora
from tests.servers.dovecot import Dovecot
from tests.sync.world import OtherSide, OurSide

FOLDERS = ("INBOX", "Archive", "Листы")


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The letters of usrp-users."""
    found: list[bytes] = []
    place = tmp_path_factory.mktemp("mbox")
    for archive in sorted((corpora.folder("mail_bulk") / "usrp-users").glob("*.mbox.gz")):
        plain = place / archive.stem
        plain.write_bytes(gzip.decompress(archive.read_bytes()))
        box = mailbox.mbox(plain)
        found += [bytes(box.get_bytes(key)) for key in box.keys()]  # noqa: SIM118 - mbox iterates messages
        box.close()
    return found


Server = dict[tuple[str, int], int]


def on_server(other: OtherSide) -> Server:
    """(folder, UID) → flags, of everything on the server."""
    found: Server = {}
    for name in FOLDERS:
        other.session.select(tokens.mailbox(name), write=False)
        for each in other.session.fetch(b"1:*", b"(UID FLAGS)"):
            if b"FLAGS" in each:
                found[name, as_int(each[b"UID"])] = plan.bits(tokens.words(each[b"FLAGS"]))
    return found


def here(us: OurSide) -> Server:
    """The same as known here; what is desired must be equal to what is known."""
    rows = us.rows()
    assert all(row.flags == row.srv_flags and row.folder_id == row.srv_folder_id for row in rows)
    return {(row.srv_name, row.srv_uid): row.flags for row in rows}


@pytest.mark.timeout(240)
def test_mail_08_a_real_mailbox_converges_both_ways(
    letters: list[bytes], dovecot: Dovecot, tmp_path: Path
) -> None:
    user = dovecot.account("usrp")
    parts = {"INBOX": letters[:4000], "Archive": letters[4000:5000], "Листы": letters[5000:]}
    for name, some in parts.items():
        dovecot.seed(user, name, some[: len(some) // 2], ["\\Seen"])
        dovecot.seed(user, name, some[len(some) // 2 :])
    other = OtherSide(dovecot, user)
    before = on_server(other)
    assert len(before) == len(letters) == 5214

    us = OurSide(tmp_path / "crm.db", dovecot, user)
    first = us.sync()
    assert (first.new, first.bodies) == (5214, first.bodies)
    assert here(us) == before
    assert Counter(name for name, _ in here(us)) == {name: len(some) for name, some in parts.items()}
    assert on_server(other) == before
    assert us.bodies_missing() == 0

    assert not us.sync().any()
    assert on_server(other) == before

    ours, theirs = change_here(us), change_there(other)
    us.sync()
    us.sync()
    after = on_server(other)
    assert here(us) == after
    assert len(after) == 5214 - 20
    assert Counter(name for name, _ in after) == {
        "INBOX": 4000 - 20 - 40, "Archive": 1000 + 20, "Листы": 214 + 20
    }  # fmt: skip
    flagged = {place for place, flags in after.items() if flags & Flag.FLAGGED}
    assert len(flagged) == 100
    assert {("INBOX", uid) for uid in ours | theirs} == flagged
    assert not us.sync().any()
    other.close()
    us.close()


def change_here(us: OurSide) -> set[int]:
    """50 flags, 20 moves, 10 deletions here; the UIDs of the flagged."""
    rows = [row for row in us.rows() if row.srv_name == "INBOX"][:1000]
    for row in rows[:50]:
        us.set_flags(row.id, row.flags | Flag.FLAGGED)
    for row in rows[100:120]:
        us.move(row.id, "Archive")
    for row in rows[200:210]:
        us.delete(row.id)
    return {row.srv_uid for row in rows[:50]}


def change_there(other: OtherSide) -> set[int]:
    """As many on the server, on other letters."""
    session = other.open("INBOX")
    uids = sorted(session.all_uids())[1500:2500]
    session.store(tokens.compact(uids[:50]), b"+", [b"\\Flagged"])
    session.move(tokens.compact(uids[100:120]), tokens.mailbox("Листы"))
    session.expunge(tokens.compact(uids[200:210]))
    return set(uids[:50])
