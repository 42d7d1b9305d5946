"""With what the form of an interaction begins for a record of any kind."""

from dataclasses import replace

from sqlalchemy import Connection

from crm_tui.domain.errors import NotFound, Refused
from crm_tui.i18n import _
from crm_tui.screens.interaction.interaction_form import Talk
from crm_tui.services.interaction.whose import Whose
from crm_tui.services.party.contact_info import NUMBERS
from crm_tui.store.queries import briefing, interactions, interest_card, interests, party_cards


def talk_of(connection: Connection, kind: str, record_id: int, phone: str = "") -> Talk:
    """``phone`` is the number that is calling: the talk was begun by them. Raises NotFound, Refused."""
    if kind == "interaction":
        found = interactions.card(connection, record_id)
        whose = Whose(found.interest_id, found.customer_id, found.contact_id, found.lead_id)
        return _talk(whose, found.row.subject or found.row.party, found.row.party, (), phone, kind, record_id)
    if kind == "event":
        event = briefing.of_event(connection, record_id)
        if event is None:
            raise NotFound("no_such_record", kind=kind, id=record_id)
        return _talk(Whose(event[2], event[3]), event[0], "", (), phone, kind, record_id)
    if kind == "interest":
        card = interest_card.card(connection, record_id)
        whose = Whose(record_id, card.customer_id, card.contact_id, card.lead_id)
        numbers = [value for info, value in card.contacts if info in NUMBERS]
        return _talk(whose, card.row.name, card.party, numbers, phone, kind, record_id)
    if kind not in ("customer", "contact", "lead"):
        raise Refused("no_record_here")
    party = party_cards.card(connection, kind, record_id)
    if party is None:
        raise NotFound("no_such_record", kind=kind, id=record_id)
    customer_id = party.id if kind == "customer" else party.values.get("customer_id")
    whose = Whose(
        customer_id=customer_id,
        contact_id=party.id if kind == "contact" else None,
        lead_id=party.id if kind == "lead" else None,
    )
    numbers = [value for info, value in party.infos if info in NUMBERS]
    talk = _talk(whose, str(party.values["name"]), "", numbers, phone, kind, party.id)
    return replace(talk, interests=_open_interests(connection, kind, party.id, customer_id))


def _open_interests(
    connection: Connection, kind: str, record_id: int, customer_id: int | None
) -> tuple[tuple[str, str], ...]:
    """Of a contact person's firm, where there is none of their own."""
    found = party_cards.open_interests(connection, kind, record_id)
    if not found and customer_id is not None:
        found = party_cards.open_interests(connection, "customer", customer_id)
    rows = interests.rows(connection, found)
    return tuple((str(key), rows[key].name) for key in found if key in rows)


def _talk(
    whose: Whose, subject: str, intro: str, numbers: "list[str] | tuple[()]", phone: str, kind: str, key: int
) -> Talk:
    title = _("Call: {name}").format(name=subject)
    kept_as = f"call-{key}" if kind == "interest" else f"call-{kind}-{key}"
    way = "in" if phone else "out"
    return Talk(whose, title, subject, intro, tuple(numbers), kept_as, phone, way)
