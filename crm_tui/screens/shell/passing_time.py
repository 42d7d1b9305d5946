"""What the clock alone changes on the screens: a day that is over, a task that has become overdue."""

from datetime import datetime

from crm_tui.domain.wall import zone_of
from crm_tui.store.engine import Store


class PassingTime:
    """Looked at every second; it reads the store once a minute, and writes nothing."""

    def __init__(self, store: Store, user_id: int, zone: str) -> None:
        self._store = store
        self._user_id = user_id
        self._zone = zone_of(zone)
        self._seen = store.clock()

    def topics(self) -> dict[str, set[int]]:
        """What is to be shown anew since the last look, as the change feed would say it; mostly nothing."""
        from crm_tui.store.queries import tasks

        now, before = self._store.clock(), self._seen
        if _minute(now) == _minute(before):
            return {}
        self._seen = now
        if now < before or now.astimezone(self._zone).date() != before.astimezone(self._zone).date():
            return {"*": set()}
        with self._store.read() as connection:
            overdue = tasks.fallen_due(connection, self._user_id, before, now)
        return {"task": overdue} if overdue else {}


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
