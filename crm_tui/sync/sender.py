"""The threads that send letters while the program runs: one that looks, and one an account that has letters due."""

import threading
from collections.abc import Sequence

from crm_tui.domain.errors import CrmError
from crm_tui.store.engine import Store
from crm_tui.sync.credentials import Credentials
from crm_tui.sync.looking import Looking
from crm_tui.sync.outbox import due_accounts, next_due, release, send_account
from crm_tui.sync.outbox_uncertain import recover

MOST_AT_ONCE = 4
"""Accounts that are sent from at the same time."""


class Sender(Looking):
    """Sends letters when they are due, of all accounts or of those with ``account_ids``, until ``stop`` is set.

    A server that hangs holds the letters of its account only.
    """

    def __init__(
        self,
        store: Store,
        credentials: Credentials,
        account_ids: Sequence[int] | None,
        stop: threading.Event,
    ) -> None:
        super().__init__("outbox", store, stop)
        self.credentials, self.account_ids = credentials, account_ids
        self._hurried = threading.Event()
        self._lock = threading.Lock()
        self._busy: dict[int, threading.Thread] = {}
        self._missed = False
        """Whether an account had to wait for a thread: the next one that is free has us look again."""

    def hurry(self) -> None:
        """A person wants mail sent: what waits for an account to work again is due."""
        self._hurried.set()
        self.wake()

    def run(self) -> None:
        """Wait to be woken, and look; at the end wait for those that send."""
        super().run()
        with self._lock:
            busy = list(self._busy.values())
        for thread in busy:
            thread.join()

    def look(self) -> None:
        store, mine = self.store, self.account_ids
        if self._hurried.is_set():
            self._hurried.clear()
            release(store, mine, by_hand=True)
        due = None if self.stop.is_set() else next_due(store)
        if due is not None and due <= store.clock():
            recover(store)
            for account_id in due_accounts(store):
                if mine is None or account_id in mine:
                    self._begin(account_id)

    def _begin(self, account_id: int) -> None:
        with self._lock:
            if account_id in self._busy or len(self._busy) >= MOST_AT_ONCE:
                self._missed = True
                return
            name = f"outbox {account_id}"
            thread = threading.Thread(target=self._send, args=(account_id,), name=name, daemon=True)
            self._busy[account_id] = thread
            thread.start()

    def _send(self, account_id: int) -> None:
        """The life of an account's thread."""
        try:
            send_account(self.store, self.credentials, account_id, stop=self.stop)
        except CrmError:  # the store is held by another: the next tick tries again
            pass
        except Exception as error:
            self.report(error)
        finally:
            with self._lock:
                del self._busy[account_id]
                missed, self._missed = self._missed, False
            if missed:
                self.wake()
