"""Manage folders, by keyboard: what is typed here is what the sync then does on the server."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.letter.folders import FoldersScreen
from crm_tui.services.ports import Ports
from crm_tui.store.tables import Folder, MailAccount
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox


@pytest.fixture
def mailbox(ports: Ports) -> Mailbox:
    return Mailbox(ports)


def folder(ports: Ports, name: str) -> Folder:
    with ports.store.facts("look") as work:
        found = work.find(Folder, name=name)
    assert found is not None
    return found


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_mail_05_manage_folders_is_in_the_menu_of_the_mailbox(
    app: CrmApp, mailbox: Mailbox, size: tuple[int, int]
) -> None:
    mailbox.letter()
    async with app.run_test(size=size) as pilot:
        await pilot.press("1", "m")
        await settle(pilot)
        await type_text(pilot, "manage fold")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, FoldersScreen)
        text = screen_text(app)
        assert "office" in text
        assert "Inbox (INBOX)" in text
        assert "Processed" in text


async def test_mail_06_a_folder_is_made_renamed_moved_and_deleted(
    app: CrmApp, ports: Ports, mailbox: Mailbox
) -> None:
    mailbox.folder("Clients")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "g", "F")
        await settle(pilot)
        await pilot.press("n")
        await settle(pilot)
        await type_text(pilot, "clients")
        await pilot.press("enter")
        await settle(pilot)
        await type_text(pilot, "Newco")
        await pilot.press("enter")
        await settle(pilot)
        assert folder(ports, "Clients/Newco").intent == "create"
        assert "to be made on" in screen_text(app)
        await pilot.press("e")
        await settle(pilot)
        await type_text(pilot, " Ltd")
        await pilot.press("enter")
        await settle(pilot)
        assert folder(ports, "Clients/Newco Ltd").intent == "create"
        await pilot.press("M", "1")
        await settle(pilot)
        assert folder(ports, "Newco Ltd").intent == "create"
        await pilot.press("D")
        await settle(pilot)
        assert "0 letters go to the trash" in screen_text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert folder(ports, "Newco Ltd").hidden
        await pilot.press("u")
        await settle(pilot)
        assert not folder(ports, "Newco Ltd").hidden


async def test_mail_07_folders_are_marked_to_be_subscribed_to(
    app: CrmApp, ports: Ports, mailbox: Mailbox
) -> None:
    mailbox.folder("Lists")
    mailbox.folder("News")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("1", "g", "F", "G", "space", "k", "space")
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        assert "2 folders are no longer synced" in screen_text(app)
        lists = folder(ports, "Lists")
        assert (lists.subscribed, lists.subscribe_intent, lists.sync_mode) == (False, False, "none")
        await pilot.press("ы")  # "s" of a Russian layout
        await settle(pilot)
        assert folder(ports, "News").subscribe_intent
        await pilot.press("o")
        await settle(pilot)
        await pilot.press("2")
        await settle(pilot)
        assert folder(ports, "News").sync_mode == "headers"
        await pilot.press("a")
        await settle(pilot)
        await type_text(pilot, "soon")
        await pilot.press("enter")
        await settle(pilot)
        assert folder(ports, "News").age_limit_days is None


async def test_mail_09_a_pop3_account_has_no_folders_to_sync(
    app: CrmApp, ports: Ports, mailbox: Mailbox
) -> None:
    with ports.store.facts("setup") as work:
        work.change(work.get(MailAccount, mailbox.account_id), kind="pop3")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "g", "F", "n")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        await type_text(pilot, "Clients")
        await pilot.press("enter")
        await settle(pilot)
        assert "POP3" in screen_text(app)
    with ports.store.facts("look") as work:
        assert work.find(Folder, name="Clients") is None
