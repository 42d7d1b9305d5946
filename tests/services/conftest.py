"""A store with one person and one mailbox, and a clock that stands still."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from crm_tui.domain.text import fold
from crm_tui.services import users
from crm_tui.services.account import accounts
from crm_tui.services.interest import scenarios
from crm_tui.store.engine import Store
from crm_tui.store.tables import Folder, Letter, MailAccount, Placement, User
from crm_tui.store.work import Actor
from tests.services.process_office import Floor
from tests.stores import TestClock, new_store


@dataclass
class Office:
    """What most tests of verbs need."""

    store: Store
    clock: TestClock
    user: User
    actor: Actor
    account: MailAccount
    folders: dict[str, Folder]

    def letter(
        self,
        subject: str = "Price of 20 pumps",
        *,
        sender: tuple[str, str] = ("Olga Kim", "olga@newco.example"),
        folder: str = "inbox",
        number: int = 1,
    ) -> Placement:
        """A letter that has arrived in a folder."""
        with self.store.arrivals("test") as work:
            letter = work.add(
                Letter(
                    identity=f"{subject}/{number}",
                    size=1000,
                    message_id=f"<{number}@newco.example>",
                    subject=subject,
                    sender_name=sender[0],
                    sender_address=sender[1],
                    recipients={},
                    date=work.now - timedelta(minutes=5),
                    body_state="full",
                )
            )
            return work.add(
                Placement(
                    letter_id=letter.key,
                    folder_id=self.folders[folder].key,
                    date_key=int(letter.date.timestamp()),
                    sender_key=fold(sender[0]),
                    subject_key=fold(subject),
                    srv_folder_id=self.folders[folder].key,
                    srv_uid=100 + number,
                )
            )


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """One person in Almaty with one mailbox, Thursday 16:40."""
    clock = TestClock()
    store = new_store(tmp_path / "data", clock)
    with store.facts("setup") as work:
        user = users.ensure(work, "aliya", name="Aliya", zone="Asia/Almaty")
        scenarios.ensure_shipped(work)
    actor = users.actor_of(user)
    with store.work(actor, "account.add") as work:
        account = accounts.add(work, "office", "sales@office.example", imap_host="127.0.0.1")
    with store.facts("setup") as work:
        folders = {
            role: work.add(
                Folder(account_id=account.key, name=role.title(), srv_name=role.title(), role=role)
            )
            for role in ("inbox", "trash", "sent")
        }
    yield Office(store, clock, user, actor, account, folders)
    store.close()


@pytest.fixture
def floor(office: Office) -> Floor:
    """The same office with processes."""
    return Floor(office)
