"""Whose letter it is: the card of its sender, or, of a letter of our own, of whom it went to."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from crm_tui.domain.errors import Refused
from crm_tui.domain.identity import address
from crm_tui.services.inquiry import askers
from crm_tui.services.inquiry.askers import Candidate
from crm_tui.store.queries import accounts
from crm_tui.store.queries.letters import LetterCard

if TYPE_CHECKING:
    from crm_tui.screens.letter.mail_acts import LetterActs

    Base = LetterActs
else:
    Base = object


def contact_of(connection: Connection, card: LetterCard) -> tuple[Candidate | None, bool]:
    """Who the other side may be, and whether the letter is one of our own."""
    own = accounts.own_addresses(connection)
    where = card.sender_address
    is_own = address.normal(where) in own
    if is_own:
        recipients = card.row.recipients if isinstance(card.row.recipients, dict) else {}
        people = [one for field in ("to", "cc") for _name, one in recipients.get(field) or []]
        where = next((one for one in people if address.normal(one) not in own), "")
    found = askers.with_address(connection, where) or askers.of_domain(connection, where)
    return next(iter(found), None), is_own


class ContactActs(Base):
    """For a screen with a letter at hand: commands that work with any record mean the card of its correspondent."""

    def record_here(self) -> tuple[str, int]:
        """For commands that work with any record (`screens.record.record_here`). Raises Refused."""
        card = self.card(self.letter_at_hand())
        with self.store.read() as connection:
            contact, _is_own = contact_of(connection, card)
        if contact is None or contact.reason != "address":
            raise Refused("correspondent_unknown")
        return contact.kind, contact.id
