"""The thread that sends letters while the program runs."""

import threading
from typing import TYPE_CHECKING

from crm_tui.domain.errors import CrmError
from crm_tui.services import crash
from crm_tui.sync.outbox import next_due, release, send_due

if TYPE_CHECKING:
    from crm_tui.sync.scheduler import Scheduler


class Sender(threading.Thread):
    """Sends letters when they are due."""

    def __init__(self, scheduler: "Scheduler") -> None:
        super().__init__(name="outbox", daemon=True)
        self.scheduler = scheduler
        self._look = threading.Event()
        self._hurried = threading.Event()

    def hurry(self) -> None:
        """A person wants mail sent: what waits for an account to work again is due."""
        self._hurried.set()
        self._look.set()

    def wake(self) -> None:
        """See whether a letter is due."""
        self._look.set()

    def run(self) -> None:
        """Wait to be woken, and look; until the scheduler ends."""
        reported = False
        while not self.scheduler.connections.stop.is_set():
            self._look.wait()
            self._look.clear()
            try:
                self._send_due()
            except CrmError:  # the store is held by another: the next tick tries again
                continue
            except Exception as error:  # a fault of ours with one letter must not keep all others here
                if not reported:
                    crash.write(error, self.scheduler.store.clock)
                reported = True

    def _send_due(self) -> None:
        stop, store = self.scheduler.connections.stop, self.scheduler.store
        if self._hurried.is_set():
            self._hurried.clear()
            release(store, self.scheduler.account_ids, by_hand=True)
        due = None if stop.is_set() else next_due(store)
        if due is not None and due <= store.clock():
            send_due(store, self.scheduler.credentials, account_ids=self.scheduler.account_ids, stop=stop)
