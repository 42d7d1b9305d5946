"""So much vanished on the server that a person is asked."""

from crm_tui.app import CrmApp
from crm_tui.services.account import accounts
from crm_tui.services.letter.mail import MASS_DELETE, MASS_DELETE_AGREED
from crm_tui.services.ports import Ports
from crm_tui.services.task import notifications
from crm_tui.store.tables import Folder
from tests.screens.keyboard import screen_text, settle, type_text


def asking_folder(ports: Ports) -> int:
    with ports.store.facts("setup") as work:
        account = accounts.add(work, "office", "me@office.example", imap_host="127.0.0.1")
        folder = work.add(Folder(account_id=account.key, name="Важное", srv_name="Важное", error=MASS_DELETE))
        notifications.notify(work, ports.actor.user_id or 0, MASS_DELETE, folder="Важное", count=60)
        return folder.key


def error_of(ports: Ports, folder_id: int) -> str:
    with ports.store.facts("look") as work:
        return work.get(Folder, folder_id).error


async def agree(app: CrmApp, ports: Ports, answer: list[str]) -> str:
    folder_id = asking_folder(ports)
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("2")
        await settle(pilot)
        app.tell_news({"notification": {1}})
        await settle(pilot)
        assert "60 letters vanished from “Важное”" in screen_text(app)
        await pilot.press("colon")
        await settle(pilot)
        await type_text(pilot, "agree_deletions")
        await pilot.press("enter")
        await settle(pilot)
        assert "Важное" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press(*answer)
        await settle(pilot)
    return error_of(ports, folder_id)


async def test_letters_go_only_when_a_person_agrees(app: CrmApp, ports: Ports) -> None:
    assert await agree(app, ports, ["ctrl+s"]) == MASS_DELETE_AGREED


async def test_escape_keeps_them(app: CrmApp, ports: Ports) -> None:
    assert await agree(app, ports, ["escape"]) == MASS_DELETE


async def test_where_nothing_is_asked_it_says_so(app: CrmApp) -> None:
    async with app.run_test(size=(120, 24)) as pilot:
        app.run_command("everywhere.agree_deletions")
        await settle(pilot)
        assert "No folder asks whether letters may go." in screen_text(app)
