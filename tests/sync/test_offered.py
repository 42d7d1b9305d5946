"""Capabilities used where they are offered, and where they are worth it (design/sync.md §0, §3.3, §4.5)."""

import zlib
from pathlib import Path
from typing import Any

import pytest

from crm_tui.domain.errors import BadConfig
from crm_tui.domain.letter.flags import Flag
from crm_tui.services.letter import folders
from crm_tui.sync.imap.connect import Deflated, GuardedImap4, Server
from crm_tui.sync.imap.conversation import ServerRefused
from crm_tui.sync.imap.session import Session
from tests.servers.chaos_proxy import ChaosProxy
from tests.servers.dovecot import Dovecot
from tests.sync.hostile import Line, hostile
from tests.sync.world import OtherSide, OurSide, letter


def fetched_bytes(us: OurSide, server: Dovecot) -> int:
    """What a pass brings over the line."""
    with ChaosProxy(("127.0.0.1", server.imap_port)) as line:
        us.through(line.port)
        us.sync()
        us.through(server.imap_port)
        return line.traffic.down


def mailbox(server: Dovecot, path: Path) -> OurSide:
    user = server.account("able")
    server.seed(user, "INBOX", [letter(f"<{n}@x.example>", body="слово и дело " * 200) for n in range(60)])
    return OurSide(path, server, user)


def test_a_far_server_compresses_what_is_fetched_and_a_near_one_does_not(
    dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = mailbox(dovecot, tmp_path / "near.db")
    plain = fetched_bytes(near, dovecot)
    near.close()
    monkeypatch.setattr(GuardedImap4, "is_near", lambda wire: False)
    far = mailbox(dovecot, tmp_path / "far.db")
    assert fetched_bytes(far, dovecot) < plain / 4
    assert far.bodies_missing() == 0
    commands: list[bytes] = []
    send = Session._send_all
    monkeypatch.setattr(Session, "_send_all", lambda self, lines: commands.extend(lines) or send(self, lines))
    far.sync()
    assert not any(line.startswith(b"COMPRESS") for line in commands)  # not worth a turn when nothing is new
    far.close()


def test_what_hides_a_flood_behind_few_bytes_is_let_out_in_pieces() -> None:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    flood = packer.compress(b"\0" * (40 << 20)) + packer.flush(zlib.Z_SYNC_FLUSH)
    stream = Deflated()
    assert len(stream.unpack(flood)) == 1 << 20
    assert stream.has_more
    with pytest.raises(ConnectionError):
        Deflated().unpack(b"\xff" * 100)
    assert Deflated().unpack(Deflated().pack(b"a1 NOOP\r\n")) == b"a1 NOOP\r\n"


def test_a_server_that_refuses_to_compress_is_left_in_peace(
    dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GuardedImap4, "is_near", lambda wire: False)
    really = Session.command

    def refused(session: Session, line: bytes, expected: int = 0) -> Any:
        if line.startswith(b"COMPRESS"):
            raise ServerRefused("server_refused", answer="NO [COMPRESSIONACTIVE] TLS does it")
        return really(session, line, expected)

    monkeypatch.setattr(Session, "command", refused)
    us = mailbox(dovecot, tmp_path / "crm.db")
    us.sync()
    assert us.bodies_missing() == 0
    us.close()


def test_a_server_whose_qresync_is_broken_loses_no_change(
    dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It enables QRESYNC, and answers BAD to a SELECT with it (design/sync.md §4.5, Purelymail)."""
    us = mailbox(dovecot, tmp_path / "crm.db")
    us.sync()
    other = OtherSide(dovecot, us.account.imap_user)
    other.open("INBOX").store(b"3", b"+", [b"\\Flagged"])
    other.open("INBOX").expunge(b"5:6")
    other.append("INBOX", letter("<new@x.example>"))
    really, asked = Session.command, []

    def refused(session: Session, line: bytes, expected: int = 0) -> Any:
        if b"(QRESYNC (" in line:
            asked.append(line)
            raise ServerRefused("server_refused", answer="BAD one parameter only")
        return really(session, line, expected)

    monkeypatch.setattr(Session, "command", refused)
    counts = us.sync()
    assert (counts.gone, counts.changed, counts.new, len(asked)) == (2, 1, 1, 1)
    flagged = [row for row in us.rows() if row.flags & Flag.FLAGGED]
    assert [row.srv_uid for row in flagged] == [3]
    other.close()
    us.close()


def test_a_new_folder_is_told_what_it_is_for_where_that_can_be_told(
    dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    us = OurSide(tmp_path / "crm.db", dovecot, dovecot.account("use"))
    us.sync()
    said: list[bytes] = []
    really = Session.command

    def heard(session: Session, line: bytes, expected: int = 0) -> Any:
        said.append(line)
        return really(session, line.replace(b" (USE (\\Archive))", b""), expected)

    monkeypatch.setattr(Session, "command", heard)
    has = Session.has
    monkeypatch.setattr(
        Session, "has", lambda session, what: what == "CREATE-SPECIAL-USE" or has(session, what)
    )
    with us.work() as work:
        folders.create(work, us.account.key, "Old letters", role="archive")
    us.sync()
    assert b'CREATE "Old letters" (USE (\\Archive))' in said
    assert "Old letters" in us.folders()
    us.close()


@pytest.mark.parametrize("offered", [b"", b" AUTH=PLAIN SASL-IR"])
def test_a_server_that_takes_no_login_is_sent_none(offered: bytes) -> None:
    def script(line: Line) -> None:
        line.say(b"* OK [CAPABILITY IMAP4rev1 LOGINDISABLED%s] ready\r\n" % offered)
        line.answer({})

    with hostile(script) as server, Session(Server("127.0.0.1", server.port, "none")) as session:
        if offered:
            session.login("me", "secret")
        else:
            with pytest.raises(BadConfig) as refused:
                session.login("me", "secret")
            assert refused.value.code == "login_disabled"
        assert not any(b" LOGIN " in line for line in server.sent)
