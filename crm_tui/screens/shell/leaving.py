"""What is typed and where one was, kept when the program ends: in the store, or in a file until the next start."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import CrmError
from crm_tui.i18n import _
from crm_tui.screens.base import Place
from crm_tui.screens.shell import last_frame

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.screens.shell.session_keeper import SessionKeeper
    from crm_tui.services.ports import Ports

    Base = App[int]
else:
    Base = object

APP_PLACE = "app"
SAY_AFTER_SECONDS = 0.3


class Leaving(Base):
    """For the app: ``Ctrl+Q``, and what every other end keeps."""

    _leaves_anyway = False

    if TYPE_CHECKING:
        ports: Ports
        session_keeper: SessionKeeper

        def say(self, text: str, *, trouble: bool = False) -> None: ...

    async def command_everywhere_quit(self, argument: str = "") -> None:
        """Keep what is typed and leave. A store that another program holds is waited for beside the loop; what it
        does not take goes into a file, and where no file can be written, one leaves the second time all the same."""
        keeping = asyncio.ensure_future(asyncio.to_thread(self._keep_all, self._noted(), self._states()))
        if not (await asyncio.wait([keeping], timeout=SAY_AFTER_SECONDS))[0]:
            self.say(_("Another program holds the store: what is typed is being kept …"))
        try:
            await keeping
        except CrmError:
            if not self._kept_in_file() and not self._leaves_anyway:
                self._leaves_anyway = True
                self.say(
                    _("What is typed cannot be kept. Ctrl+Q once more leaves all the same."), trouble=True
                )
                return
        with contextlib.suppress(OSError):  # a full disk must not keep us
            last_frame.save(self)
        self.exit(0)

    def keep_at_once(self) -> None:
        """The program may be ended before the store can be written: first into the file, then there. Blocks."""
        in_file = self._kept_in_file()
        with contextlib.suppress(CrmError):  # another program holds the store: leave all the same
            self.save_session()
            if in_file:
                self._forget_file()

    def save_session(self) -> None:
        """Keep the state of every place, for the next start. Blocks; raises StoreBusy."""
        self._keep_all(self._noted(), self._states())

    def keep_place(self, place: Place) -> None:
        """Keep the state of a place soon, without waiting for the store."""
        self.session_keeper.keep(place.place, place.session_state())

    async def _shutdown(self) -> None:
        """Textual's own, also of a program that nothing told to ``exit``."""
        self._exit = True
        self.workers.cancel_all()
        await super()._shutdown()

    def _all_places(self) -> list[Place]:
        """Those that stand: what is still being made knows nothing that was not kept before."""
        stacks = self._screen_stacks.values()
        return [one for stack in stacks for one in stack if isinstance(one, Place) and one.stands]

    def _states(self) -> dict[str, Mapping[str, Any]]:
        states: dict[str, Mapping[str, Any]] = dict(self.session_keeper.waiting)
        states |= {place.place: place.session_state() for place in self._all_places()}
        return states | {APP_PLACE: {"mode": self.current_mode}}

    def _noted(self) -> list[Place]:
        """The places with letters to keep, as they are now."""
        return [place for place in self._all_places() if place.unsent() is not None]

    def _keep_all(self, writing: list[Place], states: Mapping[str, Mapping[str, Any]]) -> None:
        """In any thread."""
        for place in writing:
            place.keep_unsent()
        if self.ports.session is not None:
            for name, state in states.items():
                self.ports.session.save(name, state)

    def _kept_in_file(self) -> bool:
        from crm_tui.services import unkept

        letters = [letter for place in self._all_places() if (letter := place.unsent()) is not None]
        try:
            unkept.write(self.ports.store, self.ports.actor.user_id or 0, self._states(), letters)
        except OSError:
            return False
        return True

    def _forget_file(self) -> None:
        from crm_tui.services import unkept

        with contextlib.suppress(OSError):
            unkept.forget(self.ports.store, self.ports.actor.user_id or 0)
