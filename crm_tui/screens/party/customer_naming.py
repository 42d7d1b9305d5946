"""Which customer is meant by a name that is typed into a form."""

from crm_tui.domain.errors import NotFound, Refused
from crm_tui.domain.text import fold
from crm_tui.i18n import _
from crm_tui.screens.party.party_acts import PartyActs
from crm_tui.store.queries import party_cards


class CustomerNaming(PartyActs):
    """For screens whose forms name a customer."""

    def customer_named(self, typed: str) -> int:
        """The customer that a typed name means. Raises NotFound, and Refused for several."""
        with self.store.read() as connection:
            found = party_cards.named(connection, "customer", typed) if typed.strip() else []
        exact = [one for one in found if fold(one[1]) == fold(typed)]
        meant = exact or found
        if not meant:
            raise NotFound("no_such_party", value=typed)
        if len(meant) > 1:
            raise Refused("many_such_parties", value=typed, names=", ".join(name for _key, name in meant[:5]))
        return meant[0][0]

    def customer_text(self, typed: str) -> str:
        """Which customer is understood, or which there are."""
        with self.store.read() as connection:
            found = party_cards.named(connection, "customer", typed, 5) if typed.strip() else []
        return ", ".join(name for _key, name in found) or _("Nobody is called so.")
