"""The program is left while screens are being made, work is under way and timers fall due: no fault, nothing lost."""

import asyncio
import inspect
import signal

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.shell.ending import SIGNALS
from crm_tui.services import unkept
from crm_tui.services.ports import Ports
from crm_tui.store.tables import MailAccount
from tests.holding import held
from tests.screens.keyboard import settle
from tests.screens.test_leaving import begin_letter, drafts, only_the_end_keeps

__all__ = ["only_the_end_keeps"]


@pytest.mark.parametrize("turns", [0, 3])
async def test_left_while_a_screen_is_being_made(app: CrmApp, turns: int) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        app.switch_mode("calendar")
        for _turn in range(turns):
            await asyncio.sleep(0)
        app.exit(0)
    assert app.return_code == 0


async def test_left_before_the_first_screen_stands(app: CrmApp) -> None:
    running = asyncio.create_task(app.run_async(headless=True, size=(80, 24)))
    while not app.is_running:
        await asyncio.sleep(0)
    app.exit(0)
    await running
    assert app.return_code == 0


@pytest.mark.parametrize("number", [*SIGNALS, signal.SIGINT])
async def test_a_signal_is_heard_before_the_first_screen_stands(app: CrmApp, number: int) -> None:
    running = asyncio.create_task(app.run_async(headless=True, size=(80, 24)))
    while not app.is_running:
        await asyncio.sleep(0)
    assert signal.getsignal(number) not in (signal.SIG_DFL, signal.default_int_handler)
    signal.raise_signal(number)
    await running
    assert app.return_code == 128 + number


async def test_ctrl_c_in_the_own_editor_is_for_the_editor(app: CrmApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        assert app._driver is not None
        with app._driver.no_automatic_restart():  # as while the terminal is lent
            signal.raise_signal(signal.SIGINT)
            await settle(pilot)
        assert not app._exit


async def test_a_screen_being_made_hinders_no_letter_from_being_kept(
    app: CrmApp, ports: Ports, mailbox: MailAccount
) -> None:
    assert ports.session is not None
    ports.session.save("InterestsScreen", {"kept": "before"})
    async with app.run_test(size=(80, 24)) as pilot:
        await begin_letter(app, pilot)
        app.switch_mode("interests")
        app.line_is_lost()
    assert app.return_code == 129
    assert drafts(ports) == [("Price", "Good day")]
    assert ports.session.load("InterestsScreen") == {"kept": "before"}


async def test_a_second_signal_takes_nothing_back(
    app: CrmApp, ports: Ports, mailbox: MailAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_tui.store.gate.WAIT_SECONDS", 0.05)
    async with app.run_test(size=(80, 24)) as pilot:
        await begin_letter(app, pilot)
        with held(ports.store):
            app.line_is_lost()
    with held(ports.store):
        app.line_is_lost()  # the screens are gone by now
    unkept.take_up(ports.store, ports.actor.user_id or 0)
    assert drafts(ports) == [("Price", "Good day")]


async def test_no_command_begins_in_a_program_that_is_left(app: CrmApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        before = app.current_mode
        app.exit(0)
        assert app.run_command("everywhere.tasks")
        assert app.current_mode == before


async def test_work_that_is_given_up_before_its_first_step_leaves_no_complaint(app: CrmApp) -> None:
    async def work() -> None:
        raise AssertionError("given up before")

    given_up = work()
    async with app.run_test(size=(80, 24)) as pilot:
        app.screen.run_worker(given_up).cancel()
        await settle(pilot)
    assert inspect.getcoroutinestate(given_up) == inspect.CORO_CLOSED


@pytest.mark.parametrize(
    ("mode", "place", "field"), [("mail", "MailScreen", "subject"), ("interests", "InterestsScreen", "name")]
)
async def test_a_filter_still_being_restored_is_there_in_the_next_session(
    app: CrmApp, ports: Ports, mailbox: MailAccount, mode: str, place: str, field: str
) -> None:
    assert ports.session is not None
    kept = {"condition": {"all": [{"field": field, "op": "contains", "value": "x"}]}, "name": ""}
    ports.session.save(place, {"filter": kept})
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.switch_mode(mode)
        while not app.screen.is_mounted:
            await asyncio.sleep(0)
        app.line_is_lost()
    assert ports.session.load(place)["filter"]["condition"] == kept["condition"]
