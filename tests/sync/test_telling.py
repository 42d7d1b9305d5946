"""The owner of an account is told of letters that come, not of a mailbox that is new to us."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_tui.domain.errors import NetworkTrouble
from crm_tui.services import users
from crm_tui.services.task import notifications
from crm_tui.store.tables import MailAccount, Notification
from crm_tui.sync.imap.session import Session
from tests.servers.dovecot import Dovecot
from tests.sync.world import OtherSide, OurSide, letter


class Mailbox:
    """A mailbox of one letter, known to us, and its owner."""

    def __init__(self, server: Dovecot, path: Path) -> None:
        user = server.account("told")
        self.us = OurSide(path, server, user)
        self.other = OtherSide(server, user)
        with self.us.work() as work:
            owner = users.ensure(work, "me")
            work.change(work.get(MailAccount, self.us.account.key), owner_id=owner.key)
        self.us.account.owner_id = owner.key
        self.other.append("INBOX", letter("<old@x.example>"))
        self.us.sync()

    def come(self, count: int, folder: str = "INBOX", flags: list[bytes] | None = None) -> None:
        """So many letters come, and we fetch them."""
        for number in range(count):
            self.other.append(folder, letter(f"<{folder}-{number}@x.example>", f"Letter {number}"), flags)
        self.us.sync()

    def move_there(self, folder: str) -> None:
        """The other program moves the only letter; we follow."""
        ((old, _flags, uid),) = self.other.state("INBOX", "Archive")["old@x.example"]
        self.other.open(old).move(b"%d" % uid, folder.encode())
        self.us.sync()

    def move_here(self, folder: str) -> None:
        """We move it, and the server follows; the answer is lost, so that the next pass must find it."""
        (row,) = self.us.rows()
        self.us.move(row.id, folder)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Session, "_response_code", lambda *ignored: None)
            self.us.sync()
        assert [place[0] for place in self.other.state("INBOX", "Archive")["old@x.example"]] == [folder]

    def told(self) -> list[tuple[str, Any]]:
        """Code and facts of the notifications."""
        with self.us.work() as work:
            return [(one.code, one.facts) for one in work.all(Notification)]


@pytest.fixture
def mailbox(dovecot: Dovecot, tmp_path: Path) -> Iterator[Mailbox]:
    made = Mailbox(dovecot, tmp_path / "crm.db")
    yield made
    made.other.close()
    made.us.close()


def test_mail_43_a_mailbox_that_is_new_to_us_is_not_news(mailbox: Mailbox) -> None:
    assert mailbox.told() == []


@pytest.mark.parametrize(
    ("count", "codes"),
    [(1, ["new_letter"]), (4, ["new_letter"] * 4), (notifications.NAMED + 1, ["new_letters"])],
)
def test_mail_42_letters_are_kept_one_by_one_a_flood_as_a_number(
    mailbox: Mailbox, count: int, codes: list[str]
) -> None:
    mailbox.come(count)
    assert [code for code, _facts in mailbox.told()] == codes
    mailbox.us.sync()
    assert len(mailbox.told()) == len(codes)


def test_mail_43_read_letters_and_other_folders_are_not_told(mailbox: Mailbox) -> None:
    mailbox.come(1, "Sent")
    mailbox.come(1, "INBOX", [b"\\Seen"])
    assert mailbox.told() == []


def test_mail_43_a_letter_that_comes_back_to_the_inbox_is_no_news(mailbox: Mailbox) -> None:
    for mover in (mailbox.move_there, mailbox.move_here):
        for folder in ("Archive", "INBOX"):
            mover(folder)
            assert mailbox.told() == []
    mailbox.come(1)
    assert [facts["subject"] for _code, facts in mailbox.told()] == ["Letter 0"]


def test_mail_43_what_came_before_the_line_broke_is_told(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(run: object, listed: object) -> None:
        raise NetworkTrouble("connection_failed", reason="test")

    with monkeypatch.context() as patch:
        patch.setattr("crm_tui.sync.engine.push", broken)
        with pytest.raises(NetworkTrouble):
            mailbox.come(1)
    assert [code for code, _facts in mailbox.told()] == ["new_letter"]
    mailbox.us.sync()
    assert len(mailbox.told()) == 1
