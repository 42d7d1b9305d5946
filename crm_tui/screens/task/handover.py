"""``everywhere.handover`` and ``everywhere.absence``, whose forms are read when they are asked for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.services.ports import Ports

    Base = App[int]
else:
    Base = object


class HandoverCommands(Base):
    """For the app."""

    if TYPE_CHECKING:
        ports: Ports

        def say(self, text: str, *, trouble: bool = False) -> None: ...

    async def command_everywhere_handover(self, argument: str = "") -> None:
        """Ask from whom, to whom, what and for how long; then move it in one act."""
        from crm_tui.screens.task.handover_forms import HandoverForms

        self._say_done(await HandoverForms(self, self.ports).hand_over())

    async def command_everywhere_absence(self, argument: str = "") -> None:
        """A new absence, or the end of one that lasts."""
        from crm_tui.screens.task.handover_forms import HandoverForms

        self._say_done(await HandoverForms(self, self.ports).absence())

    def _say_done(self, text: str | None) -> None:
        if text is not None:
            self.say(text)
