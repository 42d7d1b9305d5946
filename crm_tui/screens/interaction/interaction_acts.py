"""What can be done with interactions, from any screen: log, change, put off, answer whether it took place, link."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import Invalid
from crm_tui.i18n import N_, _
from crm_tui.screens.acting import Acting
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.interaction.interaction_parties import named
from crm_tui.screens.task.task_dates import echo_of, typed_due
from crm_tui.screens.wording import date_hint, kind_text
from crm_tui.services.interaction import interaction_changes, interaction_moves, interactions
from crm_tui.services.interaction.whose import Whose
from crm_tui.store.queries import interactions as interaction_queries
from crm_tui.store.queries import party_names
from crm_tui.store.queries.interactions import InteractionCard

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen
    from crm_tui.screens.interaction.interaction_form import Talk

    class Base(Acting, CrmScreen[Any]):
        pass
else:
    Base = Acting

HELD, NOT_HELD, MOVED = "held", "not_held", "moved"
ORDINALS = {2: N_("2nd attempt"), 3: N_("3rd attempt")}


class InteractionActs(Base):
    """Each asks for what it needs and carries out one verb."""

    async def ask_talk(self, talk: "Talk", card: InteractionCard | None = None) -> bool:
        """The form; False when given up."""
        from crm_tui.screens.interaction.interaction_form import InteractionForm

        with self.store.read() as connection:
            colleagues = [(str(key), name) for key, name in party_names.colleagues(connection)]
        filled = await self.app.push_screen_wait(InteractionForm(talk, colleagues, self._user_id, card))
        return filled is not None

    async def change_interaction(self, interaction_id: int) -> None:
        """The form of one that is there."""
        from crm_tui.screens.interaction.interaction_form import Talk

        with self.store.read() as connection:
            card = interaction_queries.card(connection, interaction_id)
        whose = Whose(card.interest_id, card.customer_id, card.contact_id, card.lead_id)
        title = f"{kind_text(card.row.kind)}: {card.row.subject or card.row.party}"
        await self.ask_talk(Talk(whose, title, card.row.subject, intro=card.row.party), card)

    async def put_off_interaction(self, interaction_id: int, at: datetime) -> bool:
        """Another time, with the reason (L-06); False when given up."""
        from crm_tui.services.record import lists  # its table is not read at the start

        with self.store.read() as connection:
            reasons = lists.items(connection, "move_reason")
        reason = await self.app.push_screen_wait(Choice(_("Why is it put off?"), reasons))
        if not reason:
            return False
        await self.act(
            "interaction.move", lambda work: interaction_moves.put_off(work, interaction_id, at, reason)
        )
        with self.store.read() as connection:
            count = interaction_moves.attempts(connection, interaction_id)
        if count > 1:
            self.shell.say(attempt_text(count))
        return True

    async def ask_and_put_off(self, interaction_id: int, argument: str = "") -> bool:
        """Ask when and why."""
        typed = argument or await self.app.push_screen_wait(
            Prompt(_("Move to"), preview=self._when_text, hint=date_hint())
        )
        if not typed:
            return False
        return await self.put_off_interaction(interaction_id, self._when(typed))

    async def ask_whether_held(self, interaction_id: int, title: str, argument: str = "") -> None:
        """The time has passed: was it held, not held, or moved (C77-10)?"""
        answer = argument or await self.app.push_screen_wait(
            Choice(title, [(HELD, _("held")), (NOT_HELD, _("not held")), (MOVED, _("moved …"))])
        )
        if answer == HELD:
            result = await self.app.push_screen_wait(
                Prompt(_("Result"), may_be_empty=True, kept_as=f"interaction-{interaction_id}-result")
            )
            if result is not None:
                await self.act(
                    "interaction.answer", lambda work: interactions.hold(work, interaction_id, result)
                )
        elif answer == NOT_HELD:
            await self.act("interaction.answer", lambda work: interactions.cancel(work, interaction_id))
        elif answer == MOVED:
            await self.ask_and_put_off(interaction_id)

    async def link_interaction(self, interaction_id: int, argument: str = "") -> bool:
        """Say with whom it was, or within which Interest (IDX-24); False when given up."""
        typed = argument or await self.app.push_screen_wait(
            Prompt(_("With whom, or within which Interest"), hint=_("A name, or a part of it"))
        )
        if not typed:
            return False
        with self.store.read() as connection:
            found = named(connection, typed)
        if not found:
            raise Invalid("no_such_party", value=typed.strip())
        chosen = found[0][0]
        if len(found) > 1:
            picked = await self.app.push_screen_wait(
                Choice(
                    _("With whom, or within which Interest"),
                    [(str(number), title) for number, (_whose, title) in enumerate(found)],
                )
            )
            if not picked:
                return False
            chosen = found[int(picked)][0]
        await self.act(
            "interaction.link", lambda work: interaction_changes.link(work, interaction_id, chosen)
        )
        return True

    def _when(self, typed: str) -> datetime:
        at, all_day = typed_due(typed, self._now(), self._zone())
        if all_day:
            raise Invalid("time_missing", value=typed)
        return at

    def _when_text(self, typed: str) -> str:
        self._when(typed)
        return echo_of(typed, self._now(), self._zone())


def attempt_text(count: int) -> str:
    """Which attempt it is, from the second on; empty for the first (L-06)."""
    if count < 2:
        return ""
    return _(ORDINALS[count]) if count in ORDINALS else _("attempt {n}").format(n=count)
