"""Folders made, renamed, moved, deleted and subscribed to on either side (MAIL-06…09, design/sync.md §4.4)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, select

from crm_tui.domain.letter.flags import Flag
from crm_tui.services import users
from crm_tui.services.letter import folders, mail
from crm_tui.services.letter.folders import NEW_LETTERS
from crm_tui.store.tables import Folder, MailAccount, Notification, table_of
from crm_tui.sync.imap import tokens
from crm_tui.sync.push import to_send
from tests.servers.dovecot import PLAIN_SERVER, Dovecot
from tests.sync.faults import acting_meanwhile
from tests.sync.world import FOLDER, OtherSide, OurSide, letter


@dataclass
class Sides:
    """Our side and the other one, of a fresh account that was synced once."""

    server: Dovecot
    us: OurSide
    other: OtherSide

    def there(self) -> dict[str, bool]:
        """Ordinary folders on the server: name → subscribed."""
        listed = self.other.session.list_folders()
        usual = {"INBOX", "Sent", "Drafts", "Trash", "Junk", "Archive"}
        return {folder.name: folder.subscribed for folder in listed if folder.name not in usual}

    def here(self, name: str) -> Row[Any]:
        """The folder that is shown under this name."""
        with self.us.store.read() as connection:
            return connection.execute(select(FOLDER).where(FOLDER.c.name == name, ~FOLDER.c.hidden)).one()

    def shown(self) -> set[str]:
        with self.us.store.read() as connection:
            names = set(connection.scalars(select(FOLDER.c.name).where(~FOLDER.c.hidden)))
        return names - {"INBOX", "Sent", "Drafts", "Trash", "Junk", "Archive"}

    def do(self, act: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """A verb."""
        with self.us.work() as work:
            return act(work, *arguments, **options)

    def create(self, name: str, parent: str | None = None) -> None:
        parent_id = None if parent is None else self.here(parent).id
        self.do(folders.create, self.us.account.key, name, parent_id=parent_id)

    def settled(self) -> bool:
        """Whether both sides are quiet: one more pass finds nothing, and nothing waits to be sent."""
        return not self.us.sync().any() and not to_send(self.us.store, self.us.account.key)

    def told(self) -> list[Row[Any]]:
        """Notifications of the account's owner."""
        with self.us.store.read() as connection:
            return list(connection.execute(select(table_of(Notification))))

    def close(self) -> None:
        self.other.close()
        self.us.close()


def sides_of(server: Dovecot, path: Path) -> Sides:
    user = server.account("folders")
    found = Sides(server, OurSide(path, server, user), OtherSide(server, user))
    with found.us.store.facts("setup") as work:
        owner = users.ensure(work, "aliya", name="Aliya", zone="Asia/Almaty")
        work.change(work.get(MailAccount, found.us.account.key), owner_id=owner.key)
    found.us.sync()
    return found


@pytest.fixture
def sides(dovecot: Dovecot, tmp_path: Path) -> Iterator[Sides]:
    found = sides_of(dovecot, tmp_path / "crm.db")
    yield found
    found.close()


def test_mail_06_folders_made_here_are_made_and_subscribed_to_there(sides: Sides) -> None:
    sides.create("Клиенты")
    sides.create("Ivy & Co", "Клиенты")
    assert to_send(sides.us.store, sides.us.account.key)
    sides.us.sync()
    assert sides.there() == {"Клиенты": True, "Клиенты/Ivy & Co": True}
    assert sides.settled()
    assert sides.here("Клиенты/Ivy & Co").sync_mode == "full"


def test_mail_06_a_folder_that_both_sides_made_is_one(sides: Sides) -> None:
    sides.create("Work")
    sides.other.make("Work")
    sides.us.sync()
    assert sides.shown() == {"Work"}
    assert sides.settled()


def test_mail_06_a_rename_here_takes_letters_and_inner_folders_along(sides: Sides) -> None:
    sides.other.make("Old", "Old/Deep")
    sides.other.append("Old", letter("<a@x.example>"))
    sides.other.append("Old/Deep", letter("<b@x.example>"))
    sides.us.sync()
    before = {row.id: row.message_id for row in sides.us.rows()}
    sides.do(folders.rename, sides.here("Old").id, "Новая")
    sides.do(folders.rename, sides.here("Новая/Deep").id, "Глубокая")
    assert sides.shown() == {"Новая", "Новая/Глубокая"}
    assert sides.us.sync().bodies == 0
    assert sides.there() == {"Новая": True, "Новая/Глубокая": True}
    assert {row.id: row.message_id for row in sides.us.rows()} == before
    assert sides.settled()


def test_mail_06_a_folder_is_moved_under_another_and_back(sides: Sides) -> None:
    sides.other.make("A", "B")
    sides.us.sync()
    sides.do(folders.move, sides.here("A").id, sides.here("B").id)
    sides.us.sync()
    assert sides.there() == {"B": True, "B/A": True}
    sides.do(folders.move, sides.here("B/A").id, None)
    sides.us.sync()
    assert sides.there() == {"A": True, "B": True}


def test_mail_06_two_folders_change_names(sides: Sides) -> None:
    sides.other.make("A", "B")
    sides.other.append("A", letter("<a@x.example>"))
    sides.us.sync()
    first, second = sides.here("A").id, sides.here("B").id
    for key, name in ((first, "aside"), (second, "A"), (first, "B")):
        sides.do(folders.rename, key, name)
    sides.us.sync()
    assert sides.there() == {"A": True, "B": True}
    assert set(sides.other.state("B")) == {"a@x.example"}
    assert sides.settled()


def test_mail_08_both_sides_rename_and_ours_stands(sides: Sides) -> None:
    sides.other.make("Old")
    sides.other.append("Old", letter("<a@x.example>"))
    sides.us.sync()
    sides.do(folders.rename, sides.here("Old").id, "Ours")
    sides.other.session.rename(b"Old", b"Theirs")
    assert sides.us.sync().bodies == 0
    assert sides.there().keys() == {"Ours"}
    assert sides.settled()


def test_mail_08_a_folder_renamed_there_takes_what_is_wanted_within_it_along(sides: Sides) -> None:
    sides.other.make("Old", "Old/In")
    sides.other.append("Old", letter("<a@x.example>"))
    sides.us.sync()
    sides.create("New", "Old")
    sides.other.session.rename(b"Old", b"Other")
    sides.us.sync()
    assert sides.there().keys() == {"Other", "Other/In", "Other/New"}
    assert sides.settled()


def test_mail_06_a_refusal_is_told_and_stops_nothing(sides: Sides) -> None:
    sides.other.make("A")
    sides.us.sync()
    sides.do(folders.rename, sides.here("A").id, "B")
    sides.other.make("B")
    sides.create("C")
    sides.us.sync()
    assert sides.shown() == {"A", "B", "C"} == sides.there().keys()
    assert [row.code for row in sides.told()] == ["folder_refused"]
    assert sides.settled()


def test_mail_06_a_folder_deleted_here_goes_once_its_letters_are_in_the_trash(sides: Sides) -> None:
    sides.other.make("Out", "Out/In")
    sides.other.append("Out/In", letter("<a@x.example>"))
    sides.us.sync()
    sides.do(folders.delete, sides.here("Out").id, agreed=True)
    sides.us.sync()
    assert sides.there() == {}
    assert sides.other.state("Trash").keys() == {"a@x.example"}
    assert sides.settled()
    sides.create("Out")
    sides.us.sync()
    assert sides.there() == {"Out": True}


def test_mail_08_a_folder_with_letters_that_nobody_here_saw_is_never_deleted(sides: Sides) -> None:
    sides.other.make("Out")
    sides.us.sync()
    sides.do(folders.delete, sides.here("Out").id)
    sides.other.append("Out", letter("<new@x.example>"))
    sides.us.sync()
    assert sides.other.state("Out").keys() == {"new@x.example"}
    assert sides.here("Out").error == NEW_LETTERS
    (told,) = sides.told()
    assert (told.code, told.facts) == (NEW_LETTERS, {"folder": "Out"})
    assert sides.us.state()["new@x.example"] == [("Out", 0)]


def test_mail_08_a_folder_deleted_on_both_sides_is_gone(sides: Sides) -> None:
    sides.other.make("Out")
    sides.us.sync()
    sides.do(folders.delete, sides.here("Out").id)
    sides.other.session.delete(b"Out")
    sides.us.sync()
    assert sides.shown() == set()
    assert sides.settled()


def test_mail_08_a_letter_that_passes_through_a_folder_while_it_is_deleted_is_not_left_there(
    sides: Sides,
) -> None:
    """Seed 640223 of the model: it was shown in the folder that was gone, beside its new place."""
    sides.other.make("Out")
    for key in ("<a@x.example>", "<b@x.example>"):
        sides.other.append("INBOX", letter(key))
    sides.us.sync()
    sides.do(folders.delete, sides.here("Out").id)
    sides.us.set_flags(
        next(row.id for row in sides.us.rows() if row.message_id == "b@x.example"), Flag.FLAGGED
    )
    sides.other.open("INBOX").move(b"1", b"Out")
    with acting_meanwhile(lambda: sides.other.open("Out").move(b"1", b"Archive")):
        sides.us.sync()
    sides.us.sync()
    assert sides.us.state()["a@x.example"] == [("Archive", 0)]
    assert (sides.there(), sides.shown()) == ({}, set())


def test_mail_07_subscription_goes_both_ways(sides: Sides) -> None:
    sides.other.make("A", "B")
    sides.other.session.create(b"C")
    sides.other.append("C", letter("<c@x.example>"))
    sides.us.sync()
    assert sides.us.rows() == []
    sides.do(folders.subscribe, [sides.here("C").id])
    sides.do(folders.subscribe, [sides.here("A").id], on=False)
    sides.other.session.unsubscribe(b"B")
    sides.us.sync()
    assert sides.there() == {"A": False, "B": False, "C": True}
    assert not sides.here("B").subscribed
    assert [row.message_id for row in sides.us.rows()] == ["c@x.example"]
    assert sides.settled()


def test_mail_09_an_account_without_folder_sync_takes_no_new_folders(
    dovecot: Dovecot, tmp_path: Path
) -> None:
    user = dovecot.account("unsynced")
    sides = Sides(dovecot, OurSide(tmp_path / "crm.db", dovecot, user), OtherSide(dovecot, user))
    with sides.us.work() as work:
        work.change(work.get(MailAccount, sides.us.account.key), sync_folders=False)
    sides.other.make("News")
    sides.us.sync()
    assert (sides.here("News").sync_mode, sides.here("INBOX").sync_mode) == ("none", "full")
    sides.close()


def test_mail_07_a_server_that_has_all_folders_within_the_inbox(authority: Any, tmp_path: Path) -> None:
    """Courier's way: ``INBOX.`` before every name; and no RENAME is repeated when its answer was lost."""
    within = "namespace inbox {\n separator = .\n prefix = INBOX.\n}\n"
    with Dovecot(authority=authority, extra=within) as server:
        sides = sides_of(server, tmp_path / "crm.db")
        with sides.us.work() as work:
            mail.processed_folder(work, sides.us.account.key)
        sides.create("Work")
        sides.us.sync()
        ours = {name for name in sides.there() if name not in {f"INBOX.{one}" for one in USUAL}}
        assert ours == {"INBOX.Processed", "INBOX.Work"}
        assert sides.here("INBOX.Processed").role == "processed"
        sides.do(folders.move, sides.here("INBOX.Work").id, sides.here("INBOX.Processed").id)
        sides.us.sync()
        assert "INBOX.Processed.Work" in sides.there()
        assert sides.settled()
        sides.close()


USUAL = ("Sent", "Drafts", "Trash", "Junk", "Archive")


def test_a_server_of_the_oldest_kind_will_do(authority: Any, tmp_path: Path) -> None:
    with Dovecot(authority=authority, imap_capability=PLAIN_SERVER) as server:
        sides = sides_of(server, tmp_path / "crm.db")
        sides.create("One")
        sides.us.sync()
        sides.other.append("One", letter("<a@x.example>"))
        sides.us.sync()
        sides.do(folders.rename, sides.here("One").id, "Two")
        sides.us.sync()
        assert sides.there() == {"Two": True}
        sides.do(folders.delete, sides.here("Two").id, agreed=True)
        sides.us.sync()
        assert (sides.there(), set(sides.other.state("Trash"))) == ({}, {"a@x.example"})
        sides.close()


def test_an_answer_that_was_lost_is_no_reason_to_repeat_the_command(
    sides: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    sides.other.make("Old")
    sides.other.append("Old", letter("<a@x.example>"))
    sides.us.sync()
    sides.do(folders.rename, sides.here("Old").id, "New")
    sides.create("Made")
    sides.other.session.rename(b"Old", b"New")  # as ours that ran, and whose answer did not come
    sides.other.session.create(tokens.mailbox("Made"))
    monkeypatch.setattr("crm_tui.sync.imap.session.Session.rename", None)
    monkeypatch.setattr("crm_tui.sync.imap.session.Session.create", None)
    assert sides.us.sync().bodies == 0
    assert sides.shown() == {"New", "Made"}


def test_a_rename_whose_answer_was_lost_is_synced_although_the_old_name_is_taken_again(sides: Sides) -> None:
    """Seed 500287 of the model: the new name had no subscription yet, and its letters stayed away."""
    sides.other.make("Old")
    sides.us.sync()
    with sides.us.store.facts("an old server has no MAILBOXID") as work:
        work.change(work.get(Folder, sides.here("Old").id), mailbox_id="")
    sides.do(folders.rename, sides.here("Old").id, "New")
    sides.other.session.rename(b"Old", b"New")
    sides.other.session.unsubscribe(b"New")
    sides.other.make("Old")
    sides.other.append("New", letter("<a@x.example>"))
    sides.us.sync()
    assert set(sides.us.state()) == {"a@x.example"}
    assert sides.here("New").sync_mode == "full"


@pytest.mark.parametrize("deleted_there", [False, True])
def test_mail_06_a_folder_is_renamed_and_another_gets_its_old_name(sides: Sides, deleted_there: bool) -> None:
    """Seed 610010 of the model: the pass ended in a fault; and the new folder was taken for the old one."""
    sides.other.make("Old")
    sides.other.append("Old", letter("<a@x.example>"))
    sides.us.sync()
    sides.do(folders.rename, sides.here("Old").id, "New")
    sides.create("Old")
    sides.create("In", "Old")
    sides.us.put("Old", letter("<b@x.example>"))
    if deleted_there:
        sides.other.session.delete(b"Old")
    sides.us.sync()
    assert sides.there() == {"New": True, "Old": True, "Old/In": True}
    assert sides.other.state("Old").keys() == {"b@x.example"}
    assert sides.other.state("New").keys() == (set() if deleted_there else {"a@x.example"})
    assert not any(row.error for row in (sides.here("New"), sides.here("Old")))
    assert sides.settled()
