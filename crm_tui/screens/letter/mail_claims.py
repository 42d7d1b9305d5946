"""A letter of a group mailbox that is open is claimed, so that colleagues see who has it (story B8)."""

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING

from crm_tui.domain.errors import CrmError
from crm_tui.i18n import _
from crm_tui.screens.forms.prompt import Confirm
from crm_tui.screens.wording import due_text
from crm_tui.store.engine import Store
from crm_tui.store.queries import claims as queries
from crm_tui.store.queries.claims import ALONE, Shared

if TYPE_CHECKING:
    from crm_tui.screens.acting import Acting
    from crm_tui.screens.base import CrmScreen

    class Base(Acting, CrmScreen[None]):
        """What claiming needs of its screen."""

else:
    Base = object


class Claiming(Base):
    """For the reader: ``claim_letter`` when a letter is opened, ``release_letter`` when it is left."""

    _claimed: int | None = None

    def claim_letter(self, letter_id: int) -> None:
        """The letter is open here; the one before it is not any more."""
        if self._claimed != letter_id:
            self.release_letter()
            self._claimed = letter_id
            self.run_worker(lambda: self._claim(letter_id), thread=True, group="claims", exit_on_error=False)

    def release_letter(self) -> None:
        """The letter is closed. Where the store is busy the claim ends by its time."""
        if self._claimed is not None:
            letter_id, self._claimed = self._claimed, None
            # The screen may be gone by then: the thread gets all it needs.
            end = partial(_end, self.store, letter_id, self._user_id, answered=False)
            self.app.run_worker(end, thread=True, group="claims", exit_on_error=False)

    def shared_with(self, place: int) -> Shared:
        """What others at the group mailbox do with the letter."""
        with self.store.read() as connection:
            found = queries.of_places(connection, [place], self.actor.user_id, self._now())
        return found.get(place, ALONE)

    def on_unmount(self) -> None:
        self.release_letter()

    def _claim(self, letter_id: int) -> None:
        from crm_tui.services.letter import claims

        if not _in_group(self.store):
            return
        with contextlib.suppress(CrmError), self.store.facts("claim.open") as work:
            claims.claim(work, letter_id, self._user_id)


class AnswerGuard(Base):
    """For a screen from which a letter is answered."""

    async def may_answer(self, place: int) -> bool:
        """Ask where a colleague has the letter already; the answer is claimed when it is begun."""
        shared = await self.look(
            lambda connection: queries.of_places(connection, [place], self.actor.user_id, self._now())
        )
        held = shared.get(place, ALONE)
        if not held.is_held:
            return True
        answer: bool | None = await self.app.push_screen_wait(Confirm(self._warning(held)))
        return bool(answer)

    async def claim_answer(self, letter_id: int) -> None:
        """The letter is being answered here."""
        await asyncio.to_thread(self._claim_answer, letter_id)

    def answer_left(self, letter_id: int) -> None:
        """The answer was sent, or put aside."""
        end = partial(_end, self.store, letter_id, self._user_id, answered=True)
        self.app.run_worker(end, thread=True, group="claims", exit_on_error=False)

    def _claim_answer(self, letter_id: int) -> None:
        from crm_tui.services.letter import claims

        if not _in_group(self.store):
            return
        with self.store.facts("claim.answer") as work:
            claims.claim(work, letter_id, self._user_id, answering=True)

    def _warning(self, held: Shared) -> str:
        name = held.holder or _("Somebody")
        since = due_text(held.since, self._now(), self._zone()) if held.since is not None else ""
        if held.answering:
            return _("{name} is answering this letter ({since}). Answer it all the same?").format(
                name=name, since=since
            )
        return _("{name} has this letter open ({since}). Answer it all the same?").format(
            name=name, since=since
        )


def _end(store: Store, letter_id: int, user_id: int, *, answered: bool) -> None:
    """In a thread: the letter is closed, or its answer left. Where the store is busy the claim ends by its time."""
    from crm_tui.services.letter import claims

    if not _in_group(store):
        return
    with contextlib.suppress(CrmError), store.facts("claim.closed") as work:
        claims.release(work, letter_id, user_id, answered=answered)


def _in_group(store: Store) -> bool:
    with store.read() as connection:
        return queries.has_group_mailbox(connection)
