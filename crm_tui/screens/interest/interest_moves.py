"""The state of Interests: moved with a comment and a short status, closed with a reason, opened again."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import Refused
from crm_tui.i18n import _, ngettext
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.forms.report import Report
from crm_tui.screens.process.process_acts import ProcessActs
from crm_tui.services.interest import interests, move_rules
from crm_tui.services.interest.interests import Moved
from crm_tui.store.queries import interest_card
from crm_tui.store.queries import interests as interest_queries
from crm_tui.store.queries.interest_card import InterestCard
from crm_tui.store.queries.interests import StateRow
from crm_tui.store.work import Work

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen
    from crm_tui.services.process.process_view import ProcessNow

    Base = CrmScreen[Any]
else:
    Base = object


class InterestMoves(ProcessActs, Base):
    """The commands that write the state of the Interests that ``chosen_interests`` names."""

    def chosen_interests(self) -> tuple[int, ...]:
        """The Interests that are meant. Raises Refused when none is."""
        raise NotImplementedError

    def card_of(self, interest_id: int) -> InterestCard:
        """The Interest as stored now. Raises NotFound."""
        with self.store.read() as connection:
            return interest_card.card(connection, interest_id)

    async def command_interest_change_state(self, argument: str = "") -> None:
        """Another state, chosen or named, with a comment."""
        chosen = self.chosen_interests()
        self._refuse_held(chosen)
        card = self.card_of(chosen[0])
        others = [one for one in card.states if one.id != card.state_id or len(chosen) > 1]
        target = _named(argument, others) if argument else None
        if target is None:
            options = [(str(one.id), _(one.name)) for one in others]
            answer = await self.app.push_screen_wait(Choice(_("Change state"), options))
            if not answer:
                return
            target = next(one for one in others if one.id == int(answer))
        await self.move_interests(chosen, target)

    async def command_interest_fail(self, argument: str = "") -> None:
        """It came to nothing: a reason from the list, and a few words. A process is ended early (BP-17)."""
        chosen = self.chosen_interests()
        if len(chosen) == 1 and (now := self.process_of(chosen[0])) is not None:
            if not now.may_terminate:
                raise Refused("no_early_termination", process=now.title)
            await self.end_process(now.id, f"{now.title}, {self._title(chosen)}")
            return
        state_id = self._lost_state(chosen[0])
        if state_id is None:
            raise Refused("no_closing_state", outcome=_("a failure"))
        card = self.card_of(chosen[0])
        await self.move_interests(chosen, next(one for one in card.states if one.id == state_id))

    async def command_interest_reopen(self, argument: str = "") -> None:
        """A closed Interest goes on where it stood."""
        (interest_id, *_others) = self.chosen_interests()
        await self.act("interest.reopen", lambda work: interests.reopen(work, interest_id))
        row = self.card_of(interest_id).row
        self.shell.say(_("{name}: {state}").format(name=row.name, state=_(row.state)))

    async def move_interests(self, chosen: Sequence[int], target: StateRow) -> bool:
        """Ask for what a move asks for and move them together; what cannot be moved is listed with the reason.
        False when given up. Raises Refused (``state_held``) where processes hold all of them."""
        self._refuse_held(chosen)
        title = f"{_(target.name)}: {self._title(chosen)}"
        moved: list[Moved] = []

        async def save(filled: Mapping[str, str]) -> None:
            moved.append(await self._moved(chosen, target.id, filled))

        kept_as = f"interest-{chosen[0]}-state-{target.id}" if len(chosen) == 1 else ""
        form = FormDialog(title, self._asked(target), save=save, kept_as=kept_as)
        if await self.app.push_screen_wait(form) is None:
            return False
        await self._tell(moved[-1], target)
        if len(chosen) == 1 and target.outcome == "won":
            await self.offer_customer(chosen[0])
        return True

    async def _moved(self, chosen: Sequence[int], state_id: int, filled: Mapping[str, str]) -> Moved:
        said = {"short_status": filled["short_status"], "reason": filled.get("reason", "")}

        def verb(work: Work) -> Moved:
            if len(chosen) > 1:
                return interests.move_many(work, chosen, state_id, filled["comment"], **said)
            return Moved((interests.move(work, chosen[0], state_id, filled["comment"], **said),), {})

        return await self.act("interest.change_state", verb)

    def _asked(self, target: StateRow) -> list[Field]:
        from crm_tui.services.record import lists  # its table is not read at the start

        fields = [Field("comment", _("Comment")), Field("short_status", _("How it stands"))]
        if target.outcome == "lost":
            with self.store.read() as connection:
                reasons = lists.items(connection, "lost_reason")
            fields.insert(0, Field("reason", _("Reason"), options=[("", "–"), *reasons]))
        return fields

    async def _tell(self, moved: Moved, target: StateRow) -> None:
        count = len(moved.changes)
        if count == 1 and not moved.refused:
            row = self.card_of(moved.changes[0].interest_id).row
            self.shell.say(_("{name}: {state}").format(name=row.name, state=_(target.name)))
            return
        said = ngettext(
            "{count} Interest: {state}. u takes it back.",
            "{count} Interests: {state}. u takes it back.",
            count,
        ).format(count=count, state=_(target.name))
        self.shell.say(said)
        if moved.refused:
            with self.store.read() as connection:
                rows = interest_queries.rows(connection, list(moved.refused))
            lines = [
                f"{rows[key].name if key in rows else key}: {self.shell.explain(error)}"
                for key, error in moved.refused.items()
            ]
            title = ngettext("{count} stays where it is", "{count} stay where they are", len(lines))
            await self.app.push_screen_wait(Report(title.format(count=len(lines)), [said, "", *lines]))

    def process_of(self, interest_id: int) -> "ProcessNow | None":
        """The process that holds the state of the Interest."""
        from crm_tui.services.process import process_hold  # read first: most Interests have none

        with self.store.read() as connection:
            if not process_hold.holders(connection, [interest_id]):
                return None
            from crm_tui.services.process import process_view

            return process_view.of_interest(connection, interest_id)

    def _refuse_held(self, chosen: Sequence[int]) -> None:
        """Nothing is asked of what cannot be moved. Raises Refused (BP-05)."""
        from crm_tui.services.process import process_hold

        with self.store.read() as connection:
            held = process_hold.holders(connection, chosen)
        if len(held) == len(chosen):
            raise Refused("state_held", process=held[chosen[0]])

    def _title(self, chosen: Sequence[int]) -> str:
        if len(chosen) == 1:
            return self.card_of(chosen[0]).row.name
        return ngettext("{count} Interest", "{count} Interests", len(chosen)).format(count=len(chosen))

    def _lost_state(self, interest_id: int) -> int | None:
        with self.store.read() as connection:
            return move_rules.closing_state(connection, interest_id, "lost")


def _named(name: str, states: Sequence[StateRow]) -> StateRow | None:
    return next((one for one in states if _(one.name).casefold() == name.strip().casefold()), None)
