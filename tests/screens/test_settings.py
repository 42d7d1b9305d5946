"""Personal settings, changed by keyboard alone and in force at once."""

from collections.abc import Callable
from dataclasses import asdict

import pytest
from textual.pilot import Pilot

from crm_tui import config
from crm_tui.app import CrmApp
from crm_tui.screens.shell.settings import SettingsScreen
from crm_tui.services.account import accounts
from crm_tui.services.ports import Ports
from crm_tui.store.tables import MailAccount
from tests.screens.keyboard import screen_text, settle, type_text


async def go_to(app: CrmApp, pilot: Pilot[int], words: str) -> None:
    """Put the cursor on the setting that has the words."""
    await pilot.press("slash", "ctrl+u")
    await type_text(pilot, words)
    await pilot.press("enter")
    await settle(pilot)


def kept() -> config.Config:
    """What the file says, as a program that starts reads it."""
    return config.load(environment={}).config


async def test_mail_18_sending_by_the_job_is_chosen_and_in_force_at_once(app: CrmApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "п", "і")
        await settle(pilot)
        assert isinstance(app.screen, SettingsScreen)
        await go_to(app, pilot, "mail.send")
        assert "at once" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("2")
        await settle(pilot)
        assert app.settings.config.mail.send == kept().mail.send == "job"
        assert "with the next scheduled run" in screen_text(app)
        await pilot.press("d")
        await settle(pilot)
        assert kept().mail.send == "at_once"


async def test_mail_17_the_primary_account_is_one_of_those_there_are(app: CrmApp, ports: Ports) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        for name in ("office", "support"):
            accounts.add(work, name, f"{name}@office.example", imap_host="localhost", smtp_host="localhost")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "s")
        await settle(pilot)
        await go_to(app, pilot, "primary")
        await pilot.press("e")
        await settle(pilot)
        assert "office — office@office.example" in screen_text(app)
        await type_text(pilot, "support")
        await pilot.press("enter")
        await settle(pilot)
        assert kept().mail.primary_account == "support"


async def test_a_wrong_value_is_refused_with_the_reason(app: CrmApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "s")
        await settle(pilot)
        for setting, typed, says in (
            ("undo_s", "soon", "soon must be a whole number"),
            ("attachment_w", "(x", "must be a regular expression"),
        ):
            await go_to(app, pilot, setting)
            await pilot.press("enter")
            await settle(pilot)
            await pilot.press("end", "ctrl+u")
            await type_text(pilot, typed)
            await pilot.press("enter")
            await settle(pilot)
            assert says in screen_text(app)
            await pilot.press("escape")
            await settle(pilot)
        assert asdict(kept()) == asdict(config.Config())


async def test_mail_20_the_timeout_is_typed_and_used_by_the_list(app: CrmApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("g", "s")
        await settle(pilot)
        await go_to(app, pilot, "read_af")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("end", "ctrl+u")
        await type_text(pilot, "1,5")
        await pilot.press("enter")
        await settle(pilot)
        assert app.settings.config.ui.read_after_seconds == kept().ui.read_after_seconds == 1.5


async def test_what_the_environment_sets_is_not_changed_here(
    make_app: Callable[..., CrmApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    monkeypatch.setenv("CRM_MAIL__EDITOR", "external")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+r", "g", "s")
        await settle(pilot)
        await go_to(app, pilot, "mail.editor")
        await pilot.press("enter")
        await settle(pilot)
        assert "CRM_MAIL__EDITOR sets this" in screen_text(app)


async def test_mail_35_the_signature_of_an_account_is_written_here(app: CrmApp, ports: Ports) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        accounts.add(work, "office", "o@office.example", imap_host="localhost", smtp_host="localhost")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "s")
        await settle(pilot)
        await go_to(app, pilot, "signature")
        await pilot.press("enter")
        await settle(pilot)
        await type_text(pilot, "Olena\nSales")
        await pilot.press("tab", "right")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "Olena" in screen_text(app)
    with ports.store.facts("look") as work:
        (account,) = work.all(MailAccount)
    assert (account.signature, account.signature_above_quote) == ("Olena\nSales", True)
