"""A rule made from a letter, for letters like it (story B7)."""

from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import Refused
from crm_tui.i18n import _
from crm_tui.store.queries import folders as folder_queries

if TYPE_CHECKING:
    from crm_tui.screens.acting import Acting
    from crm_tui.screens.base import CrmScreen

    class Base(Acting, CrmScreen[Any]):
        """What the acts need of their screen."""

        def letter_at_hand(self) -> int: ...

        def letters_left(self) -> None: ...

        async def folder_for(
            self, account_id: int | None, argument: str = "", title: str = ""
        ) -> int | None: ...

else:
    Base = object


class RuleActs(Base):
    """For a screen with a letter under the cursor."""

    async def command_mail_make_rule(self, argument: str = "") -> None:
        """Conditions from the letter, the folder asked for; tried, kept and run over the folder it lies in."""
        from crm_tui.screens.letter.mail_rule_card import RuleCard, RuleDraft
        from crm_tui.screens.letter.mail_rules import keep_rule
        from crm_tui.services.letter import mail_rules

        place = self.letter_at_hand()
        with self.store.read() as connection:
            name, wanted = mail_rules.from_letter(connection, place)
            here = mail_rules.lies_in(connection, place)
            account_id = next(
                (one.account_id for one in folder_queries.rows(connection, counted=False) if one.id == here),
                None,
            )
        if account_id is None:
            raise Refused("nothing_chosen")
        folder_id = await self.folder_for(
            account_id, argument, _("Into which folder go letters like this one?")
        )
        if folder_id is None:
            return
        move = {"do": "move", "folder_id": folder_id}
        draft = await self.app.push_screen_wait(RuleCard(RuleDraft(account_id, name, wanted, (move,), here)))
        if draft is not None:
            await keep_rule(self, draft)
            self.letters_left()
