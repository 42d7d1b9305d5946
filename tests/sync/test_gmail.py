"""Gmail's labels: one content, many places; a label taken away; "All Mail" as the archive only (sync.md §4.5)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_tui.domain.letter.flags import Flag
from crm_tui.services.letter import mail
from crm_tui.sync.push import to_send
from tests.servers.gmail import ALL_MAIL, Gmail, gmail
from tests.sync.world import FOLDER, LETTER, OtherSide, OurSide, letter

TRASH = "[Gmail]/Trash"


@pytest.fixture(scope="module")
def server() -> Iterator[Gmail]:
    with gmail() as made:
        yield made


class Two:
    """Our side and the other one, with a label ``Work`` and a letter in the inbox."""

    def __init__(self, server: Gmail, path: Path) -> None:
        user = server.account("gmail")
        self.us = OurSide(path, server, user)  # type: ignore[arg-type]
        self.other = OtherSide(server, user)  # type: ignore[arg-type]
        self.other.make("Work")
        self.other.append("INBOX", letter("<a@x.example>"))

    def here(self) -> list[str]:
        """Where the letter lies for a person here."""
        return sorted(row.srv_name for row in self.us.rows() if row.message_id == "a@x.example")

    def row(self, folder: str) -> int:
        (found,) = [row.id for row in self.us.rows() if row.srv_name == folder]
        return found

    def there(self) -> list[str]:
        folders = ("INBOX", "Work", ALL_MAIL, TRASH)
        return [folder for folder, _, _ in self.other.state(*folders)["a@x.example"]]

    def settle(self) -> int:
        """Passes until both sides are quiet; the bodies that were fetched."""
        bodies = 0
        for _ in range(5):
            counts = self.us.sync()
            bodies += counts.bodies
            if not counts.any() and not to_send(self.us.store, self.us.account.key):
                return bodies
        raise AssertionError("never quiet")

    def close(self) -> None:
        self.other.close()
        self.us.close()


@pytest.fixture
def two(server: Gmail, tmp_path: Path) -> Iterator[Two]:
    made = Two(server, tmp_path / "crm.db")
    yield made
    made.close()


def test_one_content_lies_under_many_labels_and_is_fetched_once(two: Two) -> None:
    two.other.open("INBOX").copy(b"1", b"Work")
    assert two.settle() == 1
    assert two.here() == ["INBOX", "Work"]
    with two.us.store.read() as connection:
        (row,) = connection.execute(select(LETTER)).all()
        roles = dict(connection.execute(select(FOLDER.c.srv_name, FOLDER.c.role)).all())  # type: ignore[arg-type]
    assert row.gm_msgid > 10**17
    assert (roles[ALL_MAIL], roles[TRASH], roles["[Gmail]/Starred"]) == ("archive", "trash", "")


def test_all_mail_shows_what_lies_nowhere_else(two: Two) -> None:
    two.other.append(ALL_MAIL, letter("<old@x.example>"))
    two.settle()
    assert two.here() == ["INBOX"]
    assert two.us.state()["old@x.example"] == [(ALL_MAIL, 0)]
    two.other.open("INBOX").expunge(b"1")  # archived by the other device
    assert two.settle() == 0
    assert two.here() == [ALL_MAIL]
    (uid,) = [uid for _, _, uid in two.other.state(ALL_MAIL)["a@x.example"]]
    two.other.open(ALL_MAIL).copy(b"%d" % uid, b"Work")  # and taken out of the archive again
    assert two.settle() == 0
    assert two.here() == ["Work"]


def test_a_label_is_given_and_taken_here(two: Two) -> None:
    two.settle()
    with two.us.work() as work:
        mail.copy(work, [two.row("INBOX")], two.us.folders()["Work"])
    two.settle()
    assert sorted(two.there()) == ["INBOX", "Work", ALL_MAIL]
    two.us.delete(two.row("INBOX"))
    two.settle()
    assert two.here() == ["Work"]
    assert sorted(two.there()) == ["Work", ALL_MAIL]


def test_archiving_here_takes_the_label_and_keeps_the_letter(two: Two) -> None:
    two.settle()
    two.us.move(two.row("INBOX"), ALL_MAIL)
    assert two.settle() == 0
    assert two.here() == [ALL_MAIL]
    assert two.there() == [ALL_MAIL]


def test_a_letter_deleted_here_leaves_every_label(two: Two) -> None:
    two.other.open("INBOX").copy(b"1", b"Work")
    two.settle()
    with two.us.work() as work:
        mail.delete(work, [two.row("INBOX")])
    two.settle()
    assert two.here() == [TRASH]
    assert two.there() == [TRASH]


def test_a_flag_set_under_one_label_is_set_under_all(two: Two) -> None:
    two.other.open("INBOX").copy(b"1", b"Work")
    two.settle()
    two.us.set_flags(two.row("Work"), Flag.FLAGGED | Flag.SEEN)
    two.settle()
    assert {row.flags for row in two.us.rows()} == {Flag.FLAGGED | Flag.SEEN}
