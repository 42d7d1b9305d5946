"""When to look into the ledger of reminders.

The wall clock is compared, not a timer: after a suspend or a jump of the clock the next look is right. Between two
looks nothing is read from the store but at a change of the ledger and at a slow heartbeat.
"""

from datetime import datetime, timedelta

from crm_tui.services.task import reminders
from crm_tui.services.task.reminders import Due
from crm_tui.store.engine import Store
from crm_tui.store.work import Actor

HEARTBEAT = timedelta(seconds=30)
HOUR = timedelta(hours=1)
"""So often it is asked who is back from an absence."""


class ReminderClock:
    """Claims what is due for one user in one session; ``patience`` after its time."""

    def __init__(self, store: Store, user_id: int, patience: timedelta = timedelta()) -> None:
        self._store = store
        self._user_id = user_id
        self._patience = patience
        self._next: datetime | None = None
        self._look_at: datetime | None = None
        self._absences_at: datetime | None = None

    def ledger_changed(self) -> None:
        """Look again at the next tick."""
        self._look_at = None

    def is_time(self) -> bool:
        """Whether ``claim`` may find something. Costs nothing."""
        now = self._store.clock()
        if self._look_at is None or now >= self._look_at or self._look_at - now > HEARTBEAT:
            return True
        return self._next is not None and self._next + self._patience <= now

    def claim(self) -> list[Due]:
        """Claim what is due, oldest first, and find out when to look again."""
        found = reminders.claim_due(self._store, self._user_id, self._store.origin, patience=self._patience)
        now = self._store.clock()
        if self._absences_at is None or now >= self._absences_at or self._absences_at - now > HOUR:
            self._absences_at = now + HOUR
            self._give_back(now)
        with self._store.read() as connection:
            self._next = reminders.next_due(connection, self._user_id)
        self._look_at = now + HEARTBEAT
        return found

    def _give_back(self, now: datetime) -> None:
        """Tasks in which somebody stood in go back to those who are back (IDX-45)."""
        from crm_tui.services.task import absences
        from crm_tui.store.queries.absences import returned

        with self._store.read() as connection:
            back = returned(connection, now)
        for user_id in back:
            with self._store.work(Actor.program("absence"), "absence.return") as work:
                absences.give_back(work, user_id)
