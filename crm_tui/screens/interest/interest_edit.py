"""The form of an Interest (ELMA-13, L-05)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import Conflict
from crm_tui.i18n import _
from crm_tui.screens.forms.form import Field
from crm_tui.screens.forms.form_merge import Stored, VersionedForm, stored_of
from crm_tui.screens.interest.interest_fields import interest_changes, interest_fields
from crm_tui.screens.interest.interest_moves import InterestMoves
from crm_tui.screens.record.own_fields import card_fields, own_values
from crm_tui.services.interaction import interactions
from crm_tui.services.interest import interests
from crm_tui.services.process import process_hold
from crm_tui.store.queries import interest_card
from crm_tui.store.queries.interest_card import InterestCard
from crm_tui.store.tables import Interest
from crm_tui.store.work import Work

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    class Base(InterestMoves, CrmScreen[Any]):
        pass
else:
    Base = InterestMoves


class InterestEdit(Base):
    """``interest.edit``."""

    async def command_interest_edit(self, argument: str = "") -> None:
        """All fields of the Interest."""
        card = self.card_of(self.chosen_interests()[0])
        interest_id, shown = card.row.id, self._fields(card)

        def read() -> Stored:
            now = self.card_of(interest_id)
            return stored_of(self._fields(now), now.version)

        await self.app.push_screen_wait(
            VersionedForm(
                _("Interest"),
                shown,
                stored=stored_of(shown, card.version),
                read=read,
                save=lambda filled, version: self._edited(self.card_of(interest_id), filled, version),
                record=("interest", interest_id),
                kept_as=f"interest-{interest_id}",
            )
        )

    def _fields(self, card: InterestCard) -> list[Field]:
        with self.store.read() as connection:
            fields = interest_fields(self, connection, card)
            if not process_hold.holders(connection, [card.row.id]):
                place = next(number for number, one in enumerate(fields) if one.id == "short_status")
                fields.insert(place, _state_field(card))
            custom = interest_card.custom_of(connection, card.row.id)
            return card_fields(self, connection, "interest", fields, custom)

    async def _edited(self, card: InterestCard, filled: Mapping[str, str], version: int) -> None:
        changes, planned = interest_changes(self, card, filled)
        interest_id = card.row.id
        state_id = int(filled.get("state") or card.state_id)

        def verb(work: Work) -> None:
            own: Any = own_values(self, work, "interest", interest_id, filled)
            if state_id != card.state_id and work.get(Interest, interest_id).version != version:
                raise Conflict("changed_meanwhile", kind="interest", id=interest_id)
            interests.change(work, interest_id, expected_version=version, **{**changes, **own})
            if state_id != card.state_id:
                interests.move(work, interest_id, state_id)
            if planned is not None:
                interactions.plan_contact(work, interest_id, planned)

        await self.act("interest.edit", verb)


def _state_field(card: InterestCard) -> Field:
    """The states that it may go into; one that is a failure asks for more than this form (``interest.fail``)."""
    states = [one for one in card.states if one.outcome != "lost" or one.id == card.state_id]
    return Field(
        "state", _("State"), str(card.state_id), options=[(str(one.id), _(one.name)) for one in states]
    )
