"""When to look into the ledger of reminders.

The wall clock is compared, not a timer: after a suspend or a jump of the clock the next look is right. Between two
looks nothing is read from the store but at a change of the ledger and at a slow heartbeat.
"""

from datetime import datetime, timedelta

from crm_tui.services import reminders
from crm_tui.services.reminders import Due
from crm_tui.store.engine import Store

HEARTBEAT = timedelta(seconds=30)


class ReminderClock:
    """Claims what is due for one user in one session."""

    def __init__(self, store: Store, user_id: int) -> None:
        self._store = store
        self._user_id = user_id
        self._next: datetime | None = None
        self._look_at: datetime | None = None

    def ledger_changed(self) -> None:
        """Look again at the next tick."""
        self._look_at = None

    def is_time(self) -> bool:
        """Whether ``claim`` may find something. Costs nothing."""
        now = self._store.clock()
        if self._look_at is None or now >= self._look_at or self._look_at - now > HEARTBEAT:
            return True
        return self._next is not None and self._next <= now

    def claim(self) -> list[Due]:
        """Claim what is due, oldest first, and find out when to look again."""
        found = reminders.claim_due(self._store, self._user_id, self._store.origin)
        now = self._store.clock()
        with self._store.read() as connection:
            self._next = reminders.next_due(connection, self._user_id)
        self._look_at = now + HEARTBEAT
        return found
