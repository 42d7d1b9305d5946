"""The session is kept beside the loop: a program that holds the store must not freeze the keys."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from textual.app import App

from crm_tui.domain.errors import CrmError
from crm_tui.services.ports import SessionStore


class SessionKeeper:
    """For the app: takes the states of places and keeps the newest of each, one after the other."""

    def __init__(self, app: App[Any], session: SessionStore | None) -> None:
        self._app = app
        self._session = session
        self._waiting: dict[str, Mapping[str, Any]] = {}
        self._at_work = False

    @property
    def waiting(self) -> Mapping[str, Mapping[str, Any]]:
        """The states that the store has not taken yet, by place."""
        return self._waiting

    def keep(self, place: str, state: Mapping[str, Any]) -> None:
        """Keep the state of a place as soon as the store can be written; returns at once."""
        self._waiting[place] = state
        if not self._at_work and self._session is not None:
            self._at_work = True
            self._app.run_worker(self._keep_all(self._session), group="session", exit_on_error=False)

    async def _keep_all(self, session: SessionStore) -> None:
        try:
            while self._waiting:
                place, state = self._waiting.popitem()
                # Another program holds the store too long: the next change tries again, and the end keeps all.
                with contextlib.suppress(CrmError):
                    await asyncio.to_thread(session.save, place, state)
        finally:
            self._at_work = False
