"""Passwords, the list of accounts, getting mail and the news of new letters, by keyboard."""

from collections.abc import Sequence
from typing import Any

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.errors import CrmError, LoginRefused, NetworkTrouble
from crm_tui.services.account import accounts
from crm_tui.services.ports import CheckedAccount, Ports, SyncState
from crm_tui.store.tables import Folder, Letter, MailAccount, Placement
from tests.screens.keyboard import screen_text, settle, type_text


class FakeSync:
    """A ``MailSync`` with two passwords: that of the vault and that of the mailbox."""

    def __init__(self) -> None:
        self.error: CrmError | None = None
        self.fetched: list[int | None] = []
        self.kept: list[tuple[str, str, bool]] = []
        self.vault = False
        self.is_open = False
        self.offline = False

    def start(self, listener: Any) -> None: ...

    def stop(self) -> None: ...

    def fetch(self, account_id: int | None = None) -> None:
        self.fetched.append(account_id)

    def states(self) -> Sequence[SyncState]:
        return [SyncState(1, "office", "trouble", self.error)] if self.error else []

    def check(self, account: MailAccount, password: str) -> CheckedAccount:
        if self.offline:
            raise NetworkTrouble("timeout", host="h", port=993)
        if password != "right":
            raise LoginRefused("login_refused", host="h", user="u", answer="no")
        return CheckedAccount((), ())

    def keeps(self) -> str:
        return "vault" if self.is_open else "session"

    def remember(self, address: str, password: str, *, session_only: bool = False) -> str:
        self.kept.append((address, password, session_only))
        return "session" if session_only or not self.is_open else "vault"

    def unlock(self, passphrase: str, *, make: bool = False) -> None:
        if not make and passphrase != "master":
            raise LoginRefused("wrong_passphrase", path="p")
        self.vault = self.is_open = True

    def has_vault(self) -> bool:
        return self.vault


@pytest.fixture
def sync(ports: Ports) -> FakeSync:
    """The sync of a store with one account and one letter."""
    with ports.store.work(ports.actor, "setup") as work:
        account = accounts.add(work, "office", "sales@office.example", imap_host="127.0.0.1")
        inbox = work.add(Folder(account_id=account.key, name="INBOX", srv_name="INBOX", role="inbox"))
        letter = work.add(
            Letter(identity="1", size=9, subject="Цена", recipients={}, date=work.now, body_state="full")
        )
        work.add(Placement(letter_id=letter.key, folder_id=inbox.key, date_key=1))
    ports.store.feed.drain()
    ports.sync = FakeSync()
    return ports.sync


async def command(pilot: Any, text: str) -> None:
    await pilot.press("colon")
    await settle(pilot)
    await type_text(pilot, f"{text}\n")
    await settle(pilot)


async def test_a_locked_vault_is_opened_by_its_master_password(app: CrmApp, sync: FakeSync) -> None:
    sync.vault = True
    sync.error = LoginRefused("vault_locked", account="sales@office.example", path="p")
    async with app.run_test(size=(80, 24)) as pilot:
        await command(pilot, "password")
        await type_text(pilot, "no\n")
        await settle(pilot)
        assert not sync.is_open
        assert "!" in screen_text(app)
        await pilot.press("ctrl+u")
        await type_text(pilot, "master\n")
        await settle(pilot)
        assert sync.is_open
        assert "passwords are open" in screen_text(app)
    assert sync.fetched == [None]


async def test_the_password_that_an_account_waits_for_is_tried_and_kept(app: CrmApp, sync: FakeSync) -> None:
    sync.error = LoginRefused("password_missing", account="sales@office.example")
    async with app.run_test(size=(80, 24)) as pilot:
        await command(pilot, "password")
        assert "Password of office" in screen_text(app)
        await type_text(pilot, "wrong")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "refused" in screen_text(app)
        assert "wrong" not in screen_text(app)
        await pilot.press("ctrl+u")
        await type_text(pilot, "right\n\nmaster\nmister\n")
        await settle(pilot)
        assert "not the same" in screen_text(app)
        await pilot.press("ctrl+u")
        await type_text(pilot, "master\n")
        await settle(pilot)
    assert sync.kept == [("sales@office.example", "right", False)]
    assert sync.fetched == [1]


async def test_a_password_for_this_session_is_kept_although_the_server_is_away(
    app: CrmApp, sync: FakeSync
) -> None:
    sync.offline = True
    async with app.run_test(size=(80, 24)) as pilot:
        await command(pilot, "password office")
        await type_text(pilot, "new\n")
        await pilot.press("right", "ctrl+s")
        await settle(pilot)
    assert sync.kept == [("sales@office.example", "new", True)]


async def test_getting_all_mail(app: CrmApp, sync: FakeSync) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "S")
        await settle(pilot)
        assert "Getting mail" in screen_text(app)
    assert sync.fetched == [None]
