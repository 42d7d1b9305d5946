"""What a trigger about a call or meeting acts on: the cards that the call belongs to (BP-02)."""

from typing import Any

from crm_tui.domain.errors import Invalid
from crm_tui.services.process.process_object import TALK, About


def of_person(card: About) -> dict[str, Any]:
    """Of a call with somebody who is of no Interest and no customer: the task stands on that card."""
    if card.kind != TALK or card.interest_id is not None or card.customer_id is not None:
        return {}
    return {"contact_id": card.contact_id, "lead_id": card.lead_id}


def card_of(talk: About, wanted: str) -> tuple[str, int]:
    """The card of a call that a process can be about: of the kind that its map wants, else what is nearest. Raises
    Invalid."""
    belongs = {
        "interest": talk.interest_id, "customer": talk.customer_id,
        "contact": talk.contact_id, "lead": talk.lead_id,
    }  # fmt: skip
    for kind, record_id in belongs.items():
        if record_id is not None and wanted in ("", kind):
            return kind, record_id
    raise Invalid("talk_of_no_card", name=talk.name)
