"""How a screen changes the store: a verb in a unit of work, in a thread, so that a busy store never freezes it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any, TypeVar

from crm_tui.domain.errors import CrmError, Refused
from crm_tui.domain.wall import to_wall, zone_of
from crm_tui.store.hooking import About
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

    def _now(self) -> datetime:
        """The present instant, in UTC."""
        return self.shell.ports.clock()

    def _zone(self) -> tzinfo:
        """The zone of the person's wall clock."""
        return zone_of(self.shell.ports.zone)

    def _today(self) -> date:
        """The present day by the person's clock."""
        return to_wall(self._now(), self._zone()).date()

    @property
    def _user_id(self) -> int:
        """The person at the keys. Raises Refused where there is none."""
        if self.actor.user_id is None:
            raise Refused("needs_a_person")
        return self.actor.user_id

    async def act(self, command: str, verb: Callable[[Work], Answer]) -> Answer:
        """Carry out a verb as the person at the keys and answer what it answered."""
        hooks = self.store.hooks
        about = self._acted_on() if hooks is not None and hooks.any() else None
        return await asyncio.to_thread(self._act, command, verb, about)

    def _act(self, command: str, verb: Callable[[Work], Answer], about: About | None) -> Answer:
        with self.store.work(self.actor, command, about=about) as work:
            return verb(work)

    def _acted_on(self) -> About | None:
        """The marked records, or the one under the cursor; None in a dialog. For hooks, which are asked before it is
        known what the act will write."""
        from crm_tui.screens.record.record_here import records_here

        if self.IS_DIALOG:
            return None
        here: Any = self
        with suppress(CrmError):
            return (here.bulk_kind(), here.bulk_ids()) if hasattr(here, "bulk_ids") else records_here(here)
        return None

    async def look(self, read: Callable[[Any], Answer]) -> Answer:
        """Read something long in a thread, with a connection of its own."""
        return await asyncio.to_thread(self._look, read)

    def _look(self, read: Callable[[Any], Answer]) -> Answer:
        with self.store.read() as connection:
            return read(connection)
