"""What the intake wizard knows when it opens, and how it says who may be asking, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from crm_tui.domain.errors import NotFound
from crm_tui.domain.identity import address, phone
from crm_tui.i18n import N_, _
from crm_tui.services.inquiry import askers, intake
from crm_tui.services.inquiry.askers import Candidate
from crm_tui.services.interest import purposes
from crm_tui.services.interest.purposes import Known
from crm_tui.services.party.contact_info import REGION
from crm_tui.store.queries import interests, letters, party_names
from crm_tui.store.queries.letters import LetterCard

REASONS = {
    "same_email": N_("same address"),
    "same_phone": N_("same phone"),
    "same_tax_number": N_("same tax number"),
    "same_name": N_("same name"),
    "like_name": N_("similar name"),
    "same_city": N_("same city"),
    "domain": N_("same firm's domain"),
}
KINDS = {"customer": N_("customer"), "contact": N_("contact person"), "lead": N_("lead")}

SIGNATURE_CHARACTERS = 1500
"""So much of the end of a letter is looked through for a phone number."""


@dataclass(frozen=True, slots=True)
class Coming:
    """An inquiry that comes by phone (``call``) or in person (``meeting``), with what is known of it."""

    kind: str = "call"
    phone: str = ""
    who: Candidate | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is known when the wizard opens."""

    card: LetterCard | None
    phones: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    purposes: tuple[Known, ...]
    scenarios: dict[str, str]
    colleagues: dict[str, str]


def proposed(letter_id: int | None, coming: Coming, connection: Connection) -> Proposal:
    """What is known of a letter, or of who calls. Raises NotFound when the letter is gone."""
    card, phones, found = None, [coming.phone] if coming.phone else [], []
    if letter_id is not None:
        place = letters.places(connection, [letter_id]).get(letter_id)
        card = None if place is None else letters.card(connection, place)
        if card is None:
            raise NotFound("no_such_record", kind="letter", id=letter_id)
        phones = phone.find_phones((card.text or "")[-SIGNATURE_CHARACTERS:], REGION)
        name = "" if address.is_valid(card.row.sender) else card.row.sender
        found = intake.candidates(connection, name=name, email=card.sender_address, phones=phones)
    elif phones:
        found = intake.candidates(connection, phones=phones)
    if coming.who is not None:
        found = [coming.who]
    return Proposal(
        card,
        tuple(phones),
        tuple(found),
        tuple(one for one in purposes.every(connection) if not one.archived),
        {code: _(name) for _key, code, name in interests.scenarios(connection)},
        {str(key): name for key, name in party_names.colleagues(connection)},
    )


def who_text(one: Candidate) -> str:
    """``Olga Kim, same address (100 %) — lead``: of who is sure what makes them so, else all that speaks for it."""
    reasons = one.reasons[:1] if one.percent == 100 else one.reasons
    said = ", ".join([one.name, *(_(REASONS[reason]) for reason in reasons)])
    return _("{who} ({percent} %) — {kind}").format(who=said, percent=one.percent, kind=_(KINDS[one.kind]))


def interest_options(connection: Connection, who: Candidate | None) -> Sequence[tuple[str, str]]:
    """The open Interests of who asks: id and text."""
    if who is None:
        return ()
    return [
        (str(key), _("{name} ({state})").format(name=name, state=_(state)))
        for key, name, state in askers.open_interests(connection, who, of_firm=True)
    ]
