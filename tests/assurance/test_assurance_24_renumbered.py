"""Row 24: folders renumbered, deleted and made again, or renamed: what hangs on a letter stays on it."""

from pathlib import Path

import pytest
from sqlalchemy import select

from crm_tui.domain.letter.flags import Flag
from crm_tui.sync.imap import tokens
from tests.servers.dovecot import Dovecot
from tests.sync.world import LETTER, OtherSide, OurSide, letter

KEYS = [f"{number}@x.example" for number in range(60)]


class Mailbox:
    def __init__(self, server: Dovecot, path: Path) -> None:
        self.server, self.user = server, server.account("renumbered")
        self.other = OtherSide(server, self.user)
        self.other.make("Work")
        for key in KEYS[:5]:
            self.other.append("Work", letter(f"<{key}>"), [b"\\Seen"])
        for key in KEYS[5:]:
            self.other.append("Work", letter(f"<{key}>"))
        self.us = OurSide(path, server, self.user)
        self.us.sync()
        self.before = self.identities()

    def identities(self) -> dict[str, tuple[int, int]]:
        """What CRM records hang on: letter and placement ids."""
        return {row.message_id: (row.letter_id, row.id) for row in self.us.rows()}

    def letters(self) -> int:
        with self.us.store.read() as connection:
            return len(connection.execute(select(LETTER.c.id)).all())


@pytest.fixture
def mailbox(dovecot: Dovecot, tmp_path: Path):  # type: ignore[no-untyped-def]
    made = Mailbox(dovecot, tmp_path / "crm.db")
    yield made
    made.other.close()
    made.us.close()


def test_c_02_a_new_uidvalidity_downloads_nothing_again(mailbox: Mailbox) -> None:
    us = mailbox.us
    mailbox.other.close()
    mailbox.server.reset_uidvalidity(mailbox.user, "Work")
    counts = us.sync()
    assert (counts.new, counts.bodies, counts.gone) == (0, 0, 0)
    assert mailbox.identities() == mailbox.before
    assert mailbox.letters() == len(KEYS)
    assert not us.sync().any()
    mailbox.other = OtherSide(mailbox.server, mailbox.user)


def test_changes_not_sent_yet_survive_a_new_uidvalidity(mailbox: Mailbox) -> None:
    us, rows = mailbox.us, mailbox.us.rows()
    us.set_flags(rows[0].id, rows[0].flags | Flag.FLAGGED)
    us.move(rows[1].id, "Archive")
    us.delete(rows[2].id)
    us.put("Work", letter("<draft@x.example>"))
    mailbox.other.close()
    mailbox.server.reset_uidvalidity(mailbox.user, "Work")
    us.sync()
    us.sync()
    mailbox.other = OtherSide(mailbox.server, mailbox.user)
    there = mailbox.other.state("Work", "Archive")
    assert there[rows[0].message_id][0][1] & Flag.FLAGGED
    assert [place[0] for place in there[rows[1].message_id]] == ["Archive"]
    assert rows[2].message_id not in there
    assert len(there["draft@x.example"]) == 1
    assert len(there) == len(KEYS)
    assert {key: [place[:2] for place in places] for key, places in there.items()} == us.state()


def test_a_folder_deleted_and_made_again_keeps_its_letters(mailbox: Mailbox) -> None:
    session = mailbox.other.session
    session.command(b"RENAME Work Elsewhere")
    mailbox.other.make("Work")
    uids = tokens.compact(mailbox.other.open("Elsewhere").all_uids())
    session.copy(uids, b"Work")
    session.select(b"INBOX")
    session.command(b"DELETE Elsewhere")
    mailbox.us.sync()
    mailbox.us.sync()
    assert mailbox.identities() == mailbox.before
    assert mailbox.letters() == len(KEYS)
    assert {row.srv_name for row in mailbox.us.rows()} == {"Work"}


def test_a_renamed_folder_keeps_everything(mailbox: Mailbox) -> None:
    mailbox.other.session.command(b"RENAME Work &BCAEMAQxBD4EQgQw-")
    counts = mailbox.us.sync()
    assert (counts.new, counts.bodies) == (0, 0)
    assert mailbox.identities() == mailbox.before
    assert {row.srv_name for row in mailbox.us.rows()} == {"Работа"}
