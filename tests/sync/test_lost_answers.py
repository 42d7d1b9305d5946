"""What was sent and never answered, and what moved while a folder could not be looked into (sync.md §4.3, §4.6)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_tui.domain.errors import NetworkTrouble
from crm_tui.domain.letter.flags import Flag
from crm_tui.sync import engine, flights, headers
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.session import Session
from crm_tui.sync.passing import TOMB, Listed, Pass
from crm_tui.sync.pull import NewLetters
from crm_tui.sync.settle import settle
from tests.servers.certificates import Authority
from tests.servers.dovecot import PLAIN_SERVER, Dovecot
from tests.sync.world import OtherSide, OurSide, letter, refusing

KEY = "a@x.example"
FOLDERS = ("INBOX", "Archive", "Trash")


class Mailbox:
    """One letter in the inbox, known to both sides."""

    def __init__(self, server: Dovecot, path: Path) -> None:
        user = server.account("answers")
        self.us = OurSide(path, server, user)
        self.other = OtherSide(server, user)
        self.other.append("INBOX", letter(f"<{KEY}>"))
        self.us.sync()

    def mark(self, flags: int) -> None:
        """Mark the letter here."""
        (row,) = self.us.rows()
        self.us.set_flags(row.id, flags)

    def move_there(self, folder: str) -> None:
        """The other program moves it."""
        ((old, _flags, uid),) = self.other.state(*FOLDERS)[KEY]
        self.other.open(old).move(b"%d" % uid, tokens.mailbox(folder))

    def equal(self) -> list[tuple[str, int]]:
        """Where it is and its flags, the same on both sides."""
        there = [(name, flags) for name, flags, _uid in self.other.state(*FOLDERS).get(KEY, [])]
        assert there == self.us.state().get(KEY, [])
        return there

    def close(self) -> None:
        self.other.close()
        self.us.close()


@pytest.fixture
def mailbox(dovecot: Dovecot, tmp_path: Path) -> Iterator[Mailbox]:
    made = Mailbox(dovecot, tmp_path / "crm.db")
    yield made
    made.close()


@contextmanager
def answer_lost(command: str) -> Iterator[None]:
    """The command runs on the server; the line breaks before we hear of it."""
    really = getattr(Session, command)

    def lost(session: Session, *arguments: object) -> None:
        really(session, *arguments)
        raise NetworkTrouble("connection_failed", reason="test")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, command, lost)
        yield


@pytest.mark.parametrize("moved", [False, True])
def test_mail_08_our_own_echo_does_not_undo_what_was_changed_since(mailbox: Mailbox, moved: bool) -> None:
    mailbox.mark(Flag.FLAGGED | Flag.SEEN)
    with answer_lost("store"), pytest.raises(NetworkTrouble):
        mailbox.us.sync()
    assert mailbox.other.state("INBOX")[KEY][0][1] == Flag.FLAGGED | Flag.SEEN
    mailbox.mark(Flag.SEEN)
    if moved:
        mailbox.move_there("Archive")
    mailbox.us.sync()
    assert mailbox.equal() == [("Archive" if moved else "INBOX", Flag.SEEN)]
    mailbox.us.sync()
    assert mailbox.equal() == [("Archive" if moved else "INBOX", Flag.SEEN)]


def test_mail_08_what_the_other_device_did_beside_our_echo_counts(mailbox: Mailbox) -> None:
    mailbox.mark(Flag.FLAGGED)
    with answer_lost("store"), pytest.raises(NetworkTrouble):
        mailbox.us.sync()
    mailbox.other.open("INBOX").store(b"1", b"+", [b"\\Answered"])
    mailbox.mark(0)
    mailbox.us.sync()
    assert mailbox.equal() == [("INBOX", Flag.ANSWERED)]


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("change", ["flag", "move", "delete"])
def test_mail_08_a_change_goes_over_to_the_place_that_was_seen_first(
    mailbox: Mailbox, change: str, times: int
) -> None:
    (row,) = mailbox.us.rows()
    if change == "flag":
        mailbox.us.set_flags(row.id, Flag.FLAGGED)
    elif change == "move":
        mailbox.us.move(row.id, "Trash")
    else:
        mailbox.us.delete(row.id)
    mailbox.move_there("Archive")
    with refusing(b"INBOX"):
        for _ in range(times):
            mailbox.us.sync()
    mailbox.us.sync()
    wanted = {"flag": [("Archive", Flag.FLAGGED)], "move": [("Trash", 0)], "delete": []}
    assert mailbox.equal() == wanted[change]
    mailbox.us.sync()
    assert mailbox.equal() == wanted[change]


@pytest.mark.parametrize("change", ["flag", "delete", "move"])
def test_mail_08_a_letter_that_is_moved_during_a_pass_keeps_our_change(
    mailbox: Mailbox, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = mailbox.us.rows()
    if change == "flag":
        mailbox.us.set_flags(row.id, Flag.FLAGGED)
    elif change == "move":
        mailbox.us.move(row.id, "Trash")
    else:
        mailbox.us.delete(row.id)

    def late(run: Pass, listed: Listed) -> None:
        mailbox.move_there("Archive")
        settle(run, listed)

    with monkeypatch.context() as patch:
        patch.setattr(engine, "settle", late)
        patch.setattr(engine, "_MOST_ROUNDS", 1)
        mailbox.us.sync()
    mailbox.us.sync()
    wanted = {"flag": [("Archive", Flag.FLAGGED)], "move": [("Trash", 0)], "delete": []}
    assert mailbox.equal() == wanted[change]


def test_mail_08_a_letter_is_not_given_up_while_its_new_folder_is_shut(mailbox: Mailbox) -> None:
    (before,) = mailbox.us.rows()
    mailbox.us.set_flags(before.id, Flag.FLAGGED)
    mailbox.move_there("Archive")
    with refusing(b"Archive"):
        mailbox.us.sync()
    mailbox.us.sync()
    (after,) = mailbox.us.rows()
    assert after.id == before.id, "what hangs on the letter stays on it"
    assert mailbox.equal() == [("Archive", Flag.FLAGGED)]


@pytest.mark.parametrize("command", ["append", "copy"])
def test_mail_08_what_was_put_into_a_folder_that_is_shut_is_not_put_there_twice(
    mailbox: Mailbox, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    us, key = mailbox.us, KEY
    if command == "append":
        key = "put@x.example"
        us.put("Archive", letter(f"<{key}>"))
    else:
        has = Session.has
        monkeypatch.setattr(Session, "has", lambda session, name: name != "MOVE" and has(session, name))
        us.move(us.rows()[0].id, "Archive")
    with answer_lost(command), pytest.raises(NetworkTrouble):
        us.sync()
    with refusing(b"Archive"):
        us.sync()
    us.sync()
    assert [place[:2] for place in mailbox.other.state(*FOLDERS)[key]] == [("Archive", 0)]
    assert us.state()[key] == [("Archive", 0)]


def test_mail_08_a_letter_copied_to_a_folder_that_is_then_shut_goes_where_it_is_wanted_now(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    us, has = mailbox.us, Session.has
    monkeypatch.setattr(Session, "has", lambda session, name: name != "MOVE" and has(session, name))
    us.move(us.rows()[0].id, "Archive")
    with answer_lost("copy"), pytest.raises(NetworkTrouble):
        us.sync()
    us.move(us.rows()[0].id, "Trash")
    with refusing(b"Archive"):
        us.sync()
    us.sync()
    us.sync()
    assert mailbox.equal() == [("Trash", 0)]


@pytest.mark.parametrize("seen", [1, 2])
@pytest.mark.parametrize(("ours", "theirs"), [("Archive", "Trash"), ("Trash", "Archive")])
def test_mail_08_a_race_of_two_moves_is_ended_though_the_pass_that_saw_it_was_cut_short(
    mailbox: Mailbox, ours: str, theirs: str, seen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A move by COPY whose answer was lost, while the other program moved the source: one place is too many."""
    us, has, left, pull_new = mailbox.us, Session.has, [None] * seen, headers.pull_new
    monkeypatch.setattr(Session, "has", lambda session, name: name != "MOVE" and has(session, name))
    us.move(us.rows()[0].id, ours)
    with answer_lost("copy"), pytest.raises(NetworkTrouble):
        us.sync()
    mailbox.other.open("INBOX").move(b"1", tokens.mailbox(theirs))

    def cut(run: Pass, news: NewLetters) -> None:
        pull_new(run, news)
        left.pop()
        if not left:
            raise NetworkTrouble("connection_failed", reason="test")

    with monkeypatch.context() as patch:
        patch.setattr(flights, "pull_new", cut)
        with pytest.raises(NetworkTrouble):
            us.sync()
    for row in us.rows():
        us.set_flags(row.id, Flag.FLAGGED)
    us.sync()
    us.sync()
    assert mailbox.equal() == [(ours, Flag.FLAGGED)]


def test_mail_08_one_sync_is_enough_without_uidplus(authority: Authority, tmp_path: Path) -> None:
    with Dovecot(authority=authority, imap_capability=PLAIN_SERVER) as server:
        mailbox = Mailbox(server, tmp_path / "crm.db")
        us = mailbox.us
        us.move(us.rows()[0].id, "Archive")
        us.put("Trash", letter("<put@x.example>"))
        us.sync()
        assert mailbox.equal() == [("Archive", 0)]
        assert set(mailbox.other.state("Trash")) == {"put@x.example"}
        assert all(row.srv_uid and row.intent is None for row in us.rows())
        with us.store.read() as connection:
            assert connection.execute(select(TOMB)).all() == []
        assert not us.sync().any()
        mailbox.close()
