"""How a screen changes the store: a verb in a unit of work, in a thread, so that a busy store never freezes it."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from crm_tui.store.work import Work

if TYPE_CHECKING:
    from crm_tui.screens.base import Place

    Base = Place
else:
    Base = object

Answer = TypeVar("Answer")


class Acting(Base):
    """For screens and dialogs that carry out verbs.

    A ``command_…`` coroutine awaits ``act("task.done", lambda work: tasks.done(work, task_id))``; the CrmError it
    may raise is shown by whoever runs the command.
    """

    async def act(self, command: str, verb: Callable[[Work], Answer]) -> Answer:
        """Carry out a verb as the person at the keys and answer what it answered."""
        return await asyncio.to_thread(self._act, command, verb)

    def _act(self, command: str, verb: Callable[[Work], Answer]) -> Answer:
        with self.store.work(self.actor, command) as work:
            return verb(work)

    async def look(self, read: Callable[[Any], Answer]) -> Answer:
        """Read something long in a thread, with a connection of its own."""
        return await asyncio.to_thread(self._look, read)

    def _look(self, read: Callable[[Any], Answer]) -> Answer:
        with self.store.read() as connection:
            return read(connection)
