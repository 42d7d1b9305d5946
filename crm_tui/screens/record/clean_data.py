"""History, duplicates, merging: commands that work in any place, on the record it is about."""

import asyncio
from typing import TYPE_CHECKING

from crm_tui.domain.errors import Invalid, NotFound, Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _, ngettext
from crm_tui.screens.record.personal_data import PersonalDataCommands
from crm_tui.screens.record.record_here import record_here, records_here

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.services.ports import Ports

    Base = App[int]
else:
    Base = object

PARTIES = ("customer", "contact", "lead")


class CleanDataCommands(PersonalDataCommands, Base):
    """For the app."""

    if TYPE_CHECKING:
        ports: Ports

        def say(self, text: str, *, trouble: bool = False) -> None: ...

    async def command_everywhere_history(self, argument: str = "") -> None:
        """Who changed what in the record."""
        from crm_tui.screens.record.history import HistoryScreen
        from crm_tui.screens.record.record_values import record_name

        kind, record_id = record_here(self.screen, argument)
        with self.ports.store.read() as connection:
            title = record_name(connection, kind, record_id)
        await self.push_screen(HistoryScreen(kind, record_id, title))

    async def command_everywhere_duplicates(self, argument: str = "") -> None:
        """Pairs that may be one."""
        from crm_tui.screens.record.duplicates import DuplicatesScreen

        kind = argument or self._party_kind() or "customer"
        if kind not in PARTIES:
            raise Invalid("no_such_record", kind=kind, id="")
        await self.push_screen(DuplicatesScreen(kind))

    async def command_everywhere_merge(self, argument: str = "") -> None:
        """The two marked records side by side, or one and another like it; ``customer 5 7`` names them."""
        from crm_tui.screens.record.merging import MergeScreen

        kind, ids = _named(argument) if argument else records_here(self.screen)
        if kind not in PARTIES or len(ids) not in (1, 2):
            raise Refused("merge_needs_two")
        other = ids[1] if len(ids) == 2 else await self._one_like(kind, ids[0])
        if other is not None:
            await self.push_screen(MergeScreen(kind, ids[0], other))

    async def _one_like(self, kind: str, record_id: int) -> int | None:
        """Whoever of those like the record is chosen (L-16). Raises Refused where nobody is like it."""
        from crm_tui.screens.forms.prompt import Choice
        from crm_tui.services.record import duplicates
        from crm_tui.services.record.likeness_words import reasons_text

        with self.ports.store.read() as connection:
            found = duplicates.like_record(connection, kind, record_id)
        if not found:
            raise Refused("nobody_like_it")
        lines = [
            (str(one.id), f"{clean(one.name)} · {one.percent} % · {reasons_text(one.reasons)}")
            for one in found
        ]
        chosen = await self.push_screen_wait(Choice(_("Merge with"), lines))
        return None if chosen is None else int(chosen)

    async def command_everywhere_unmerge(self, argument: str = "") -> None:
        """Choose among those that were merged into the record, and bring it back."""
        from crm_tui.screens.forms.prompt import Choice
        from crm_tui.screens.record.record_values import field_label
        from crm_tui.services.record import merging

        kind, record_id = record_here(self.screen, argument)
        if kind not in PARTIES:
            raise Refused("no_record_here")
        store = self.ports.store
        with store.read() as connection:
            there = merging.merged_into(connection, kind, record_id)
        if not there:
            raise NotFound("was_not_merged", kind=kind, id=record_id)
        chosen: str | None = str(there[0][0])
        if len(there) > 1:
            chosen = await self.push_screen_wait(
                Choice(_("Bring back"), [(str(key), name) for key, name in there])
            )
        if chosen is None:
            return
        taken = await asyncio.to_thread(merging.apart, store, self.ports.actor, kind, int(chosen))
        with store.read() as connection:
            left = [field_label(connection, each.table, each.field) for each in taken.left if each.field]
        text = _("They are two records again.")
        if taken.left:
            text += " " + ngettext(
                "{n} thing was changed since and stays: {fields}",
                "{n} things were changed since and stay: {fields}",
                len(taken.left),
            ).format(n=len(taken.left), fields=", ".join(left) or "–")
        self.say(text)

    def _party_kind(self) -> str:
        try:
            kind, _ids = records_here(self.screen)
        except Refused:
            return ""
        return kind if kind in PARTIES else ""


def _named(argument: str) -> tuple[str, list[int]]:
    kind, *numbers = argument.split()
    if not all(number.isdecimal() for number in numbers):
        raise Invalid("no_such_record", kind=kind, id=" ".join(numbers))
    return kind, [int(number) for number in numbers]
