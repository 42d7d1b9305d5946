"""How getting mail ended is said, and how far it is, by keyboard (MAIL-36, MAIL-37)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.errors import NetworkTrouble
from crm_tui.screens.account.accounts import AccountsScreen
from crm_tui.services.ports import Ports, SyncState
from tests.screens.keyboard import screen_text, settle
from tests.screens.mailbox import Mailbox
from tests.screens.test_account_commands import FakeSync

TIMEOUT = NetworkTrouble("unknown_host", host="imap.office.example")


class ToldSync(FakeSync):
    """A sync whose states the test tells."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self._states = [SyncState(number, name, "listening") for number, name in enumerate(names, 1)]

    def start(self, listener: Callable[[], None]) -> None: ...

    def states(self) -> Sequence[SyncState]:
        return self._states

    async def tells(self, app: CrmApp, pilot: Any, number: int, **values: Any) -> None:
        """An account goes on, as a thread of the sync would say it."""
        self._states[number] = replace(self._states[number], **values)
        app._sync_changed()
        await settle(pilot)


@pytest.fixture
def boxes(ports: Ports) -> list[Mailbox]:
    made = [Mailbox(ports, name) for name in ("office", "sales")]
    made[0].letter("Old")
    ports.sync = ToldSync("office", "sales")
    return made


@pytest.mark.parametrize("key", ["S", "І"], ids=["latin", "ukrainian"])
async def test_mail_36_what_came_with_the_mail_asked_for_is_said_once(
    app: CrmApp, ports: Ports, boxes: list[Mailbox], key: str
) -> None:
    sync = ports.sync
    assert isinstance(sync, ToldSync)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", key)
        await settle(pilot)
        assert "Getting mail …" in screen_text(app)
        await sync.tells(app, pilot, 1, state="waiting", last_success_at=ports.clock())
        assert "Getting mail …" in screen_text(app), "the other account was not asked"
        await sync.tells(app, pilot, 0, state="syncing")
        boxes[0].letter("First")
        boxes[0].letter("Second")
        boxes[0].letter("Our own", folder="sent")
        await sync.tells(app, pilot, 0, state="waiting", last_success_at=ports.clock())
        assert "2 new letters" in screen_text(app)
        await pilot.press("j")
        await sync.tells(app, pilot, 0, state="syncing")
        boxes[0].letter("Third")
        await sync.tells(app, pilot, 0, state="waiting", last_success_at=ports.clock())
        assert "new letter" not in screen_text(app), "nobody asked"
        await pilot.press(key)
        await sync.tells(app, pilot, 0, state="syncing")
        await sync.tells(app, pilot, 0, state="listening")
        assert "No new letters" in screen_text(app)


async def test_mail_36_all_accounts_are_waited_for_and_a_fault_is_named(
    app: CrmApp, ports: Ports, boxes: list[Mailbox]
) -> None:
    sync = ports.sync
    assert isinstance(sync, ToldSync)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("g", "S")
        await settle(pilot)
        await sync.tells(app, pilot, 1, state="trouble", error=TIMEOUT)
        assert "Getting mail …" in screen_text(app)
        boxes[0].letter("First")
        await sync.tells(app, pilot, 0, state="syncing")
        await sync.tells(app, pilot, 0, state="waiting", last_success_at=ports.clock())
        assert "! 1 new letter · sales: There is no server" in screen_text(app)


async def test_mail_37_how_far_the_mail_is_stands_in_the_list_of_accounts(
    app: CrmApp, ports: Ports, boxes: list[Mailbox]
) -> None:
    sync = ports.sync
    assert isinstance(sync, ToldSync)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "a")
        await settle(pilot)
        assert isinstance(app.screen, AccountsScreen)
        for done in (3, 40):
            await sync.tells(app, pilot, 0, state="syncing", done=done, total=120)
            assert f"getting mail: {done} of 120" in screen_text(app)
