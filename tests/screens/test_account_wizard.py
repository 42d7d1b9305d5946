"""The first mail account, set up by keyboard against a real IMAP server and a real SMTP server."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.account.account_wizard import AccountWizard
from crm_tui.services.ports import Ports
from crm_tui.store.tables import Letter, MailAccount, User
from crm_tui.sync.accounts import sync_once
from crm_tui.sync.credentials import Credentials
from crm_tui.sync.vault import Vault
from crm_tui.workstation import BackgroundMail
from tests.screens.keyboard import screen_text, settle, type_text
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.sync.world import OtherSide, letter
from tests.waiting import settled


class AnsweringMail(BackgroundMail):
    """Answers questions, but begins no pass by itself."""

    def start(self, listener: Callable[[], None]) -> None: ...


@pytest.fixture
def credentials(tmp_path: Path) -> Credentials:
    return Credentials(Vault(tmp_path / "vault.json"), None, None)


@pytest.fixture
def ports(ports: Ports, credentials: Credentials) -> Ports:
    """With the real sync, which only answers."""
    ports.sync = AnsweringMail(ports.store, 5.0, credentials)
    return ports


def rows(ports: Ports, model: type) -> list:  # type: ignore[type-arg]
    with ports.store.facts("look") as work:
        return work.all(model)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_idx_17_the_wizard_adds_an_account_that_works(
    app: CrmApp,
    ports: Ports,
    credentials: Credentials,
    dovecot: Dovecot,
    tmp_path: Path,
    size: tuple[int, int],
) -> None:
    user = dovecot.account("aliya")
    other = OtherSide(dovecot, user)
    other.append("INBOX", letter("<1@x.example>"))
    other.close()
    with SmtpSink(logins={user: dovecot.password}) as sink:
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            assert ":add_account" in screen_text(app)
            await pilot.press("colon")
            await settle(pilot)
            await type_text(pilot, "add_account\n")
            await settle(pilot)
            assert isinstance(app.screen, AccountWizard)
            await type_text(pilot, f"Алия\n{user}@example.org")
            await pilot.press("tab", "ctrl+u")
            await type_text(pilot, "Europe/Kyiv\n")
            await settle(pilot)
            assert "2 of 3" in screen_text(app)
            assert "imap.example.org" in screen_text(app)
            for port in (dovecot.imap_port, sink.port):
                await pilot.press("ctrl+u")
                await type_text(pilot, "localhost")
                await pilot.press("tab", "right", "right", "tab", "ctrl+u")
                await type_text(pilot, str(port))
                await pilot.press("tab")
            await pilot.press("ctrl+u")
            await type_text(pilot, f"{user}\n")
            await settle(pilot)
            assert "new master password" in screen_text(app)
            await type_text(pilot, "wrong\nsesam\nsesam\n")
            await settled(pilot, lambda: "refused" in screen_text(app))
            assert rows(ports, MailAccount) == []
            assert not (tmp_path / "vault.json").exists()
            await pilot.press("shift+tab", "shift+tab", "shift+tab", "shift+tab", "ctrl+u")
            await type_text(pilot, f"{dovecot.password}\n")
            await settled(pilot, lambda: not isinstance(app.screen, AccountWizard))
            assert "1 letter is being fetched" in screen_text(app)
    [account] = rows(ports, MailAccount)
    assert (account.sender_name, account.imap_user, account.password_source) == ("Алия", user, "vault")
    assert rows(ports, User)[0].zone == ports.zone == "Europe/Kyiv"
    assert dovecot.password not in (tmp_path / "vault.json").read_text()
    assert not sync_once(ports.store, credentials=credentials).errors
    assert len(rows(ports, Letter)) == 1


async def test_an_address_that_is_none_is_told_and_esc_leaves_nothing(app: CrmApp, ports: Ports) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.run_command("everywhere.add_account")
        await settle(pilot)
        await type_text(pilot, "Aliya\n\n")
        await settle(pilot)
        assert "must be typed" in screen_text(app)
        await type_text(pilot, "aliya\n")
        await settle(pilot)
        assert "not an e-mail address" in screen_text(app)
        assert "1 of 3" in screen_text(app)
        await type_text(pilot, "@gmail.com\n")
        await settle(pilot)
        assert "imap.gmail.com" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert "app password" in screen_text(app)
        await pilot.press("escape", "escape", "escape")
        await settle(pilot)
        assert "Esc once more gives up what was typed" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert not isinstance(app.screen, AccountWizard)
    assert rows(ports, MailAccount) == []


async def test_up_and_down_go_through_the_fields_as_in_every_form(app: CrmApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.run_command("everywhere.add_account")
        await settle(pilot)
        await type_text(pilot, "Aliya\naliya@newco.example\n")
        await settle(pilot)
        assert "2 of 3" in screen_text(app)
        await pilot.press("down", "right", "down", "down")
        await settle(pilot)
        assert app.focused is app.screen.query_one("#smtp-host")
        assert "STARTTLS" in screen_text(app)
        await pilot.press("up", "up", "up")
        assert app.focused is app.screen.query_one("#imap-host")


async def test_what_was_typed_survives_a_lost_line_but_never_the_password(
    app: CrmApp, make_app: type, ports: Ports
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.run_command("everywhere.add_account")
        await settle(pilot)
        await type_text(pilot, "Алия\naliya@ukr.net\n\nhidden")
        await settle(pilot)
        app.save_session()
    kept = ports.session.load("AccountWizard") if ports.session else {}
    assert "hidden" not in str(kept)
    again = make_app()
    async with again.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        again.run_command("everywhere.add_account")
        await settle(pilot)
        assert "aliya@ukr.net" in screen_text(again)
        await pilot.press("enter")
        await settle(pilot)
        assert "imap.ukr.net" in screen_text(again)


async def test_mail_09_pop3_is_chosen_and_its_folders_are_said_to_stay_here(
    app: CrmApp, ports: Ports, credentials: Credentials, dovecot: Dovecot
) -> None:
    user = dovecot.account("pop")
    dovecot.seed(user, "INBOX", [letter("<1@x.example>")])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.run_command("everywhere.add_account")
        await settle(pilot)
        await type_text(pilot, f"Алия\n{user}@example.org\n")
        await settle(pilot)
        assert "2 of 3" in screen_text(app)
        await pilot.press("shift+tab", "right")
        await settle(pilot)
        assert "pop.example.org" in screen_text(app)
        assert "POP3 has no folders" in screen_text(app)
        await pilot.press("tab", "ctrl+u")
        await type_text(pilot, "localhost")
        await pilot.press("tab", "right", "right", "tab", "ctrl+u")
        await type_text(pilot, str(dovecot.pop3_port))
        await pilot.press("tab", "ctrl+u", "tab", "tab", "tab", "ctrl+u")
        await type_text(pilot, user)
        await pilot.press("tab")
        await type_text(pilot, "soon\n")
        await type_text(pilot, f"{dovecot.password}\n")
        await settle(pilot)
        await type_text(pilot, "sesam\nsesam\n")
        await settled(pilot, lambda: "not a whole number" in screen_text(app))
        await pilot.press("escape")
        await settle(pilot)
        field = app.screen.query_one("#days")
        while app.focused is not field:
            await pilot.press("tab")
        await pilot.press("ctrl+u")
        await type_text(pilot, "14\n\n\n\n")
        await settled(pilot, lambda: not isinstance(app.screen, AccountWizard))
    [account] = rows(ports, MailAccount)
    assert (account.kind, account.keep_on_server_days, account.smtp_host) == ("pop3", 14, "")
    assert not sync_once(ports.store, credentials=credentials).errors
    assert len(rows(ports, Letter)) == 1
