"""Copies of one letter: each is a place of its own, whatever is lost on the way (faults that week.py found)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.domain.errors import NetworkTrouble
from crm_tui.store.tables import Outbox
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.session import Session
from tests.servers.certificates import Authority
from tests.servers.dovecot import PLAIN_SERVER, Dovecot
from tests.sync.faults import acting_meanwhile
from tests.sync.world import OtherSide, OurSide, letter

KEY = "a@x.example"
FOLDERS = ("INBOX", "Archive", "Sent", "Work")


class Mailbox:
    """One letter in the inbox, known to both sides."""

    def __init__(self, server: Dovecot, path: Path) -> None:
        user = server.account("copies")
        self.other = OtherSide(server, user)
        self.other.make("Work")
        self.other.append("INBOX", letter(f"<{KEY}>"))
        self.us = OurSide(path, server, user)
        self.us.sync()

    def equal(self) -> list[str]:
        """The folders it lies in, the same on both sides."""
        there = [name for name, _flags, _uid in self.other.state(*FOLDERS).get(KEY, [])]
        assert there == [name for name, _flags in self.us.state().get(KEY, [])]
        return there


@pytest.fixture
def mailbox(dovecot: Dovecot, tmp_path: Path) -> Iterator[Mailbox]:
    made = Mailbox(dovecot, tmp_path / "crm.db")
    yield made
    made.other.close()
    made.us.close()


def copy_without_upload(us: OurSide, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy is put into Sent here; the line breaks before its upload begins."""

    def never_sent(*_arguments: object) -> None:
        raise NetworkTrouble("connection_failed", reason="test")

    (row,) = us.rows()
    assert us.copy(row.id, "Sent")
    with monkeypatch.context() as patch:
        patch.setattr(Session, "append", never_sent)
        patch.setattr(Session, "copy", never_sent)
        with pytest.raises(NetworkTrouble):
            us.sync()


def test_mail_08_a_copy_made_there_is_not_taken_for_an_upload_that_never_ran(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    us, other = mailbox.us, mailbox.other
    copy_without_upload(us, monkeypatch)
    us.delete(max(row.id for row in us.rows()))
    other.open("INBOX").copy(b"1", tokens.mailbox("Archive"))
    us.sync()
    assert mailbox.equal() == ["Archive", "INBOX"]


def test_mail_08_a_letter_moved_there_is_not_taken_for_an_upload_that_never_ran(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    us, other = mailbox.us, mailbox.other
    (row,) = us.rows()
    copy_without_upload(us, monkeypatch)
    other.open("INBOX").move(b"1", tokens.mailbox("Archive"))
    us.sync()
    assert mailbox.equal() == ["Archive", "Sent"]
    assert row.id in {row.id for row in us.rows() if row.srv_name == "Archive"}


def test_mail_08_what_befalls_a_letter_moved_into_sent_does_not_befall_a_copy_that_waits_for_sent(
    mailbox: Mailbox,
) -> None:
    """Seed 500441 of the model. The letter is one that we sent to ourselves: its copy in Sent waits to be filed."""
    us, other = mailbox.us, mailbox.other
    (row,) = us.rows()
    with us.work() as work:
        work.add(
            Outbox(account_id=us.account.key, message_id=KEY, raw=b"", envelope_from="me@x.example", status="sent",
                   letter_id=row.letter_id, next_try_at=work.now, created_at=work.now)
        )  # fmt: skip
    assert us.copy(row.id, "Sent")
    us.delete(row.id)
    other.open("INBOX").move(b"1", tokens.mailbox("Sent"))
    us.sync()
    assert mailbox.equal() == ["Sent"]


def test_mail_08_a_copy_that_both_sides_put_into_sent_is_there_twice(mailbox: Mailbox) -> None:
    """Seeds 610318 and 612084 of the model: theirs was taken for a copy of a sent letter that the server filed."""
    us, other = mailbox.us, mailbox.other
    (row,) = us.rows()
    assert us.copy(row.id, "Sent")
    other.open("INBOX").copy(b"1", tokens.mailbox("Sent"))
    us.sync()
    assert mailbox.equal() == ["INBOX", "Sent", "Sent"]


def test_mail_08_a_copy_that_never_ran_is_not_deleted_with_the_letter_that_was_moved_to_its_place(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can tell the one from the other; so what is wanted of the letter is not done to its copy."""
    us, other = mailbox.us, mailbox.other
    (row,) = us.rows()
    copy_without_upload(us, monkeypatch)
    us.delete(row.id)
    other.open("INBOX").move(b"1", tokens.mailbox("Sent"))
    us.sync()
    assert mailbox.equal() == ["Sent"]


def test_mail_08_a_letter_moved_to_where_it_is_to_be_copied_lies_there_twice(mailbox: Mailbox) -> None:
    """Seed 620252 of the model: the copy found no source and succeeded, and the moved letter was taken for it."""
    us, other = mailbox.us, mailbox.other
    (row,) = us.rows()
    assert us.copy(row.id, "Archive")
    with acting_meanwhile(lambda: other.open("INBOX").move(b"1", tokens.mailbox("Archive"))):
        us.sync()
    us.sync()
    assert mailbox.equal() == ["Archive", "Archive"]


def test_mail_08_a_copy_made_there_is_not_taken_for_a_move_that_never_ran(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seed 622053 of the model: the letter was buried at its old place, which it had never left."""
    us, other = mailbox.us, mailbox.other
    (row,) = us.rows()
    us.move(row.id, "Work")

    def never_sent(*_arguments: object) -> None:
        raise NetworkTrouble("connection_failed", reason="test")

    with monkeypatch.context() as patch:
        patch.setattr(Session, "move", never_sent)
        with pytest.raises(NetworkTrouble):
            us.sync()
    other.open("INBOX").copy(b"1", tokens.mailbox("Work"))
    us.sync()
    assert mailbox.equal() == ["Work", "Work"]


def test_mail_08_a_folder_deleted_there_is_made_again_for_what_waits_for_it(mailbox: Mailbox) -> None:
    us, other = mailbox.us, mailbox.other
    (row,) = us.rows()
    us.move(row.id, "Work")
    us.put("Work", letter("<b@x.example>"))
    other.session.command(b"DELETE Work")
    us.sync()
    us.sync()
    assert mailbox.equal() == ["Work"]
    assert us.state()["b@x.example"] == [("Work", 0)]


def test_mail_08_a_letter_that_both_sides_move_at_once_is_not_doubled(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Dovecot(authority=authority, imap_capability=PLAIN_SERVER) as server:
        mailbox = Mailbox(server, tmp_path / "crm.db")
        us, other = mailbox.us, mailbox.other
        (row,) = us.rows()
        us.move(row.id, "Work")

        def copied_and_lost(session: Session, uids: bytes, name: bytes) -> None:
            session.command(b"UID COPY %s %s" % (uids, tokens.quoted(name)))
            raise NetworkTrouble("connection_failed", reason="test")

        with monkeypatch.context() as patch:
            patch.setattr(Session, "copy", copied_and_lost)
            with pytest.raises(NetworkTrouble):
                us.sync()
        other.open("INBOX").command(b"UID MOVE 1 Archive")
        us.sync()
        assert mailbox.equal() == ["Work"]
        assert [row.id] == [each.id for each in us.rows()]
        other.close()
        us.close()
