"""``E`` on several marked Interests: one reason for all, whether a process controls them or not (BP-17)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_tui.i18n import ngettext
from crm_tui.screens.forms.form import FormDialog
from crm_tui.screens.interest.interest_commands import InterestCommands
from crm_tui.screens.lists.bulk_acts import BulkActs

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    class Base(BulkActs, InterestCommands, CrmScreen[Any]):
        pass
else:
    Base = object


class LosingMany(Base):
    """For a list of Interests, before ``InterestCommands``."""

    async def command_interest_fail(self, argument: str = "") -> None:
        """What cannot be closed is listed with the reason, the rest is."""
        chosen = self.chosen_interests()
        if len(chosen) == 1:
            await super().command_interest_fail(argument)
            return
        from crm_tui.services.interest import interest_losing  # its tables are not read at the start

        async def check(filled: Mapping[str, str]) -> None:
            interest_losing.losing(filled["reason"])

        title = ngettext("Lost: {count} Interest", "Lost: {count} Interests", len(chosen))
        form = FormDialog(title.format(count=len(chosen)), self.reason_fields(), save=check)
        filled = await self.app.push_screen_wait(form)
        if filled is None:
            return
        verb = interest_losing.losing(filled["reason"], filled["comment"])
        done = await self.act_on_each("interest.fail", chosen, verb)
        if done:
            said = ngettext(
                "{count} Interest lost. u takes it back.",
                "{count} Interests lost. u takes it back.",
                len(done),
            )
            self.shell.say(said.format(count=len(done)))
