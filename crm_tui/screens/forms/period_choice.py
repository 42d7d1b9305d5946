"""The question over which days figures look back: some periods at hand, all others typed in words."""

from typing import TYPE_CHECKING

from crm_tui.domain.conditions import periods
from crm_tui.domain.errors import Invalid
from crm_tui.i18n import _
from crm_tui.screens.acting import Acting
from crm_tui.screens.base import CrmScreen
from crm_tui.screens.forms.prompt import Choice, Prompt

if TYPE_CHECKING:

    class Base(Acting, CrmScreen[None]): ...
else:
    Base = Acting

_OTHER = "other"


class PeriodChoice(Base):
    """For a screen of figures."""

    async def asked_period(self, typed: str = "") -> str | None:
        """The period meant, in the kept words of ``periods``; None where none is chosen.

        ``typed``: what was said already. Raises Invalid where it is not understood.
        """
        if typed:
            return self._period_of(typed)
        options = [*((one, periods.said(one)) for one in periods.OFFERED), (_OTHER, _("other days …"))]
        chosen = await self.app.push_screen_wait(Choice(_("Period"), options))
        if chosen != _OTHER:
            return chosen
        hint = _("since when, or both days: 1.10, or 1.10 - 15.11; last 60 days, monday")
        asked = Prompt(_("Period"), hint=hint, preview=lambda text: periods.said(self._period_of(text)))
        answer = await self.app.push_screen_wait(asked)
        return None if answer is None else self._period_of(answer)

    def _period_of(self, typed: str) -> str:
        period = periods.typed(typed, self._now(), self._zone())
        if period is None:
            raise Invalid("not_a_date", value=typed)
        return period
