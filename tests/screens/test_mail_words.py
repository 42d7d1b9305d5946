"""What Mail and its dialogs say where a person looks: words of steps, sizes, folders, passwords, questions."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.commands import strokes
from crm_tui.domain.errors import LoginRefused
from crm_tui.screens.account.account_wizard import AccountWizard
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.letter.mail import MailScreen
from crm_tui.screens.letter.reader import LetterScreen
from crm_tui.screens.wording import size_text
from crm_tui.screens.writing.compose import ComposeScreen
from crm_tui.services.ports import Ports
from crm_tui.store.tables import MailAccount, Outbox
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox
from tests.screens.test_account_commands import FakeSync
from tests.screens.test_mail_fetching import ToldSync
from tests.screens.writing import rows


@pytest.mark.parametrize("typed", ["contr", "сщтек"], ids=["Latin", "the same keys in Russian"])
async def test_mail_12_a_folder_is_gone_to_from_anywhere_by_its_name(
    app: CrmApp, ports: Ports, typed: str
) -> None:
    made = Mailbox(ports)
    made.letter("Rent", folder=made.folder("Contracts"))
    made.letter("Pumps")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "enter")
        await settle(pilot)
        assert isinstance(app.screen, LetterScreen)
        await pilot.press("2", "ctrl+p")
        await settle(pilot)
        await type_text(pilot, typed)
        await settle(pilot)
        assert "Folder: Contracts · office" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, MailScreen)
        assert "Rent" in screen_text(app)
        assert "Pumps" not in screen_text(app)


async def test_mail_37_what_waits_for_a_password_says_so_beside_the_account(
    app: CrmApp, ports: Ports
) -> None:
    Mailbox(ports)
    ports.sync = ToldSync("office")  # type: ignore[assignment]
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)

        def office() -> str:
            return next(line for line in screen_text(app).splitlines() if "▼" in line.split("│")[0])

        assert ":password" not in office()
        locked = LoginRefused("vault_locked", path="p")
        await ports.sync.tells(app, pilot, 0, state="trouble", error=locked)  # type: ignore[union-attr]
        assert "! :password" in office()
        await ports.sync.tells(app, pilot, 0, state="waiting", error=None)  # type: ignore[union-attr]
        assert ":password" not in office()


@pytest.mark.parametrize("yes", ["y", "н"], ids=["Latin", "Russian"])
async def test_mail_28_an_answer_that_nobody_reads_is_asked_about_and_y_sends_it(
    app: CrmApp, ports: Ports, mailbox: MailAccount, yes: str
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "w")
        await settle(pilot)
        await type_text(pilot, "no-reply@newco.example\nPrice\nGood day")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "? Nobody reads what is sent" in screen_text(app)
        await pilot.press("y")
        await settle(pilot)
        assert isinstance(app.screen, Choice)
        await pilot.press(yes)
        await settle(pilot)
        assert not isinstance(app.screen, Choice | ComposeScreen)
        assert len(rows(ports, Outbox)) == 1


async def test_idx_17_the_steps_of_the_wizard_are_next_and_finish(app: CrmApp, ports: Ports) -> None:
    ports.sync = FakeSync()  # type: ignore[assignment]
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("colon")
        await settle(pilot)
        await type_text(pilot, "add_account\n")
        await settle(pilot)
        assert isinstance(app.screen, AccountWizard)
        assert "Ctrl+S Next" in screen_text(app)
        await type_text(pilot, "Aliya\naliya@office.example")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "2 of 3" in screen_text(app)
        assert "Own CA, file" in screen_text(app)
        await pilot.press(*["tab"] * 7)
        await type_text(pilot, "/etc/office-ca.pem")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "Ctrl+S Finish" in screen_text(app)
        await type_text(pilot, "right\nmaster\nmaster")
        await pilot.press("ctrl+s")
        await settle(pilot)
    [account] = rows(ports, MailAccount)
    assert account.ca_file == "/etc/office-ca.pem"


async def test_mail_10_the_intake_wizard_finishes(app: CrmApp, ports: Ports) -> None:
    Mailbox(ports).letter()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "a")
        await settle(pilot)
        assert "Ctrl+S Finish" in screen_text(app)


def test_sizes_have_a_unit_and_keys_their_usual_names() -> None:
    assert [size_text(octets) for octets in (870, 12_000)] == ["870 B", "12 KB"]
    assert strokes.show(strokes.parse("pagedown")) == "PgDn"
    assert strokes.show(strokes.parse("pageup")) == "PgUp"
