"""The list of mail accounts, by keyboard."""

from datetime import timedelta

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.errors import NetworkTrouble
from crm_tui.screens.account.accounts import AccountsScreen
from crm_tui.services.account import accounts
from crm_tui.services.ports import Ports
from crm_tui.store.tables import Folder, MailAccount
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.test_account_commands import FakeSync


@pytest.fixture
def sync(ports: Ports) -> FakeSync:
    """The sync of a store with three accounts: one well, one in trouble, one that was never fetched."""
    with ports.store.work(ports.actor, "setup") as work:
        made = [
            accounts.add(work, name, f"{name}@office.example", imap_host="127.0.0.1")
            for name in ("office", "sales", "support")
        ]
        work.change(made[0], last_success_at=work.now - timedelta(minutes=10))
        work.change(
            made[1],
            last_error="unknown_host",
            last_error_at=work.now,
            last_success_at=work.now - timedelta(days=2),
        )
    ports.store.feed.drain()
    ports.sync = FakeSync()
    return ports.sync


def account(ports: Ports, name: str) -> MailAccount:
    with ports.store.facts("look") as work:
        found = work.find(MailAccount, name=name)
    assert found is not None
    return found


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("keys", [("1", "g", "a"), ("1", "п", "ф")], ids=["latin", "russian"])
async def test_mail_03_and_37_the_accounts_from_mail_with_their_last_load_and_failed_try(
    app: CrmApp, sync: FakeSync, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press(*keys)
        await settle(pilot)
        assert isinstance(app.screen, AccountsScreen)
        office, sales, support = (
            next(line for line in screen_text(app).splitlines() if name in line)
            for name in ("office ", "sales ", "support ")
        )
        assert "16:30" in office
        assert "17.11" in sales
        assert "16:40 There is no server" in sales
        assert "never" in support


async def test_mail_36_mail_is_fetched_for_the_chosen_accounts_only(app: CrmApp, sync: FakeSync) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "a", "space", "space", "S")
        await settle(pilot)
        assert "Getting mail of 2 accounts" in screen_text(app)
    assert sync.fetched == [1, 2]


async def test_mail_03_settings_are_changed_and_a_name_in_use_is_refused(
    app: CrmApp, ports: Ports, sync: FakeSync
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "a", "e")
        await settle(pilot)
        await pilot.press("end", "ctrl+u")
        await type_text(pilot, "sales")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "is there already" in screen_text(app)
        await pilot.press("ctrl+u")
        await type_text(pilot, "front desk\n")
        await pilot.press("tab", "right", "tab", "right", "ctrl+s")
        await settle(pilot)
        changed = account(ports, "front desk")
        assert (changed.shared, changed.move_accepted, changed.decline_needs_reason) == (True, True, False)
        await pilot.press("u")
        await settle(pilot)
        assert not account(ports, "office").shared


async def test_mail_35_the_signature_of_an_account(app: CrmApp, ports: Ports, sync: FakeSync) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "a", "i")
        await settle(pilot)
        await type_text(pilot, "Aliya")
        await pilot.press("tab", "right", "ctrl+s")
        await settle(pilot)
    changed = account(ports, "office")
    assert (changed.signature, changed.signature_above_quote) == ("Aliya", True)


async def test_servers_are_changed_and_a_port_is_a_number(app: CrmApp, ports: Ports, sync: FakeSync) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "a", "v")
        await settle(pilot)
        await pilot.press("tab", "tab", "end", "ctrl+u")
        await type_text(pilot, "many")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "many is not a whole number" in screen_text(app)
        await pilot.press("ctrl+u")
        await type_text(pilot, "1143")
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert account(ports, "office").imap_port == 1143


async def test_an_account_is_given_up_and_comes_back(app: CrmApp, ports: Ports, sync: FakeSync) -> None:
    sync.error = NetworkTrouble("unknown_host", host="imap.example")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("g", "a")
        await settle(pilot)
        assert "There is no server named imap.example" in screen_text(app)
        await pilot.press("D")
        await settle(pilot)
        await type_text(pilot, "yes\n")
        await settle(pilot)
        assert "office" not in screen_text(app).replace("office.example", "").replace(
            "office is not used", ""
        )
        await pilot.press("u")
        await settle(pilot)
    assert account(ports, "office").enabled


async def test_mail_37_the_tree_shows_the_last_load_of_each_mailbox(
    app: CrmApp, ports: Ports, sync: FakeSync
) -> None:
    with ports.store.facts("setup") as work:
        for one in work.all(MailAccount):
            work.add(Folder(account_id=one.key, name="INBOX", srv_name="INBOX", role="inbox"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        assert tree_lines(app) >= {"office 16:30", "sales ! 17.11", "support"}
        with ports.store.facts("sync") as work:
            work.change(work.get(MailAccount, 3), last_success_at=work.now)
        await settle(pilot)
        assert "support 16:40" in tree_lines(app)


def tree_lines(app: CrmApp) -> set[str]:
    """The lines of the folder tree, without its signs."""
    return {" ".join(line[:19].strip("▼▌│ ").split()) for line in screen_text(app).splitlines()}
