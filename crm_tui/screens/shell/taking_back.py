"""Undo and redo, for the app: what was taken back, what cannot be, and what both are called."""

import asyncio
from collections.abc import Set
from typing import TYPE_CHECKING

from crm_tui.domain.errors import Conflict, CrmError
from crm_tui.i18n import _
from crm_tui.screens.shell.act_titles import title_of_act

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.services.ports import Ports

    Base = App[int]
else:
    Base = object

BACK_TO_DRAFTS = frozenset({"review.send", "review.discard"})
"""Acts after whose undo a letter is to be written again."""


class TakingBack(Base):
    """The commands ``everywhere.undo`` and ``everywhere.redo``."""

    _not_undone: Set[int] = frozenset()
    """Journal entries that an undo of this session was refused for."""

    if TYPE_CHECKING:
        ports: Ports

        def say(self, text: str, *, trouble: bool = False) -> None: ...
        def explain(self, error: CrmError) -> str: ...

    async def command_everywhere_undo(self, argument: str = "") -> None:
        """Take back the last act; one that cannot be taken back bars what was done before it only once."""
        from crm_tui.store.undo import undo

        try:
            done = await asyncio.to_thread(undo, self.ports.store, self.ports.actor, self._not_undone)
        except Conflict as refusal:
            self._not_undone = {*self._not_undone, refusal.facts["entry"]}
            self.say(self._why_not(refusal), trouble=True)
            return
        told = [_("Undone: {what}").format(what=title_of_act(done.command))]
        if done.command in BACK_TO_DRAFTS:
            told.append(_("Kept as a draft; w goes on with it."))
        self.say(" · ".join(told))

    async def command_everywhere_redo(self, argument: str = "") -> None:
        from crm_tui.store.undo import redo

        done = await asyncio.to_thread(redo, self.ports.store, self.ports.actor)
        self.say(_("Made again: {what}").format(what=title_of_act(done.command)))

    def _why_not(self, refusal: Conflict) -> str:
        if refusal.code == "undo_letter_gone":
            return _("The letter has gone out. u again: the act before it")
        if refusal.code == "undo_changed_since":
            what = title_of_act(refusal.facts["command"])
            return _("{what}: changed since, not taken back. u again: the act before it").format(what=what)
        return self.explain(refusal)
