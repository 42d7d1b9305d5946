"""For the app: the intake, the journal of contacts, the phone lookup and the briefing, from any place."""

import asyncio
from typing import TYPE_CHECKING, Any

from crm_tui.screens.record.record_here import record_here

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.config import Loaded
    from crm_tui.services.party.phone_lookup import Caller
    from crm_tui.services.ports import Ports
    from crm_tui.services.task.reminder_clock import ReminderClock

    Base = App[int]
else:
    Base = object


class IntakePlaces(Base):
    """Their modules are read when they are asked for."""

    if TYPE_CHECKING:
        ports: Ports
        settings: Loaded
        reminder_clock: ReminderClock

        def offer_reminder(self) -> None: ...

        def run_command(self, id: str, argument: str = "") -> bool: ...

    async def command_everywhere_inquiry(self, argument: str = "") -> None:
        """Somebody called, or came."""
        from crm_tui.i18n import _
        from crm_tui.screens.forms.prompt import Choice

        kind = argument or await self.push_screen_wait(
            Choice(_("New inquiry"), [("call", _("by phone")), ("meeting", _("by hand"))])
        )
        if kind:
            await self._take_in(kind, "")

    async def command_everywhere_phone(self, argument: str = "") -> None:
        """Whoever is calling: their briefing, the form of the call, or a new lead."""
        from crm_tui.screens.interaction.phone_lookup import PhoneLookup

        chosen = await self.push_screen_wait(PhoneLookup(argument))
        if chosen is None:
            return
        act, caller, number = chosen
        if act == "new" or caller is None:
            await self._take_in("call", number)
        else:
            await self._brief(caller, log=act == "call")

    async def command_everywhere_note_call(self, argument: str = "") -> None:
        """The form of the call, over the briefing; where several or nobody have the number, they are shown first."""
        from crm_tui.services.party import phone_lookup

        def look() -> "list[Caller]":
            with self.ports.store.read() as connection:
                return phone_lookup.found(connection, argument)

        callers = await asyncio.to_thread(look)
        if len(callers) == 1:
            await self._brief(callers[0], log=True)
        else:
            await self.command_everywhere_phone(argument)

    async def _brief(self, caller: "Caller", *, log: bool) -> None:
        from crm_tui.screens.interaction.briefing import BriefingScreen

        await self.push_screen(BriefingScreen(caller.kind, caller.id, caller.number))
        if log:
            self.run_command("briefing.log_call")

    async def command_everywhere_journal(self, argument: str = "") -> None:
        from crm_tui.screens.interaction.journal import JournalScreen

        if not isinstance(self.screen, JournalScreen):
            await self.push_screen(JournalScreen())

    async def command_everywhere_briefing(self, argument: str = "") -> None:
        """On the record that the place is about, or the one named."""
        from crm_tui.screens.interaction.briefing import BriefingScreen

        here: Any = self.screen
        kind, record_id = record_here(here, argument)
        if not isinstance(here, BriefingScreen):
            await self.push_screen(BriefingScreen(kind, record_id))

    async def command_everywhere_purposes(self, argument: str = "") -> None:
        from crm_tui.screens.interest.purposes import PurposesScreen

        if not isinstance(self.screen, PurposesScreen):
            await self.push_screen(PurposesScreen())

    def hold_passed(self) -> None:
        """The strict rule of C77-10, where the setting asks for it: what was planned counts as held once its time has
        passed."""
        if self.settings.config.contacts.passed != "held":
            return
        from crm_tui.services.interaction import interaction_moves
        from crm_tui.store.work import Actor

        store, user_id = self.ports.store, self.ports.actor.user_id or 0
        with store.read() as connection:
            passed = interaction_moves.passed(connection, user_id, store.clock(), limit=1)
        if passed:
            with store.work(Actor.program("contacts"), "interaction.passed") as work:
                interaction_moves.hold_passed(work, user_id)

    def claim_reminders(self) -> None:
        """Called in a thread, as the clock goes on: what has passed, and what is due."""
        self.hold_passed()
        if self.reminder_clock.claim():
            self.call_later(self.offer_reminder)

    async def _take_in(self, kind: str, number: str) -> None:
        from crm_tui.screens.inquiry.intake import IntakeWizard
        from crm_tui.screens.inquiry.intake_text import Coming

        accepted = await self.push_screen_wait(IntakeWizard(None, Coming(kind, number)))
        if accepted is not None:
            self.run_command("everywhere.show_interest", str(accepted.interest_id))
