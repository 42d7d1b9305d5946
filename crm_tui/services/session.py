"""Where a person was, kept for the case that the line drops: place, cursor, filter, text that is not sent yet."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from crm_tui.store.engine import Store
from crm_tui.store.tables import SessionState, table_of


class StoredSession:
    """The ``SessionStore`` of ``services.ports``, over the store."""

    def __init__(self, store: Store, user_id: int) -> None:
        self._store = store
        self._user_id = user_id

    def save(self, place: str, state: Mapping[str, Any]) -> None:
        """Keep the state of a place; an empty one is forgotten."""
        with self._store.facts("session.save") as work:
            known = work.find(SessionState, user_id=self._user_id, place=place)
            if known is None and state:
                work.add(SessionState(user_id=self._user_id, place=place, value=dict(state), at=work.now))
            elif known is not None and state:
                work.change(known, value=dict(state), at=work.now)
            elif known is not None:
                work.remove(known)

    def load(self, place: str) -> dict[str, Any]:
        """The kept state of a place; empty when there is none."""
        session = table_of(SessionState)
        with self._store.read() as connection:
            value = connection.execute(
                select(session.c.value).where(session.c.user_id == self._user_id, session.c.place == place)
            ).scalar_one_or_none()
        return dict(value or {})
