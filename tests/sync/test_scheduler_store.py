"""The threads of the scheduler outlive a store that another program holds for a while."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_tui import paths
from crm_tui.domain.errors import StoreBusy
from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount
from crm_tui.store.work import Actor
from crm_tui.sync import plan, scheduler, sender
from crm_tui.sync.accounts import AccountResult
from crm_tui.sync.credentials import Credentials
from crm_tui.sync.passing import Counts
from crm_tui.sync.scheduler import Scheduler
from crm_tui.sync.vault import Vault
from tests.store.letters import account
from tests.stores import new_store
from tests.waiting import LIMIT, eventually

Held = Callable[..., Any]


def held_once(answer: Held) -> tuple[Held, list[str]]:
    """A function that another program's hold on the store ends the first time it is called; what was heard."""
    heard: list[str] = []

    def called(*arguments: Any, **named: Any) -> Any:
        heard.append("busy" if not heard else "done")
        if heard == ["busy"]:
            raise StoreBusy("store_busy", operation="import", pid=7)
        return answer(*arguments, **named)

    return called, heard


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(tmp_path / "store")
    yield made
    made.close()


@pytest.fixture
def made(store: Store, tmp_path: Path) -> Iterator[Scheduler]:
    scheduler = Scheduler(store, Credentials(Vault(tmp_path / "vault"), None))
    yield scheduler
    scheduler.connections.stop.set()


def test_letters_are_sent_once_the_store_is_free_again(
    store: Store, made: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, heard = held_once(lambda *_arguments, **_named: {})
    monkeypatch.setattr(sender, "send_account", send)
    monkeypatch.setattr(sender, "due_accounts", lambda _store: [1])
    monkeypatch.setattr(sender, "next_due", lambda _store: store.clock())
    made._sender.start()
    made._sender.wake()
    eventually(lambda: heard == ["busy"], "the look that met the other program")
    made._sender.wake()
    eventually(lambda: heard == ["busy", "done"], "the look after it")
    made.connections.stop.set()
    made._sender.wake()
    made._sender.join(LIMIT)
    assert not made._sender.is_alive()


def test_a_server_that_hangs_holds_the_letters_of_its_account_only(
    store: Store, made: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging, sent = threading.Event(), []

    def send(_store: Store, _credentials: Credentials, account_id: int, **_named: Any) -> None:
        sent.append(account_id)
        if account_id == 1:
            assert hanging.wait(LIMIT)

    monkeypatch.setattr(sender, "send_account", send)
    monkeypatch.setattr(sender, "due_accounts", lambda _store: [1, 2])
    monkeypatch.setattr(sender, "next_due", lambda _store: store.clock())
    made._sender.start()
    for times in (1, 2):
        made._sender.wake()
        eventually(lambda times=times: sent.count(2) >= times, "the letter of the other account")  # type: ignore[misc]
    assert sent.count(1) == 1
    hanging.set()
    eventually(lambda: sent.count(1) > 1, "the account is looked at again once it is free")
    made.connections.stop.set()
    made._sender.wake()
    made._sender.join(LIMIT)
    assert not made._sender.is_alive()


def test_a_pass_that_the_store_stopped_is_told_and_made_again(
    store: Store, made: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = account(store)
    once, heard = held_once(lambda _store, one, *_rest: AccountResult(one.key, one.name, Counts()))
    monkeypatch.setattr(scheduler, "sync_one", once)
    monkeypatch.setattr(plan, "pause_after", lambda *_arguments: 0.0)
    states: list[tuple[str, str]] = []
    made.listener = lambda status: states.append((status.state, status.error.code if status.error else ""))
    made.refresh()
    eventually(lambda: ("waiting", "") in states, "the pass after it")
    assert heard == ["busy", "done"]
    assert ("trouble", "store_busy") in states
    assert [one.account_id for one in made.status()] == [key]
    made._workers[key].leave()
    made._workers[key].join(LIMIT)


def test_an_account_taken_back_is_synced_again(
    store: Store, made: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        scheduler, "sync_one", lambda _store, one, *_rest: AccountResult(one.key, one.name, Counts())
    )
    key = account(store)

    def switch(*, on: bool) -> None:
        with store.work(Actor("me"), "account.change") as work:
            work.change(work.get(MailAccount, key), enabled=on)

    made.refresh()
    first = made._workers[key]
    eventually(lambda: first.status.state == "waiting", "the first pass")
    switch(on=False)
    first.wake()
    first.join(LIMIT)
    assert not first.is_alive(), "it found its account gone by itself"
    switch(on=True)
    made.refresh()
    second = made._workers[key]
    assert second is not first
    eventually(lambda: second.status.state == "waiting", "a pass of the account that is back")
    second.leave()
    second.join(LIMIT)


def test_a_fault_of_ours_ends_neither_the_sending_nor_an_account(
    store: Store, made: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []

    def failing(*_arguments: Any, **_named: Any) -> Any:
        heard.append("failed")
        raise ValueError

    monkeypatch.setattr(sender, "next_due", failing)
    made._sender.start()
    for times in (1, 2):
        made._sender.wake()
        eventually(lambda times=times: len(heard) == times, "the look that fails")  # type: ignore[misc]
    (report,) = paths.state_dir().glob("crash-*.txt")
    assert "ValueError" in report.read_text()

    account(store)
    monkeypatch.setattr(scheduler, "sync_one", failing)
    monkeypatch.setattr(threading, "excepthook", lambda _told: None)
    for times in (3, 4):
        made.refresh()
        eventually(lambda times=times: len(heard) == times, "the pass that fails")  # type: ignore[misc]
        for worker in made._workers.values():
            worker.join(LIMIT)
    made.connections.stop.set()
    made._sender.wake()
    made._sender.join(LIMIT)
