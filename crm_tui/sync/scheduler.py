"""The clock and the servers while the program runs: one thread an account, ticks from APScheduler.

APScheduler keeps no job that would be missed: its memory holds a few interval ticks, and a tick only wakes a
thread (design/assurance.md §3). All threads are daemons; ``stop`` ends the connections that they wait on.
"""

import contextlib
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from crm_tui.domain.errors import CrmError, LoginRefused
from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount
from crm_tui.sync import plan
from crm_tui.sync.accounts import Connections, accounts, sync_one
from crm_tui.sync.credentials import Credentials
from crm_tui.sync.engine import log_in
from crm_tui.sync.imap.session import ClockWatch
from crm_tui.sync.listening import InboxWatch
from crm_tui.sync.outbox import release
from crm_tui.sync.passing import Progress
from crm_tui.sync.pop3 import settle_local
from crm_tui.sync.processes import ProcessClock
from crm_tui.sync.push import to_send
from crm_tui.sync.sender import Sender

PLAN_SECONDS = 60
OUTBOX_SECONDS = 5
PROCESS_SECONDS = 15
IDLE_SECONDS = 9 * 60.0
"""IDLE is renewed before routers forget the connection (design/assurance.md §1.4)."""
LOGIN_PAUSE = 1800.0
"""A refused password is not tried again by itself for half an hour: servers lock accounts."""
QUIET_SECONDS = 1.0
"""Changes made here are sent when none came for so long."""
_JOIN_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """What the status line says of an account."""

    account_id: int
    name: str
    state: str = "waiting"
    """``waiting``, ``syncing``, ``listening`` (IDLE) or ``trouble``."""
    progress: Progress | None = None
    error: CrmError | None = None
    last_success_at: datetime | None = None


class Scheduler:
    """Runs the accounts of a store (or those with ``account_ids``) between ``start`` and ``stop``. ``listener``
    hears of every change of status, in any thread."""

    def __init__(
        self,
        store: Store,
        credentials: Credentials,
        *,
        account_ids: Sequence[int] | None = None,
        every_minutes: float = 5.0,
        listener: Callable[[AccountStatus], None] = lambda status: None,
        chance: random.Random | None = None,
    ) -> None:
        from apscheduler.schedulers.background import BackgroundScheduler

        self.store = store
        self.credentials = credentials
        self.account_ids = account_ids
        self.every_seconds = every_minutes * 60
        self.listener = listener
        self.chance = chance or random.Random()
        self.connections = Connections()
        self._workers: dict[int, _Worker] = {}
        self._planning = threading.Lock()
        self._sender = Sender(store, credentials, account_ids, self.connections.stop)
        self._process_clock = ProcessClock(store, self.connections.stop)
        self._clock_watch = ClockWatch()
        self._unsubscribe: Callable[[], None] = lambda: None
        self._ticks = BackgroundScheduler(
            timezone=UTC, daemon=True,
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )  # fmt: skip

    def start(self) -> None:
        """Start a thread for each account, and the ticks."""
        self.refresh()
        self._sender.start()
        self._process_clock.start()
        self.every(OUTBOX_SECONDS, "outbox", self._sender.wake)
        self.every(PROCESS_SECONDS, "processes", self._process_clock.wake)
        self.every(PLAN_SECONDS, "accounts", self._plan)
        self._unsubscribe = self.store.feed.subscribe(self._changed)
        self._ticks.start()

    def every(self, seconds: float, name: str, wake: Callable[[], None]) -> None:
        """Call ``wake`` again and again; it must only wake somebody, never wait."""
        self._ticks.add_job(wake, "interval", seconds=seconds, id=name, replace_existing=True)

    def refresh(self) -> None:
        """Take up accounts that were added, and leave those that were removed or switched off."""
        enabled = {account.key: account for account in accounts(self.store, self.account_ids)}
        with self._planning:  # a tick and a person may both have called
            for account_id, worker in list(self._workers.items()):
                if account_id not in enabled or worker.is_leaving:
                    self._workers.pop(account_id).leave()
            for account_id, account in enabled.items():
                if account_id not in self._workers:
                    self._workers[account_id] = _Worker(self, account)
                    self._workers[account_id].start()

    def sync_now(self, account_ids: list[int] | None = None) -> None:
        """Begin a pass now, also where a fault made us wait; letters that a fault kept are sent."""
        self._sender.hurry()
        for account_id, worker in list(self._workers.items()):
            if account_ids is None or account_id in account_ids:
                worker.wake()

    def cancel(self, account_ids: list[int] | None = None) -> None:
        """Give up the passes under way; the next ones come in their time, when asked for, or with a change."""
        for account_id, worker in list(self._workers.items()):
            if account_ids is None or account_id in account_ids:
                worker.cancel()

    def status(self) -> list[AccountStatus]:
        """Every account's state, by id."""
        return sorted((one.status for one in list(self._workers.values())), key=lambda one: one.account_id)

    def stop(self) -> None:
        """End all within two seconds, whatever the servers do."""
        self._unsubscribe()
        self.connections.end()
        if self._ticks.running:
            self._ticks.shutdown(wait=False)
        deadline = time.monotonic() + _JOIN_SECONDS
        for worker in list(self._workers.values()):
            worker.leave()
        self._sender.wake()
        self._process_clock.wake()
        for thread in (*self._workers.values(), self._sender, self._process_clock):
            thread.join(max(0.0, deadline - time.monotonic()))

    def _plan(self) -> None:
        with contextlib.suppress(CrmError):  # the store cannot be read now: the next tick tries again
            self.refresh()
        if self._clock_watch.jumped():  # the machine slept: connections are dead, and mail waits
            self._clock_watch = ClockWatch()
            self.sync_now()

    def _changed(self) -> None:
        self._sender.wake()
        for worker in list(self._workers.values()):
            worker.look()


class _Worker(threading.Thread):
    """One account: pass, listen or wait, pass again."""

    def __init__(self, scheduler: Scheduler, account: MailAccount) -> None:
        super().__init__(name=f"sync {account.name}", daemon=True)
        self.scheduler = scheduler
        self.account = account
        self.status = AccountStatus(account.key, account.name, last_success_at=account.last_success_at)
        self._due = threading.Event()
        self._look = threading.Event()
        self._gone = threading.Event()
        self._failures = self._broken = 0
        self._left: frozenset[tuple[int, object]] = frozenset()
        self._inbox = InboxWatch(scheduler.store, account.key)
        self._passing = Connections()

    def wake(self) -> None:
        """Begin a pass as soon as possible."""
        self._due.set()
        self._look.set()

    def look(self) -> None:
        """Something changed in the store: see whether it is for the server."""
        self._look.set()

    def leave(self) -> None:
        """End the thread."""
        self._gone.set()
        self._passing.end()
        self.wake()

    def cancel(self) -> None:
        """Give up the pass under way."""
        if self.status.state == "syncing":
            self._passing.end()

    @property
    def is_leaving(self) -> bool:
        """Whether the thread ends, or has ended, by itself, by a fault of ours, or because it was told to."""
        return self._gone.is_set() or not self.is_alive()

    def run(self) -> None:
        while not self._gone.is_set():
            self._due.clear()
            deadline = time.monotonic() + self._pass()
            while not (self._due.is_set() or self._gone.is_set()):
                self._consider()  # before it listens: what the pass itself wrote would end that at once
                left = deadline - time.monotonic()
                if left <= 0 or self._due.is_set():
                    break
                given_up = self._passing.stop.is_set()  # then the next one is not begun at once
                if given_up or not self._listen(left):
                    self._look.wait(left)

    def _consider(self) -> None:
        """After a change in the store: a pass is due when something new is to be sent, once it is quiet."""
        if not self._look.is_set():
            return
        self._look.clear()
        with contextlib.suppress(CrmError):  # the store cannot be read now: the next pass says so
            if self.account.kind == "pop3":
                settle_local(self.scheduler.store, self.account.key)
                return
            if not self._due.is_set() and to_send(self.scheduler.store, self.account.key) - self._left:
                self._gone.wait(QUIET_SECONDS)
                self._due.set()

    def _pass(self) -> float:
        """One pass; the seconds to wait after it."""
        try:
            error = self._synced()
        except CrmError as trouble:  # the store's own: held by another program, or damaged
            error = trouble
        self._failures = self._failures + 1 if error else 0
        if error is None:
            return self.scheduler.every_seconds
        self._tell(state="trouble", progress=None, error=error)
        if isinstance(error, LoginRefused):
            return LOGIN_PAUSE
        return plan.pause_after(self._failures, self.scheduler.chance, plan.longest_pause(error))

    def _synced(self) -> CrmError | None:
        """One pass, and the fault that ended it; the account's end is the thread's."""
        found = accounts(self.scheduler.store, [self.account.key])
        if not found:
            self._gone.set()
            return None
        self.account = found[0]
        before = to_send(self.scheduler.store, self.account.key)
        passing = self._passing = Connections()
        if self._gone.is_set():
            return None
        self._tell(state="syncing", error=None)
        result = sync_one(
            self.scheduler.store, self.account, self.scheduler.credentials, passing,
            lambda progress: self._tell(progress=progress),
        )  # fmt: skip
        self.account = next(iter(accounts(self.scheduler.store, [self.account.key])), self.account)
        # What this pass could not send is no reason for another one at once; what was changed while it ran is.
        self._left = before & to_send(self.scheduler.store, self.account.key)
        release(self.scheduler.store, [self.account.key])
        if passing.stop.is_set():
            self._tell(state="waiting", progress=None)
            return None
        if result.error is None:
            self._tell(state="waiting", progress=None, last_success_at=self.scheduler.store.clock())
        return result.error

    def _listen(self, seconds: float) -> bool:
        """Wait in IDLE on the inbox until something is to be done; False where that cannot be done."""
        if self.status.state == "trouble" or "IDLE" not in self.account.capabilities:
            return False
        connections = self.scheduler.connections
        try:
            with log_in(self.account, self.scheduler.credentials) as session:
                connections.add(session)
                try:
                    if self._inbox.missed(session.select(b"INBOX", write=False)):
                        self._due.set()
                        return True
                    listening = partial(self._tell, state="listening")
                    if session.idle(min(seconds, IDLE_SECONDS), self._look, listening):
                        self._due.set()
                finally:
                    connections.drop(session)
                self._broken = 0
        except Exception:  # the line is down: the next pass meets the same trouble, and reports it
            self._tell(state="waiting")
            self._broken += 1  # or only this connection is: then the passes must not follow each other
            self._look.wait(plan.pause_after(self._broken, self.scheduler.chance))
            self._due.set()
        return True

    def _tell(self, **values: Any) -> None:
        self.status = replace(self.status, **values)
        self.scheduler.listener(self.status)
