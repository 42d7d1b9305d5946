"""A new Interest by hand: for somebody we know, for a new lead, or for nobody yet."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import fold
from crm_tui.i18n import _
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.forms.lacking import make_whole
from crm_tui.screens.interest.interest_commands import InterestCommands
from crm_tui.screens.interest.interest_fields import amount_of
from crm_tui.screens.interest.interest_parties import PARTIES, said
from crm_tui.services.interest import currency, interests
from crm_tui.services.party import contact_info, leads
from crm_tui.store.queries import interests as interest_queries
from crm_tui.store.queries import party_names
from crm_tui.store.queries.party_names import Named
from crm_tui.store.work import Work

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    class Base(InterestCommands, CrmScreen[Any]):
        pass
else:
    Base = InterestCommands


class InterestNew(Base):
    """``interest.new``."""

    def show_record(self, record_id: int) -> None:
        """Open the card."""
        raise NotImplementedError

    async def command_interest_new(self, argument: str = "") -> None:
        """A new Interest; its card opens."""
        made: list[int] = []

        async def save(filled: Mapping[str, str]) -> None:
            if not filled["lead"].strip() and (filled["phone"].strip() or filled["email"].strip()):
                raise Invalid("who_missing")
            new = await make_whole(self, "interest.new", lambda work: self._create(work, filled), list)
            made.append(new[0][1])

        with self.store.read() as connection:
            scenarios = [(code, _(name)) for _key, code, name in interest_queries.scenarios(connection)]
        await self.app.push_screen_wait(
            FormDialog(
                _("New Interest"),
                [
                    Field("name", _("Title"), argument),
                    Field("lead", _("Who asks"), note=self._who_text),
                    Field("phone", _("Phone")),
                    Field("email", _("E-mail")),
                    Field("amount", _("Amount")),
                    Field("scenario", _("Scenario"), scenarios[0][0] if scenarios else "", options=scenarios),
                ],
                save=save,
                kept_as="interest-new",
            )
        )
        if made:
            self.show_record(made[0])

    def _who_text(self, typed: str) -> str:
        with self.store.read() as connection:
            found = _known(connection, typed)
        return said(found) if found else _("A new lead")

    def _create(self, work: Work, filled: Mapping[str, str]) -> list[tuple[str, int]]:
        """Kind and id of each record that was made, the Interest first."""
        user_id = self._user_id
        ours = currency.of_company(work.connection)
        amount = amount_of(filled["amount"], ours)
        who, new = _known(work.connection, filled["lead"]), []
        if who is None and filled["lead"].strip():
            lead = leads.add(work, filled["lead"], source="hand", owner_id=user_id)
            who, new = Named("lead", lead.key, lead.name), [("lead", lead.key)]
        if who is not None and filled["phone"].strip():
            contact_info.add_phone(work, who.kind, who.id, filled["phone"])
        if who is not None and filled["email"].strip():
            contact_info.add_email(work, who.kind, who.id, filled["email"])
        interest = interests.add(
            work,
            filled["name"],
            scenario=filled["scenario"],
            owner_id=user_id,
            lead_id=who.id if who and who.kind == "lead" else None,
            customer_id=who.id if who and who.kind == "customer" else None,
            amount_minor=amount.minor if amount else None,
            currency=amount.currency if amount else ours,
            source="hand",
        )
        return [("interest", interest.key), *new]


def _known(connection: Connection, typed: str) -> Named | None:
    """The one customer or lead of exactly this name, or with this ``#number``; who is called like it is not meant."""
    if not typed.strip():
        return None
    found = party_names.named(connection, typed, *PARTIES)
    exact = [one for one in found if fold(one.name) == fold(typed) or typed.strip() == f"#{one.id}"]
    return exact[0] if len(exact) == 1 else None
