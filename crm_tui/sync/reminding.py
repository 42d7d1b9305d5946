"""The thread that reminds a person while no screen is open (L-24).

It fires by the same claims as the screens do, and a moment after them: where a screen is open it is the screen that
reminds, and of both exactly one.
"""

import contextlib
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

from crm_tui.domain.errors import CrmError
from crm_tui.services import crash
from crm_tui.services.task import reminders
from crm_tui.services.task.reminder_clock import ReminderClock
from crm_tui.services.task.reminders import Due
from crm_tui.store.engine import Store

PATIENCE = timedelta(seconds=3)
"""So long a reminder is left to a screen, which looks every second."""
LOOK_SECONDS = 1.0

Tell = Callable[[Sequence[Due]], bool]
"""Tells the person; False when nobody heard it, and then it is told again when the claim has run out."""


class Reminding(threading.Thread):
    """Claims what is due for one person and tells it, until ``stop`` is set."""

    def __init__(self, store: Store, user_id: int, tell: Tell, stop: threading.Event) -> None:
        super().__init__(name="reminders", daemon=True)
        self.store, self.tell, self.stop = store, tell, stop
        self._clock = ReminderClock(store, user_id, PATIENCE)
        self._reported = False

    def run(self) -> None:
        """The life of the thread. Commits of other programs are looked for here, for all who listen to the feed."""
        while not self.stop.is_set():
            try:
                with contextlib.suppress(CrmError):  # the store is held by another: the next look tries again
                    self._look()
            except Exception as error:
                if not self._reported:  # once: the next look meets the same
                    self._reported = True
                    crash.write(error, self.store.clock)
            self.stop.wait(LOOK_SECONDS)

    def _look(self) -> None:
        self.store.feed.poll()
        if self.store.feed.drain().keys() & {"reminder", "*"}:
            self._clock.ledger_changed()
        if self._clock.is_time():
            tell_due(self.store, self._clock, self.tell)


def tell_due(store: Store, clock: ReminderClock, tell: Tell) -> int:
    """Claim what is due, tell it, and note that it was seen; how many were claimed."""
    due = clock.claim()
    if due and tell(due):
        with store.facts("reminder.seen") as work:
            reminders.seen(work, [one.id for one in due])
    return len(due)
