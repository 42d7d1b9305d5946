"""Each capability absent in turn, down to bare IMAP4rev1: the same mailbox comes out, and nothing is asked for that
was not offered (Done-when 2 of the mail workstation)."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from crm_tui.domain.letter.flags import Flag
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.conversation import Conversation
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot, free_ports
from tests.sync.world import OtherSide, OurSide, letter

FULL = (
    "IMAP4rev1", "LITERAL+", "ENABLE", "IDLE", "NAMESPACE", "UNSELECT", "LIST-EXTENDED", "LIST-STATUS",
    "SPECIAL-USE", "UIDPLUS", "MOVE", "ESEARCH", "CONDSTORE", "QRESYNC",
)  # fmt: skip
NEEDS = {
    "LITERAL+": rb"\{\d+\+\}",
    "ENABLE": rb"^\S+ ENABLE\b",
    "IDLE": rb"^\S+ IDLE\b",
    "NAMESPACE": rb"^\S+ NAMESPACE\b",
    "UNSELECT": rb"^\S+ UNSELECT\b",
    "LIST-EXTENDED": rb"^\S+ LIST .* RETURN \(",
    "LIST-STATUS": rb"^\S+ LIST .* RETURN \(.*STATUS \(",
    "SPECIAL-USE": rb"^\S+ LIST .*SPECIAL-USE",
    "UIDPLUS": rb"^\S+ UID EXPUNGE\b",
    "MOVE": rb"^\S+ UID MOVE\b",
    "ESEARCH": rb"^\S+ (UID )?SEARCH RETURN\b",
    "QRESYNC": rb"QRESYNC",
    "CREATE-SPECIAL-USE": rb"^\S+ CREATE .*\(USE",
    "COMPRESS=DEFLATE": rb"^\S+ COMPRESS\b",
    "OBJECTID": rb"MAILBOXID|EMAILID",
    "X-GM-EXT-1": rb"X-GM-",
    "NOTIFY": rb"^\S+ NOTIFY\b",
}
"""What a command looks like that needs a capability. CONDSTORE: see ``forbidden``."""
TOLD = {
    "all": FULL,
    **{f"without {name}": tuple(word for word in FULL if word != name) for name in FULL[1:]},
    "bare": ("IMAP4rev1",),
}
FOLDERS = ("INBOX", "Archive", "Sent", "Work")


def forbidden(told: tuple[str, ...]) -> re.Pattern[bytes]:
    """What may not be said to a server that tells of these capabilities."""
    patterns = [pattern for name, pattern in NEEDS.items() if name not in told]
    if not {"CONDSTORE", "QRESYNC"} & {*told}:  # RFC 7162: the second brings the first along
        patterns.append(rb"HIGHESTMODSEQ|CHANGEDSINCE|\(CONDSTORE\)|UNCHANGEDSINCE|MODSEQ")
    return re.compile(b"|".join(b"(?:%s)" % pattern for pattern in patterns), re.IGNORECASE | re.MULTILINE)


@pytest.fixture(scope="module")
def server(authority: Authority) -> Iterator[Dovecot]:
    """One server that tells something else of itself on every address of loopback."""
    if not Dovecot.available():
        pytest.skip("Dovecot is absent")
    (port,) = free_ports(1)
    blocks = []
    for number, words in enumerate(TOLD.values(), 2):
        address = f"127.0.0.{number}"
        listener = f"inet_listener imap{number} {{\n address = {address}\n port = {port}\n}}\n"
        blocks.append(
            f"local {address} {{\n protocol imap {{\n imap_capability = {' '.join(words)}\n}}\n}}\n"
        )
        blocks.append(f"service imap-login {{\n{listener}}}\n")
    with Dovecot(authority=authority, extra="".join(blocks)) as made:
        made.imap_port = port
        yield made


@contextmanager
def wire_log() -> Iterator[list[bytes]]:
    """All that is said to servers meanwhile."""
    said: list[bytes] = []
    write = Conversation._write

    def logged(conversation: Conversation, data: bytes) -> None:
        said.append(data)
        write(conversation, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Conversation, "_write", logged)
        yield said


@pytest.mark.parametrize("told", TOLD)
def test_mail_08_only_what_a_server_offers_is_used(server: Dovecot, told: str, tmp_path: Path) -> None:
    host = f"127.0.0.{2 + list(TOLD).index(told)}"
    user = server.account("capabilities")
    with (
        closing(OurSide(tmp_path / "crm.db", server, user)) as us,
        closing(OtherSide(server, user, host=host)) as other,
    ):
        us.account.imap_host = host
        commands = converse(us, other, TOLD[told])
    assert forbidden(TOLD[told]).findall(commands) == []
    if told == "all":  # else the table would prove nothing
        used = {name for name in FULL[1:] if name in NEEDS and re.search(NEEDS[name], commands, re.MULTILINE)}
        assert used == {*FULL[1:]} - {"CONDSTORE", "IDLE", "UNSELECT", "ESEARCH"}


def converse(us: OurSide, other: OtherSide, told: tuple[str, ...]) -> bytes:
    """Let both sides change what they like until they are equal; all that our side said."""
    assert other.session.capabilities == {word.upper() for word in told}
    other.make("Work")
    for number in range(12):
        other.append("INBOX" if number % 2 else "Work", letter(f"<{number}@x.example>"))
    with wire_log() as said:
        us.sync()
        act_here(us)
        act_there(other)
        us.sync()
        us.sync()
    there = {key: [place[:2] for place in places] for key, places in other.state(*FOLDERS).items()}
    assert there == us.state()
    assert sorted(there) == sorted(
        [*(f"{number}@x.example" for number in range(12) if number not in (3, 5)), "new"]
    )
    assert there["7@x.example"] == [("Archive", 0)]
    assert there["9@x.example"] == [("INBOX", Flag.SEEN | Flag.FLAGGED)]
    return b"\n".join(line for data in said for line in data.split(b"\r\n"))


def act_here(us: OurSide) -> None:
    """A flag, a move, a deletion, a copy, a letter of our own, and a new folder."""
    rows = {row.message_id: row for row in us.rows()}
    us.set_flags(rows["9@x.example"].id, Flag.FLAGGED)
    us.move(rows["7@x.example"].id, "Archive")
    us.delete(rows["3@x.example"].id)
    us.put("Sent", letter("<new>"))
    us.create_folder("Мои")


def act_there(other: OtherSide) -> None:
    """A flag and a deletion of the other device."""
    session = other.open("INBOX")
    session.store(tokens.compact(session.find_message_id("<9@x.example>")), b"+", [b"\\Seen"])
    session.store(tokens.compact(session.find_message_id("<5@x.example>")), b"+", [b"\\Deleted"])
    session.command(b"EXPUNGE")
